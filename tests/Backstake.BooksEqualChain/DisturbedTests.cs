using Backstake.BooksEqualChain.Histories;
using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain;

/// <summary>The comparison can fail: what is wrong on purpose, by one wei, by a verdict or by a name, is found, and for that reason.</summary>
[Collection(OneWorld.Name)]
public sealed class DisturbedTests(WorldFixture fixture)
{
    private const int Weeks = 20;
    private const int MostHistories = 12;

    private static readonly Dictionary<string, (Disturbance Disturbance, string FoundAs)> Rules = new()
    {
        ["a unit costs 1 wei more"] = (new() { Terms = terms => terms with { UnitSize = terms.UnitSize + new Nmr(1) } }, "cash ="),
        ["a unit locks more reserve"] = (new() { Terms = terms => terms with { ReserveBps = new BasisPoints(Math.Min(10_000, terms.ReserveBps.Value + 1)) } }, "locked reserve"),
        ["a unit binds more of the house"] = (new() { Terms = terms => terms with { HouseMinBps = new BasisPoints(Math.Min(10_000, terms.HouseMinBps.Value + 1)) } }, "the house's spare"),
        ["a lockup lasts a week longer"] = (new() { Terms = terms => terms with { LockupWeeks = terms.LockupWeeks + 1 } }, "expected lockedUp, the chain says accepted"),
        ["a term ends a week later"] = (new() { Terms = terms => terms with { CompoundingWeeks = terms.CompoundingWeeks + 1 } }, "the chain says"),
        ["a house deposit is 1 wei more"] = (Instead<HouseDeposit>(it => it with { Amount = it.Amount + new Nmr(1) }), "cash ="),
        ["a house withdrawal is 1 wei less"] = (Instead<HouseWithdraw>(it => it with { Amount = it.Amount - new Nmr(1) }), "the house's spare"),
        ["a reserve deposit is 1 wei less"] = (Instead<ReserveDeposit>(it => it with { Amount = it.Amount - new Nmr(1) }), "reserve ="),
        ["a reserve withdrawal is 1 wei less"] = (Instead<ReserveWithdraw>(it => it with { Amount = it.Amount - new Nmr(1) }), "reserve"),
        ["a round wins 1 wei more"] = (Instead<Resolve>(it => it.Payout.IsPositive ? it with { Payout = it.Payout + new Nmr(1) } : it), "cash ="),
        ["a round burns 1 wei less"] = (Instead<Resolve>(it => it.Payout.IsNegative ? it with { Payout = it.Payout + new Nmr(1) } : it), "cash ="),
        ["a part-staked round stakes a basis point less"] = (Instead<Close>(it => it.ShareBps.Value is > 1 and < 10_000 ? it with { ShareBps = new BasisPoints(it.ShareBps.Value - 1) } : it), "A_r of round"),
        ["a transfer reaches somebody else"] = (Instead<Transfer>(it => it with { To = People.Backers[4] }), "the chain says"),
        ["an exit asks out a unit less"] = (Instead<Exit>(it => it.Units.Count > 1 ? it with { Units = it.Units - new Units(1) } : it), "the chain says"),
        ["a cancelled deposit is a unit less"] = (Instead<CancelDeposit>(it => it.Units.Count > 1 ? it with { Units = it.Units - new Units(1) } : it), "cash ="),
        ["a settlement's payment of 1 wei goes to somebody else"] = (Answered((_, applied) => applied.Settlement is { } settlement ? applied with { Settlement = WithAWeiForAnother(settlement) } : applied), "accepted payments to"),
    };

    private static readonly Dictionary<string, (Disturbance Disturbance, string FoundAs)> Words = new()
    {
        ["a line pays 1 wei more"] = (Line(line => line.Paid += 1, line => line.Paid.Sign > 0), "cash ="),
        ["a line pays 1 wei less"] = (Line(line => line.Paid -= 1, line => line.Paid.Sign > 0), "cash ="),
        ["a line covers 1 wei less"] = (Line(line => line.Cover -= 1, line => line.Cover.Sign > 0), "cash ="),
        ["a line names a unit less"] = (Line(line => line.Units -= 1, line => line.Units > 1), "unitsDiffer"),
        ["a class isn't closed"] = (Line(line => line.Closed = false, line => line.Closed && line.Cover.IsZero), "locked reserve"),
        ["a line is missing"] = (Changed(words => words.Lines.Clear(), words => words.Lines.Count > 0), "cash ="),
        ["the owner gets 1 wei more of the house"] = (Changed(words => words.Week.HouseOut += 1, _ => true), "cash ="),
        ["the owner gets 1 wei less of the reserve"] = (Changed(words => words.Week.ReserveOut -= 1, words => words.Week.ReserveOut.Sign > 0), "reserve ="),
        ["the spare is 1 wei more"] = (Changed(words => words.Week.HouseSpare += 1, _ => true), "the house's spare"),
        ["the instruction is 1 wei less"] = (Changed(words => words.Week.StakeLimit -= 1, words => words.Week.StakeLimit.Sign > 0), "nstruction"),
    };

