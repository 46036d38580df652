using System.Globalization;
using System.Numerics;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Servers;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Faults.Tests.Ground;

/// <summary>
/// A chain whose vaults log whatever they are told to: the code of each is a few instructions that turn every 128 bytes of the call into one log. So any
/// deposit can be put into any block, removed, moved and put back, without the vault's own rules in the way.
/// </summary>
public sealed class EchoChain : IAsyncDisposable
{
    public const long ChainId = 31337;

    // For each 128 bytes of calldata: LOG3 of the last 32, with the first three words as topics.
    const string EchoCode = "5f5b8036111560265780606001355f5280604001358160200135823560205fa36080016001565b00";
    const string Creation = "0x60288060095f395ff3"; // returns the 40 bytes that follow
    static readonly string Deposited = "0x" + Sha3Keccack.Current.CalculateHash("Deposited(address,uint256,uint64)");

    readonly Anvil anvil;

    EchoChain(Anvil server, Web3 web3) => (anvil, Web3) = (server, web3);

    public Web3 Web3 { get; }

    public Uri Node => anvil.RpcUrl;

    /// <param name="slots">Blocks in an epoch: <c>finalized</c> is two epochs behind the head.</param>
    public static async Task<EchoChain> Start(int slots, int vaults = 0)
    {
        var server = await Anvil.StartAsync(new AnvilOptions { ChainId = ChainId, NoMining = true, SlotsInAnEpoch = slots, Timestamp = History.FirstCut.AddDays(-4) });
        var chain = new EchoChain(server, ChainNode.Connect(server.RpcUrl, TimeSpan.FromSeconds(30)));
        for (var i = 0; i < vaults; i++)
            await chain.NewVault();
        await chain.Mine(70); // so that no reorganisation reaches the vaults' own creation
        return chain;
    }

    public List<string> Vaults { get; } = [];

    /// <summary>A vault at an address that no other test has: made by an account of its own.</summary>
    public async Task<string> NewVault()
    {
        var creator = StorageGround.NewVault();
        await Web3.Client.SendRequestAsync("anvil_setBalance", null, creator, "0xde0b6b3a7640000");
        await Web3.Client.SendRequestAsync("anvil_impersonateAccount", null, creator);
        var hash = await Web3.Client.SendRequestAsync<string>("eth_sendTransaction", null, new { from = creator, data = Creation + EchoCode, gas = "0x30d40" });
        await Mine(1);
        var vault = (await Web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash)).ContractAddress.ToLowerInvariant();
        Vaults.Add(vault);
        return vault;
    }

    /// <summary>The vault's log begins, with terms on offer.</summary>
    public static Task Begin(Machine machine, string vault) => machine.Append(vault, History.Added(vault), History.Offered());

    /// <summary>A signed deposit: the same bytes can be put into any block.</summary>
    public async Task<SignedTransaction> Deposit(int sender, string vault, params long[] units)
    {
        var account = new Account(Anvil.PrivateKeys[sender], ChainId);
        var nonce = (await Web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(account.Address)).Value;
        return SignedTransaction.Of(account, ChainId, vault, [.. units.SelectMany(Call)], new TransactionChoices(nonce, 100_000 + 5_000 * units.Length, 1_000_000_000_000, 1));
    }

    public Task Send(SignedTransaction transaction) => Web3.Client.SendRequestAsync("eth_sendRawTransaction", null, transaction.Raw);

    /// <summary>Deposits in one block, one transaction each.</summary>
    public async Task DepositAll(int sender, string vault, int count)
    {
        var account = new Account(Anvil.PrivateKeys[sender], ChainId);
        var nonce = (await Web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(account.Address)).Value;
        for (var i = 0; i < count; i++)
            await Send(SignedTransaction.Of(account, ChainId, vault, Call(1), new TransactionChoices(nonce + i, 105_000, 1_000_000_000_000, 1)));
    }

    public Task Mine(int blocks) => Web3.Client.SendRequestAsync("anvil_mine", null, Hex(blocks), "0x1");

    /// <summary>Makes final blocks at this time.</summary>
    public async Task MoveTo(DateTimeOffset time)
    {
        await Web3.Client.SendRequestAsync("evm_setNextBlockTimestamp", null, time.ToUnixTimeSeconds());
        await Mine(4);
    }

    public Task BaseFee(BigInteger wei) => Web3.Client.SendRequestAsync("anvil_setNextBlockBaseFeePerGas", null, Hex(wei));

    /// <summary>Undoes the last blocks and makes as many others, with these transactions in them.</summary>
    public Task Reorganise(int depth, params (SignedTransaction Transaction, int Block)[] with) => Web3.Client.SendRequestAsync(
        "anvil_reorg", null, depth, with.Select(it => new object[] { it.Transaction.Raw, it.Block }).ToArray());

    public async Task<long> Height() => (long)(await Web3.Eth.Blocks.GetBlockNumber.SendRequestAsync()).Value;

    public ValueTask DisposeAsync() => anvil.DisposeAsync();

    static string Hex(BigInteger number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(1, '0');

    static byte[] Call(long units) =>
    [
        .. Deposited.HexToByteArray(),
        .. new byte[12], .. History.Anna.Address.HexToByteArray(),
        .. Word(SeriesId.Of(History.TermsOne, false, 1).ToNumber()),
        .. Word(units),
    ];

    static byte[] Word(BigInteger number) => [.. new byte[32 - number.GetByteCount(isUnsigned: true)], .. number.ToByteArray(isUnsigned: true, isBigEndian: true)];
}
