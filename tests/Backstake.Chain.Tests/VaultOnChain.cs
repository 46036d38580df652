using System.Numerics;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Servers;
using Nethereum.ABI;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Chain.Tests;

/// <summary>A vault on an anvil of its own, with NMR, staking and factory. Account 0 deploys and is the curator; 1 is the owner, 2 committer, 3 staker key, 4 settler, 5 and 6 back; 7 is Numerai's signer.</summary>
internal sealed class VaultOnChain : IAsyncDisposable
{
    public const int ChainId = 31337;
    public static readonly BigInteger Nmr = BigInteger.Pow(10, 18);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Anvil anvil;

    private VaultOnChain(Anvil anvil)
    {
        this.anvil = anvil;
        Web3 = ChainNode.Connect(anvil.RpcUrl, Limit);
    }

    public Web3 Web3 { get; }

    public Uri Node => anvil.RpcUrl;

    public string NmrAddress { get; private set; } = "";

    public string Staking { get; private set; } = "";

    public string Stakers { get; private set; } = "";

    public string Factory { get; private set; } = "";

    public string Vault { get; private set; } = "";

    public DateTimeOffset FirstCut { get; private set; }

    public static byte[] ModelId { get; } = UuidWord.Of(Guid.Parse("11111111-2222-3333-4444-555555555555"));

    public static Account Account(int index) => new(Anvil.PrivateKeys[index], ChainId);

    public static async Task<VaultOnChain> Start(CancellationToken stop)
    {
        var (nmr, staking, stakers, factory) = (Artifact.Find("SandboxNmr"), Artifact.Find("SandboxStaking"), Artifact.Find("NumeraiStaker", "NumeraiStakers"), Artifact.Find("VaultFactory"));
        Skip.If(nmr is null || staking is null || stakers is null || factory is null, Artifact.Missing);
        var world = new VaultOnChain(await Anvil.StartAsync(new AnvilOptions { Timestamp = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero) }, stop));
        world.NmrAddress = await world.Deploy(nmr.Bytecode, stop);
        world.Staking = await world.Deploy(staking.Bytecode, stop, new ABIValue("address", world.NmrAddress), new ABIValue("address", Anvil.Addresses[7]));
        world.Stakers = await world.Deploy(stakers.Bytecode, stop, new ABIValue("address", world.NmrAddress), new ABIValue("address", world.Staking));
        world.Factory = await world.Deploy(factory.Bytecode, stop, new ABIValue("address", Anvil.Addresses[0]), new ABIValue("address", world.Stakers));
        world.FirstCut = (await ChainBlock.Latest(world.Web3, stop)).Time.AddDays(7);
        var created = await world.Send(0, world.Factory, new CreateVaultFunction
        {
            Vault = new CreateVault
            {
                Owner = Anvil.Addresses[1],
                Committer = Anvil.Addresses[2],
                StakerKey = Anvil.Addresses[3],
                Settler = Anvil.Addresses[4],
                Guardian = "0x0000000000000000000000000000000000000000",
                Nmr = world.NmrAddress,
                Stakers = world.Stakers,
                Tournament = 8,
                ModelId = ModelId,
                FirstCut = (ulong)world.FirstCut.ToUnixTimeSeconds(),
                Window = 40 * 3600,
            },
        }, stop);
        world.Vault = created.DecodeAllEvents<VaultCreatedEvent>().Single().Event.Vault;
        return world;
    }

    public ValueTask DisposeAsync() => anvil.DisposeAsync();

    /// <summary>Sends a call and waits until it is mined; a revert throws.</summary>
    public async Task<TransactionReceipt> Send<T>(int from, string to, T call, CancellationToken stop)
        where T : FunctionMessage, new()
    {
        var web3 = ChainNode.Connect(anvil.RpcUrl, Limit, Account(from));
        var receipt = await web3.Eth.GetContractTransactionHandler<T>().SendRequestAndWaitForReceiptAsync(to, call, stop);
        Assert.False(receipt.HasErrors());
        return receipt;
    }

    /// <summary>The next block is at this time.</summary>
    public async Task GoTo(DateTimeOffset time)
    {
        await Web3.Client.SendRequestAsync("evm_setNextBlockTimestamp", null, time.ToUnixTimeSeconds());
        await Web3.Client.SendRequestAsync("evm_mine");
    }

    public async Task Fund(int account, BigInteger wei, string spender, CancellationToken stop)
    {
        await Send(0, NmrAddress, new NmrFaucetFunction { To = Anvil.Addresses[account], Value = wei }, stop);
        await Send(account, NmrAddress, new NmrApproveFunction { Spender = spender, Value = wei }, stop);
    }

    public async Task<VaultReader> Reader(CancellationToken stop) => new(Web3, Vault, (await ChainBlock.Latest(Web3, stop)).Number);

    public Task<BigInteger> NmrOf(string holder) =>
        Web3.Eth.GetContractQueryHandler<NmrBalanceOfFunction>().QueryAsync<BigInteger>(NmrAddress, new NmrBalanceOfFunction { Holder = holder });

    private async Task<string> Deploy(string bytecode, CancellationToken stop, params ABIValue[] arguments)
    {
        var web3 = ChainNode.Connect(anvil.RpcUrl, Limit, Account(0));
        var data = bytecode + new ABIEncode().GetABIEncoded(arguments).ToHex();
        var input = new TransactionInput { From = Anvil.Addresses[0], Data = data, Gas = new HexBigInteger(15_000_000) };
        var receipt = await web3.TransactionManager.SendTransactionAndWaitForReceiptAsync(input, stop);
        Assert.False(receipt.HasErrors());
        return receipt.ContractAddress;
    }
}