    private static readonly Refusal[] OfBoth =
    [
        Refusal.UnknownTerms, Refusal.UnknownSeries, Refusal.UnitsNotPositive, Refusal.NotEnoughUnits, Refusal.LockedUp, Refusal.AmountNotPositive, Refusal.HouseEncumbered, Refusal.WindingDown,
        Refusal.HouseTooSmall, Refusal.ReserveInsufficient, Refusal.ReserveLocked, Refusal.RoundNotOpen, Refusal.RoundOutOfOrder,
    ];

    private static readonly Dictionary<string, Func<VaultEvent, bool>> Acts = new()
    {
        ["deposit"] = it => it is Deposit,
        ["cancelDeposit"] = it => it is CancelDeposit,
        ["exit"] = it => it is Exit,
        ["cancelExit"] = it => it is CancelExit,
        ["transfer"] = it => it is Transfer,
        ["houseDeposit"] = it => it is HouseDeposit,
        ["houseWithdraw"] = it => it is HouseWithdraw,
        ["reserveDeposit"] = it => it is ReserveDeposit,
        ["reserveWithdraw"] = it => it is ReserveWithdraw,
        ["stake"] = it => it is Close { ShareBps.Value: > 0 },
        ["collect"] = it => it is Resolve { Payout.IsZero: false },
        ["windDown"] = it => it is WindDown,
    };

    public static TheoryData<string> NamesOfRules => [.. Rules.Keys];

    public static TheoryData<string> NamesOfWords => [.. Words.Keys];

    public static TheoryData<string> NamesOfRefusals => [.. OfBoth.Select(refusal => refusal.Code)];

    public static TheoryData<string> NamesOfActs => [.. Acts.Keys];

    [SkippableTheory]
    [MemberData(nameof(NamesOfRules))]
    public Task AWrongRule_IsFound(string rule) => IsFound(Rules[rule].Disturbance, Rules[rule].FoundAs);

    [SkippableTheory]
    [MemberData(nameof(NamesOfWords))]
    public Task AWrongSettlement_IsFound(string words) => IsFound(Words[words].Disturbance, Words[words].FoundAs);

    [SkippableTheory]
    [MemberData(nameof(NamesOfRefusals))]
    public Task ARefusalOfAnotherName_IsFound(string refusal) =>
        IsFound(Answered((_, applied) => applied.Refusal?.Code == refusal ? new Applied(applied.Books, Refusal.BurnBeyondCap, null) : applied), $"the chain says {refusal}");

    [SkippableTheory]
    [MemberData(nameof(NamesOfRefusals))]
    public Task WhatTheChainAloneRefuses_IsFound(string refusal) =>
        IsFound(Answered((_, applied) => applied.Refusal?.Code == refusal ? new Applied(applied.Books, null, null) : applied), $"the chain says {refusal}");

    [SkippableTheory]
    [MemberData(nameof(NamesOfActs))]
    public Task WhatTheBooksAloneRefuse_IsFound(string act) =>
        IsFound(
            new() { Apply = (books, it) => books.Apply(it) is { Refusal: null } applied && !Acts[act](it) ? applied : new Applied(books, books.Apply(it).Refusal ?? Refusal.BurnBeyondCap, null) },
            "expected burnBeyondCap, the chain says accepted");

    private async Task IsFound(Disturbance disturbance, string foundAs)
    {
        for (var seed = 1; seed <= MostHistories; seed++)
        {
            if (await Player.Compare(fixture.World, Generator.Of(seed, Weeks), disturbance) is not { } found) continue;
            Assert.Contains(foundAs, found.Message.Split('\n')[0]);
            return;
        }

        Assert.Fail($"{MostHistories} histories didn't find it.");
    }

    private static Disturbance Instead<TEvent>(Func<TEvent, TEvent> change)
        where TEvent : VaultEvent => new() { Apply = (books, it) => books.Apply(it is TEvent one && books.Apply(it).Refusal is null ? change(one) : it) };

    private static Disturbance Answered(Func<VaultEvent, Applied, Applied> change) => new() { Apply = (books, it) => change(it, books.Apply(it)) };

    private static Settlement WithAWeiForAnother(Settlement settlement)
    {
        var payments = settlement.Payments;
        var backers = payments.Where(payment => payment.To != Payment.Owner).ToList();
        if (backers.Count < 2) return settlement;
        payments = payments.Replace(backers[0], backers[0] with { Amount = backers[0].Amount + new Nmr(1) }).Replace(backers[1], backers[1] with { Amount = backers[1].Amount - new Nmr(1) });
        return settlement with { Entry = settlement.Entry with { Payments = payments } };
    }

    private static Disturbance Line(Action<SettlementLine> change, Predicate<SettlementLine> where) =>
        Changed(words => change(words.Lines.First(line => where(line))), words => words.Lines.Exists(where));

    private static Disturbance Changed(Action<ProposeFunction> change, Predicate<ProposeFunction> where) => new()
    {
        Words = words =>
        {
            if (where(words)) change(words);
            return words;
        },
    };
}
