namespace Backstake.Accounting.Tests.Gain;

/// <summary>Ways in which somebody who knows what is about to be booked could try to gain by it.</summary>
internal static class Strategies
{
    public static readonly IReadOnlyDictionary<string, Func<View, IEnumerable<VaultEvent>>> All = new Dictionary<string, Func<View, IEnumerable<VaultEvent>>>(StringComparer.Ordinal)
    {
        ["joins before known gains"] = view => view.IsGood ? [Buy(view, 3)] : [],
        ["joins before known gains, leaves afterwards"] = view => view.IsGood ? [Buy(view, 3)] : Leave(view),
        ["leaves before known burns"] = view => view.Week == 1 ? [Buy(view, 7)] : view.IsGood ? [] : Leave(view),
        ["leaves before known burns and comes back"] = view => view.IsGood ? [Buy(view, 2)] : Leave(view),
        ["joins before known burns, for the cover"] = view => view.IsGood ? Leave(view) : [Buy(view, 3)],
        ["buys, and takes it back at bad news"] = view => view.IsGood ? [Buy(view, 4)] : [Buy(view, 4), new CancelDeposit(Me(0), Terms(view, 0), new Units(4))],
        ["asks out, and takes it back at good news"] = view => view.Week % 3 == 1 ? [Buy(view, 4)] : view.IsGood ? [.. Leave(view), .. Return(view)] : Leave(view),
        ["hands its units round each week"] = view => view.Week % 4 == 1 ? [Buy(view, 4)] : [.. view.Held.Select(one => new Transfer(one.Backer, Me(view.Week % 7), one.Series.Id, one.Free))],
        ["has ten names"] = view => [.. Enumerable.Range(0, 10).Select(i => new Deposit(Me(i), Terms(view, 0), new Units(1))), .. view.IsGood ? [] : Leave(view)],
        ["takes the shortest term"] = view => [new Deposit(Me(0), view.Market.Terms.MinBy(terms => terms.Value.CompoundingWeeks).Key, new Units(2))],
        ["has profit paid out at good news"] = view => [new Deposit(Me(0), Terms(view, 1), new Units(2), view.IsGood ? Payout.Pay : Payout.Compound)],
        ["has profit paid out, and leaves at bad news"] = view => view.IsGood ? [new Deposit(Me(0), Terms(view, 1), new Units(2), Payout.Pay)] : Leave(view),
        ["leaves by halves"] = view => view.Week % 5 == 1 ? [Buy(view, 8)] : Leave(view, free => new Units((free.Count + 1) >> 1)),
        ["leaves unit by unit"] = view => view.Week % 5 == 1 ? [Buy(view, 5)] : Leave(view, _ => new Units(1)),
        ["takes all terms at good news"] = view => view.IsGood ? [.. view.Market.Terms.Keys.Select(terms => new Deposit(Me(1), terms, new Units(1)))] : [],
        ["leaves what lost and buys anew"] = view => [Buy(view, 2), .. Leave(view, where: unit => unit.Cumulative < Nmr.Zero)],
        ["leaves what gained and buys anew"] = view => [Buy(view, 2), .. Leave(view, where: unit => unit.Cumulative > Nmr.Zero)],
        ["takes the most cover at bad news, the least share at good"] = view =>
            [new Deposit(Me(0), (view.IsGood ? view.Market.Terms.MinBy(terms => terms.Value.ProfitShareBps.Value) : view.Market.Terms.MaxBy(terms => terms.Value.LossShareBps.Value)).Key, new Units(2))],
        ["leaves before its share falls due"] = view => view.Week % 3 == 1 ? [Buy(view, 3)] : Leave(view, where: unit => !unit.OwedInAll.IsZero),
        ["leaves and buys the same every week"] = view => [.. Leave(view), Buy(view, 3)],
    };

    /// <summary>Anything at any time.</summary>
    public static IEnumerable<VaultEvent> Random(View view)
    {
        for (var i = view.Random.Next(4); i > 0; i--)
        {
            var held = view.Held.ToList();
            var one = held.Count == 0 ? default : held[view.Random.Next(held.Count)];
            var payout = view.Random.Next(3) == 0 ? Payout.Pay : Payout.Compound;
            yield return (view.Random.Next(8), held.Count) switch
            {
                (5 or 6, > 0) => new Exit(one.Backer, one.Series.Id, new Units(1 + view.Random.Next((int)one.Free.Count))),
                (7, > 0) => new Transfer(one.Backer, Me(view.Random.Next(5)), one.Series.Id, new Units(1 + view.Random.Next((int)one.Free.Count))),
                (4, > 0) => new CancelExit(one.Backer, one.Series.Id, new Units(1)),
                (3, _) => new CancelDeposit(Me(view.Random.Next(5)), Terms(view, view.Random.Next(3)), new Units(1), payout),
                _ => new Deposit(Me(view.Random.Next(5)), Terms(view, view.Random.Next(3)), new Units(1 + view.Random.Next(4)), payout),
            };
        }
    }

    private static Backer Me(int number) => Market.Name('a', number);

    private static TermsId Terms(View view, int number) => view.Market.Terms.Keys.ElementAt((view.Week + number) % view.Market.Terms.Count);

    private static Deposit Buy(View view, int units) => new(Me(0), Terms(view, 0), new Units(units));

    private static IEnumerable<VaultEvent> Leave(View view, Func<Units, Units>? part = null, Func<Unit, bool>? where = null) =>
        view.Held.Where(one => where?.Invoke(one.Series.Unit) ?? true).Select(one => new Exit(one.Backer, one.Series.Id, part?.Invoke(one.Free) ?? one.Free));

    private static IEnumerable<VaultEvent> Return(View view) => view.Held.Select(one => new CancelExit(one.Backer, one.Series.Id, one.Free));
}
