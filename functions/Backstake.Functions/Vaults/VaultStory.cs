using System.Collections.Immutable;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>What a vault's log tells to those who look: its rounds, weeks and terms in full. A pure fold, like state and record; nothing is decided by it and nothing of it is stored.</summary>
public sealed record VaultStory(VaultState State)
{
    public ImmutableSortedDictionary<int, RoundStory> Rounds { get; init; } = ImmutableSortedDictionary<int, RoundStory>.Empty;
    public ImmutableSortedDictionary<int, WeekStory> Weeks { get; init; } = ImmutableSortedDictionary<int, WeekStory>.Empty;

    /// <summary>In the order in which they were offered.</summary>
    public ImmutableList<OfferedTerms> Terms { get; init; } = [];

    /// <summary>What the owner announced, in the order of the announcements.</summary>
    public ImmutableList<AnnouncedChange> ModelChanges { get; init; } = [];

    Nmr WeeksResult { get; init; }
    int WeeksRounds { get; init; }

    public static VaultStory Of(string vault) => new(VaultState.Empty(vault));

    /// <summary>Payout over stake of each resolved round, in their order; NaN where nothing was staked.</summary>
    public double[] Returns => [.. Resolved.Select(ReturnOf)];

    public IEnumerable<RoundStory> Resolved => Rounds.Values.Where(round => round.Result is not null);

    public static double ReturnOf(RoundStory round) => round.Staked is { IsZero: false } staked ? (double)round.Result!.Value.Wei / (double)staked.Wei : double.NaN;

    public VaultStory Apply(LogEntry entry)
    {
        var next = this with { State = State.Apply(entry) };
        if (RoundStory.Of(entry.Event) is { } number && next.Rounds.TryGetValue(number, out var round))
            next = next with { Rounds = next.Rounds.SetItem(number, round.With(entry)) };
        if (WeekStory.Of(entry.Event) is { } week && next.Weeks.TryGetValue(week, out var told))
            next = next with { Weeks = next.Weeks.SetItem(week, told.With(entry)) };
        return entry.Event switch
        {
            RoundOpened opened => next with { Rounds = next.Rounds.SetItem(opened.Round, new(opened.Round, opened.Opens, opened.ClosesStaking, opened.Resolves)) },
            Booked { Event: Close close } when next.Rounds.TryGetValue(close.Round.Number, out var closing) => next with
            {
                Rounds = next.Rounds.SetItem(close.Round.Number, closing with { Staked = next.State.Books.OpenRounds[close.Round].Stake, StakeTransaction = entry.Source?.Transaction }),
            },
            Booked { Event: Resolve resolve } => next with { WeeksResult = WeeksResult + resolve.Payout, WeeksRounds = WeeksRounds + 1 },
            VaultSettled settled => next with { Weeks = next.Weeks.SetItem(settled.Week, next.Settled(settled, entry)), WeeksResult = Nmr.Zero, WeeksRounds = 0 },
            ModelChangeAnnounced change => next with { ModelChanges = ModelChanges.Add(new(change.FromRound, change.Note, entry.At)) },
            TermsOffered offered => next with { Terms = next.Terms.RemoveAll(it => it.Id == offered.Id).Add(new(offered.Id, offered.Content, entry.At, entry.Source?.Transaction, null)) },
            TermsWithdrawn withdrawn => next with { Terms = [.. next.Terms.Select(it => it.Id == withdrawn.Id ? it with { WithdrawnAt = entry.At } : it)] },
            _ => next,
        };
    }

    WeekStory Settled(VaultSettled settled, LogEntry entry) => new(
        settled.Week, State.Record.Cut(settled.Week), entry.At, settled.BooksDigest, settled.BooksRoot, settled.ProposalDigest, settled.EntryDigest,
        State.Books.Stake, State.Books.Cash, WeeksResult, WeeksRounds, settled.OwnerShare);
}

/// <summary>The owner said that from this round on another model predicts, and what they said of it.</summary>
public sealed record AnnouncedChange(int FromRound, string Note, DateTimeOffset At);
