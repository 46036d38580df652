using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Tests.Storage;

/// <summary>Small events to make a vault's history of. Rounds open on Tuesdays at 12:00 UTC and close an hour later; results come 31 days after.</summary>
static partial class History
{
    public const string TermsOne = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
    public const string Owner = "0x00000000000000000000000000000000000000aa";
    public static readonly DateTimeOffset FirstCut = new(2026, 1, 4, 18, 0, 0, TimeSpan.Zero);
    public static readonly Backer Anna = new("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    public static readonly Terms Terms = new()
    {
        UnitSize = Nmr.FromNmr(10),
        ProfitShareBps = new BasisPoints(2000),
        LossShareBps = BasisPoints.Zero,
        ReserveBps = BasisPoints.Zero,
        Crystallisation = Crystallisation.Weekly,
        ClawBackWeeks = 1,
        CompoundingWeeks = 52,
    };

    public static NewEntry Added(string vault) => new("vault", new VaultAdded(
        vault, "0x00000000000000000000000000000000000000cc", Owner, "0x00000000000000000000000000000000000000bb", 8,
        "11111111-2222-3333-4444-555555555555", "A_MODEL", 64, FirstCut, 144_000, 7), FirstCut.AddDays(-5));

    public static NewEntry Offered(string id = TermsOne) => new($"offer|{id}", new TermsOffered(id, Terms), FirstCut.AddDays(-5));

    /// <summary>One deposit of Anna's, told apart by its place in a transaction.</summary>
    public static NewEntry Deposited(int place, long units = 1) => new(
        $"deposit|0xfeed|{place}", new Booked(new Deposit(Anna, new TermsId(TermsOne), new Units(units), Payout.Compound)),
        FirstCut.AddDays(-4), new ChainSource(10 + place, "0xfeed", place));

    /// <summary>One unit of a backer of its own.</summary>
    public static NewEntry DepositOf(int number) => new(
        $"deposit|0xbeef|{number}", new Booked(new Deposit(BackerOf(number), new TermsId(TermsOne), new Units(1), Payout.Compound)),
        FirstCut.AddDays(-4), new ChainSource(20, "0xbeef", number));

    public static Backer BackerOf(int number) => new($"0x{number:x40}");

    public static DateTimeOffset OpensAt(int round) => FirstCut.AddDays(2 + 7 * (round - 1)).AddHours(-6);

    public static NewEntry Opened(int round) => new($"open|{round}",
        new RoundOpened(round, OpensAt(round), OpensAt(round).AddHours(1), OpensAt(round).AddDays(31), null), OpensAt(round));

    public static NewEntry Closed(int round) => new($"close|{round}", new Booked(new Close(new Round(round))), OpensAt(round), new ChainSource(1000 + 10 * round, "0xc105ed", round));

    public static NewEntry Resolved(int round, Nmr payout) =>
        new($"resolve|{round}", new Booked(new Resolve(new Round(round), payout)), OpensAt(round), new ChainSource(1001 + 10 * round, "0x0e501fed", round));
}
