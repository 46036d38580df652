using System.Text.Json.Nodes;
using Backstake.Accounting;

namespace Backstake.Cli.Verify.Tests;

/// <summary>All storage is lost: the history comes back from the chain's logs, and the roots that the chain accepted prove it (FAULTS.md K-8).</summary>
public sealed class RebuildTests(PlayedVault played) : IClassFixture<PlayedVault>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void History_ComesBackFromTheChain_AndFromAnOlderExport()
    {
        played.SkipWithoutContracts();
        var older = played.File with { Events = [.. played.File.Events.Take(played.File.Events.IndexOf(new Settle(new Week(2))) + 1)] };
        foreach (var export in new[] { null, older, played.File })
        {
            var (run, history) = Rebuild(export);
            Assert.Equal((0, ""), (run.Status, run.Error));
            var report = JsonNode.Parse(run.Output)!;
            Assert.True(report["rebuilt"]!.GetValue<bool>());
            Assert.Equal([3], report["unproven"]!.AsArray().Select(week => week!.GetValue<int>()));
            Assert.Equal(played.File.Terms, history.Terms);
            Assert.Equal(Digests(played.History), Digests(FoldedHistory.Of(history)));
            Assert.Equal(Sorted(played.File), Sorted(history));
        }
    }

    [SkippableFact]
    public void AChainThatAcceptedOtherBooks_IsSaid()
    {
        played.SkipWithoutContracts();
        var (log, created) = (played.Chain.Log, played.Chain.Created);
        var altered = log.Select(entry => entry.Event is Chain.Vault.SettledEvent { Week: 2 } settled
            ? entry with { Event = new Chain.Vault.SettledEvent { Week = settled.Week, Books = new byte[32] } } : entry).ToList();
        var rebuilt = Backstake.Cli.Rebuild.Rebuilding.Of(played.Vault.ToLowerInvariant(), created, altered, played.Chain.Block.Time, export: null, played.File.Vault.ConcurrentRounds);
        Assert.Equal([true, false], rebuilt.Weeks.Where(week => week.Accepted).Select(week => week.Root == week.OnChain));
    }

    [SkippableFact]
    public void WrongArguments_AreSaidInOneLine()
    {
        played.SkipWithoutContracts();
        var nobody = CommandRun.Of("rebuild", "--vault", "0x00000000000000000000000000000000000000aa", "--node", played.Node.ToString());
        Assert.Equal((1, ""), (nobody.Status, nobody.Output));
        Assert.Contains("There is no contract at", Assert.Single(nobody.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "bad.json"), "{}");
        var malformed = CommandRun.Of("rebuild", "--vault", played.Vault, "--node", played.Node.ToString(), "--export", Path.Combine(_folder, "bad.json"));
        Assert.Equal(2, malformed.Status);
    }

    private static IEnumerable<byte[]> Digests(FoldedHistory history) => history.Settlements.Select(settled => history.BooksAfter(settled).Digest());

    /// <summary>A missed round stands somewhere before the next settlement; where doesn't matter to any book.</summary>
    private static IEnumerable<string> Sorted(ReplayFile file)
    {
        var week = 0;
        return file.Events.Select(it => $"{(it is Settle ? ++week : week):D3} {(it is Settle ? 0 : 1)} {it}").Order(StringComparer.Ordinal);
    }

    private (CommandRun Run, ReplayFile History) Rebuild(ReplayFile? export)
    {
        var (published, output) = (Path.Combine(_folder, "export.json"), Path.Combine(_folder, "rebuilt.json"));
        if (export is not null) File.WriteAllBytes(published, export.Write());
        var run = CommandRun.Of(["rebuild", "--vault", played.Vault, "--node", played.Node.ToString(), "--out", output, "--json", .. export is null ? (string[])["--concurrent-rounds", $"{played.File.Vault.ConcurrentRounds}"] : ["--export", published]]);
        var read = ReplayFile.Read(File.ReadAllBytes(output));
        Assert.False(read.IsMalformed(out var malformed), malformed?.ToString());
        return (run, read.Value);
    }
}
