using System.Collections.Immutable;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Simulation.Checks;
using Backstake.Simulation.World;
using Xunit;

namespace Backstake.Simulation;

/// <summary>The same again: a seed twice, a history elsewhere.</summary>
public sealed class RepetitionTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void TheSameSeedTwice_IsTheSameRun(int seed)
    {
        var severity = SeedRun.SeverityOf(seed);
        var (one, other) = (SeedRun.One(seed, severity, SeedRun.Weeks, false, null), SeedRun.One(seed, severity, SeedRun.Weeks, false, null));
        Assert.Null(one.Failure);
        Assert.Equal(one.End!.TraceDigest, other.End!.TraceDigest);
        Assert.NotEqual(one.End.TraceDigest, SeedRun.One(seed + 100, SeedRun.SeverityOf(seed + 100), SeedRun.Weeks, false, null).Simulation.Trace.Digest);
    }

    /// <summary>FAULTS.md K-5: export, import into fresh storage, go on: equals never having stopped.</summary>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 31)]
    [InlineData(4, 45)]
    [InlineData(8, 66)]
    public void MovedToFreshStorage_EndsTheSame(int seed, int day)
    {
        var stayed = SeedRun.One(seed, Severity.None, SeedRun.Weeks, false, null);
        var moved = SeedRun.One(seed, Severity.None, SeedRun.Weeks, false, play => play with { MovedAt = Setting.Start.AddDays(day).AddHours(3) });
        Assert.Null(stayed.Failure);
        Assert.Null(moved.Failure);
        Assert.Null(EndFacts.Difference(stayed.End!.Facts, moved.End!.Facts));
    }

    /// <summary>The exported replay file gives anybody the published weeks.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void TheExportedHistory_GivesThePublishedWeeks(int seed)
    {
        var run = SeedRun.One(seed, SeedRun.SeverityOf(seed), SeedRun.Weeks, false, null);
        Assert.Null(run.Failure);
        foreach (var log in run.Simulation.Logs.Values)
        {
            var terms = log.Entries.Select(entry => entry.Event).OfType<TermsOffered>().ToImmutableSortedDictionary(it => new TermsId(it.Id), it => it.Content);
            var events = log.Entries.Select(entry => entry.Event.InBooks()).OfType<VaultEvent>().ToImmutableArray();
            var read = ReplayFile.Read(new ReplayFile(log.Books!.Vault, terms, events).Write());
            Assert.False(read.IsMalformed(out _));
            var document = read.Value.Replay();
            Assert.Empty(document.Errors);
            Assert.Equal(log.Settled.OrderBy(it => it.Key).Select(it => it.Value.EntryDigest), document.Weeks.Select(week => BlobStore.DigestOf(BooksDocument.WriteWeek(week))));
        }
    }
}
