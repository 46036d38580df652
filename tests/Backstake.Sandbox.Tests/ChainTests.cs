using System.Numerics;
using System.Text.Json;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Sandbox.Chain;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Sandbox.Time;
using Backstake.Servers;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Sandbox.Tests;

/// <summary>A round on anvil with the sandbox's contracts: opened, authorised, staked, resolved, claimed.</summary>
public sealed class ChainTests
{
    private const long ChainId = 31337;
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 11, 0, 0, TimeSpan.Zero);

    [SkippableFact]
    public async Task ARound_IsStakedAndClaimed_ByTheContractsRules()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var stop = limit.Token;
        var (nmrCode, stakingCode) = (Code("SandboxNmr"), Code("SandboxStaking"));
        await using var anvil = await Anvil.StartAsync(new AnvilOptions { NoMining = true, Timestamp = Start }, stop);
        using var clock = new VirtualClock(Start);
        using var miner = new Miner(anvil.RpcUrl, clock);
        var deployer = Connect(anvil, 0);
        var nmr = await DeployAsync(deployer, miner, nmrCode, stop);
        var staking = await DeployAsync(deployer, miner, stakingCode + Word(nmr) + Word(Anvil.Addresses[1]), stop);
        using var chain = new StakingChain(anvil.RpcUrl, ChainId, Anvil.PrivateKeys[0], Anvil.PrivateKeys[1], staking, nmr);
        var calendar = new RoundCalendar(843, new DateOnly(2026, 11, 24));
        var options = new TournamentOptions { Clock = clock, Calendar = calendar, Scores = Scores(), Chain = chain, LiveIds = 20 };
        await using var tournament = await Tournament.StartAsync(options, stop);

        clock.MoveTo(calendar.Get(843).Open);
        Assert.True(await tournament.StepAsync(stop));
        Assert.True(await miner.MinePendingAsync(stop));
        Assert.False(await miner.MinePendingAsync(stop));
        var (won, lost) = (Submit(tournament, "A"), Submit(tournament, "B"));
        var (a, b) = (Connect(anvil, 2), Connect(anvil, 3));
        await StakeAsync(chain, miner, a, nmr, won, 1001, stop);
        await StakeAsync(chain, miner, b, nmr, lost, 1001, stop);
        Assert.Equal(new BigInteger(1), await chain.NonceAsync(Anvil.Addresses[2], stop));
        Assert.Equal([1001, 1001], (await chain.PositionsAsync(843, stop)).Select(p => (int)p.AmountWei));

        clock.MoveTo(calendar.Get(843).Resolve);
        Assert.True(await tournament.StepAsync(stop));
        await miner.MinePendingAsync(stop);
        var claims = tournament.Results(843)!.Claims;
        foreach (var claim in claims)
        {
            Assert.False(await chain.IsClaimedAsync(claim.Position, stop));
            await chain.ClaimAsync(claim, stop);
            await miner.MinePendingAsync(stop);
            Assert.True(await chain.IsClaimedAsync(claim.Position, stop));
        }
        Assert.Equal(new BigInteger(1031), await BalanceAsync(deployer, nmr, Anvil.Addresses[2]));
        Assert.Equal(new BigInteger(945), await BalanceAsync(deployer, nmr, Anvil.Addresses[3]));
        Assert.Equal(BigInteger.Zero, await BalanceAsync(deployer, nmr, staking));
    }

    [SkippableFact]
    public async Task TheMiner_MakesBlocksFinal_AndTheClockFollows()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        SkipWithoutContracts();
        await using var anvil = await Anvil.StartAsync(new AnvilOptions { NoMining = true, Timestamp = Start }, limit.Token);
        using var clock = new VirtualClock(Start.AddHours(3));
        using var miner = new Miner(anvil.RpcUrl, clock);
        var web3 = Connect(anvil, 0);
        Assert.False(await miner.MinePendingAsync(limit.Token));
        await miner.MineNowAsync(limit.Token);
        Assert.Equal(Start.AddHours(3).AddSeconds(1), (await ChainBlock.Finalized(web3, limit.Token)).Time);
        Assert.Equal(Start.AddHours(3).AddSeconds(3), clock.GetUtcNow());
        Assert.Equal(clock.GetUtcNow(), (await ChainBlock.Latest(web3, limit.Token)).Time);
    }

    private static Submission Submit(Tournament tournament, string model)
    {
        var found = tournament.FindModel(model)!;
        var name = tournament.Submissions.NewUpload(found, "predictions.csv");
        tournament.Submissions.TryPut(name, tournament.Live.Predictions(TournamentKind.Classic, 843, model));
        return tournament.Submissions.Create(found, name, triggerId: null, source: null);
    }

    private static async Task StakeAsync(StakingChain chain, Miner miner, Web3 staker, string nmr, Submission submission, BigInteger amountWei, CancellationToken stop)
    {
        var address = staker.TransactionManager.Account.Address;
        await SendAsync(staker, miner, nmr, new NmrFaucetFunction { To = address, Value = amountWei }, stop);
        await SendAsync(staker, miner, nmr, new NmrApproveFunction { Spender = chain.Addresses.Staking, Value = amountWei }, stop);
        var authorization = new StakeAuthorization
        {
            TournamentId = 8, RoundId = submission.Round.Number, ModelId = UuidWord.Of(submission.Model.Id), Staker = address, MaxAmount = amountWei, SubmissionId = UuidWord.Of(submission.Id),
            SubmissionHash = Convert.FromHexString(submission.Sha256), Nonce = await chain.NonceAsync(address, stop), Deadline = submission.Round.CloseStaking.ToUnixTimeSeconds(),
        };
        var signature = Convert.FromHexString(chain.Sign(authorization).Signature.AsSpan(2));
        await SendAsync(staker, miner, chain.Addresses.Staking, new NumeraiStakeFunction { Authorization = authorization, Amount = amountWei, Signature = signature }, stop);
    }

    private static async Task SendAsync<TFunction>(Web3 web3, Miner miner, string contract, TFunction call, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        var hash = await web3.Eth.GetContractTransactionHandler<TFunction>().SendRequestAsync(contract, call);
        await miner.MinePendingAsync(stop);
        var receipt = await web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash);
        Assert.False(receipt.HasErrors());
    }

    private static async Task<string> DeployAsync(Web3 web3, Miner miner, string code, CancellationToken stop)
    {
        var input = new TransactionInput { From = web3.TransactionManager.Account.Address, Data = code, Gas = new Nethereum.Hex.HexTypes.HexBigInteger(6_000_000) };
        var hash = await web3.TransactionManager.SendTransactionAsync(input);
        await miner.MinePendingAsync(stop);
        return (await web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash)).ContractAddress;
    }

    private static Task<BigInteger> BalanceAsync(Web3 web3, string nmr, string holder) =>
        web3.Eth.GetContractQueryHandler<NmrBalanceOfFunction>().QueryAsync<BigInteger>(nmr, new NmrBalanceOfFunction { Holder = holder });

    private static Web3 Connect(Anvil anvil, int account) => ChainNode.Connect(anvil.RpcUrl, TimeSpan.FromSeconds(20), new Account(Anvil.PrivateKeys[account], ChainId));

    private static string Word(string address) => address[2..].PadLeft(64, '0');

    private static SandboxScores Scores() => new(
        ScoreTable.Read(new StringReader("roundNumber,A,B\n843,0.02,-0.03\n"), "corr"), ScoreTable.Read(new StringReader("roundNumber,A,B\n843,0.01,-0.02\n"), "mmc"), "test");

    private static string Code(string contract)
    {
        SkipWithoutContracts();
        using var artifact = JsonDocument.Parse(File.ReadAllBytes(ArtifactOf(contract)));
        return artifact.RootElement.GetProperty("bytecode").GetProperty("object").GetString()!;
    }

    private static string ArtifactOf(string contract) => Path.Combine(SharedData.Root, "contracts", "out", $"{contract}.sol", $"{contract}.json");

    private static void SkipWithoutContracts()
    {
        Skip.IfNot(Directory.Exists(Path.Combine(SharedData.Root, "node_modules")), "node_modules is not there: run npm ci");
        Skip.IfNot(File.Exists(ArtifactOf("SandboxStaking")), "The contracts are not built: run contracts/forge build");
    }
}
