using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using Azure.Storage.Queues;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;
using Backstake.Functions.Storage;
using Backstake.Season;
using Microsoft.Extensions.Configuration;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using ChainSeries = Backstake.Chain.Vault.SeriesId;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>
/// After a season an owner winds down, and the operator vanishes for a month. A stranger opens the way out; the app that comes back ends the vault's log there and does nothing more for it, while the
/// other vault goes on; a backer leaves with the command's calldata from the app's own log, and everything is verified still.
/// </summary>
[Collection(SeasonCollection.Name)]
public sealed class ClosedBooksTests : IProgress<SeasonProgress>
{
    static readonly SeasonOptions Options = new() { Weeks = 1, Vaults = 2, Backers = 3, Exit = true };
    static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task VaultWithoutAnOperator_EndsItsLog_AndItsBackersLeave()
    {
        SeasonCollection.NeedContracts();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var stop = limit.Token;
        await using var play = new SeasonPlay(Options, this);
        await play.Begin(stop);
        await play.Play(stop);
        var (closing, open) = (play.Vaults[0], play.Vaults[1]);

        play.App.Kill();
        await closing.Owner.Send(closing.Address, new WindDownFunction(), stop);
        play.Ground.Clock.MoveTo(play.Ground.Clock.GetUtcNow().AddDays(29));
        await play.Ground.MineNow(stop);
        var state = await State(play, closing, stop);
        var stranger = play.Ground.Wallet("stranger");
        await stranger.Fund("", BigInteger.Zero, stop);
        await stranger.Send(state.WayOut, new OpenWayOutFunction(), stop);
        await play.Ground.MineNow(stop);

        var queues = new QueueServiceClient(play.Ground.Azurite.ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await new Conductor(play.Ground, play.App, queues).SettleDown(stop);
        Assert.Equal("booksClosed", (await play.App.Get($"api/vaults/{closing.Id}", stop)).GetProperty("status").GetString());
        Assert.Equal("open", (await play.App.Get($"api/vaults/{open.Id}", stop)).GetProperty("status").GetString());
        var events = await Events(play, closing);
        Assert.IsType<BooksClosed>(events[^1].Event);
        Assert.Equal(state.LastAccepted, (uint)events.Select(entry => entry.Event).OfType<SettlementAccepted>().Last().Week);
        Assert.True(events.Select(entry => entry.Event).OfType<VaultSettled>().Last().Week > state.LastAccepted + 3); // in the books alone
        Assert.Equal(state.LastAccepted, (uint)events.Select(entry => entry.Event).OfType<SettlementProposed>().Last().Week);

        var (backer, series, units) = await SomebodyLive(play, closing, stop);
        var call = await Escape(play, closing, series, backer, stop);
        Assert.True(units > 0 && Amount(call.GetProperty("pays")) > 0);
        var before = await NmrOf(play, backer);
        await SendRaw(play, backer, call, stop);
        Assert.Equal(Amount(call.GetProperty("pays")), await NmrOf(play, backer) - before);
        await play.Ground.MineNow(stop);
        await new Conductor(play.Ground, play.App, queues).SettleDown(stop);
        Assert.Equal(events.Count, (await Events(play, closing)).Count); // what followed is between holders and contract

        var folder = Directory.CreateTempSubdirectory("backstake-season-test-").FullName;
        Assert.All(await new Verification(play, folder).Run(stop), vault => Assert.True(vault.Verified, vault.Report));
        Directory.Delete(folder, recursive: true);
        play.Succeeded = true;
    }

    void IProgress<SeasonProgress>.Report(SeasonProgress value)
    {
    }

    static async Task<ChainState> State(SeasonPlay play, SeasonVault vault, CancellationToken stop) => await (await play.Ground.Latest(vault.Address, stop)).State(stop);

    static async Task<List<LogEntry>> Events(SeasonPlay play, SeasonVault vault)
    {
        var log = new LogTable(new StorageClients(
            new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", play.Ground.Azurite.ConnectionString)]).Build(), new Transports()));
        var events = new List<LogEntry>();
        await foreach (var entry in log.Read(vault.Id, 0, LogEntry.Genesis, default))
            events.Add(entry);
        return events;
    }

    /// <summary>A backer with live units in the vault's contract.</summary>
    static async Task<(Wallet Backer, BigInteger Series, BigInteger Units)> SomebodyLive(SeasonPlay play, SeasonVault vault, CancellationToken stop)
    {
        var chain = await play.Ground.Latest(vault.Address, stop);
        var history = ReplayFile.Read(await play.App.Download($"api/vaults/{vault.Id}/log", stop)).Value;
        foreach (var deposit in history.Events.OfType<Deposit>())
        {
            foreach (var backer in play.Backers.Wallets)
            {
                var series = ChainSeries.Of(deposit.Terms.Text, deposit.Payout == Payout.Pay, 1);
                if (await chain.UnitsOf(backer.Address, series, stop) is { IsZero: false } units)
                    return (backer, series.ToNumber(), units);
            }
        }

        throw new InvalidOperationException("Nobody holds live units of the first week.");
    }

    static async Task<JsonElement> Escape(SeasonPlay play, SeasonVault vault, BigInteger series, Wallet holder, CancellationToken stop)
    {
        string[] arguments =
        [
            "escape", "--vault", vault.Address, "--rpc", play.Ground.Node.ToString(), "--url", new Uri(play.App.Address, $"api/vaults/{vault.Id}/log").ToString(),
            "--series", $"0x{series:x64}", "--exit-week", "0", "--holder", holder.Address, "--json",
        ];
        using var process = Process.Start(new ProcessStartInfo(Repository.Command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        Assert.True(process.ExitCode == 0, await error);
        return JsonDocument.Parse(await output).RootElement;
    }

    /// <summary>The calldata and the address, and nothing else that this program knows.</summary>
    static async Task SendRaw(SeasonPlay play, Wallet holder, JsonElement call, CancellationToken stop)
    {
        var web3 = ChainNode.Connect(play.Ground.Node, RequestLimit, holder.Account);
        var input = new TransactionInput { From = holder.Address, To = call.GetProperty("wayOut").GetString(), Data = call.GetProperty("calldata").GetString(), Gas = new HexBigInteger(1_000_000) };
        var receipt = await web3.TransactionManager.SendTransactionAndWaitForReceiptAsync(input, stop);
        Assert.False(receipt.HasErrors());
    }

    static Task<BigInteger> NmrOf(SeasonPlay play, Wallet holder) => ChainNode.Connect(play.Ground.Node, RequestLimit).Eth.GetContractQueryHandler<NmrBalanceOfFunction>()
        .QueryAsync<BigInteger>(play.Ground.Nmr, new NmrBalanceOfFunction { Holder = holder.Address });

    static BigInteger Amount(JsonElement json) => Nmr.TryParse(json.GetString(), out var amount) ? amount.Wei : throw new FormatException(json.ToString());
}
