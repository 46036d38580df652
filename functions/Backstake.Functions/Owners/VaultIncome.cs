using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Owners;

/// <summary>An owner's income. Amounts in NMR. What was taken is the house's; the rest is still the units', and a loss may cancel it until its weeks are over.</summary>
/// <param name="Taken">Profit share that moved from units to the house, of all units that ever were.</param>
/// <param name="Waiting">Profit share owed by units and not yet taken.</param>
/// <param name="UpfrontFees">Not yet earned.</param>
/// <param name="IfEnded">What <c>atEnd</c> units would owe if they ended as they are.</param>
/// <param name="CoverIfEnded">What the reserve would pay if all units ended as they are.</param>
public sealed record VaultIncome(
    string Vault, string Owner, AsOf AsOf, Nmr Taken, Nmr Waiting, Nmr UpfrontFees, Nmr IfEnded, Nmr Cover, Nmr CoverIfEnded,
    IReadOnlyList<WaitingShare> WaitingByWeek, IReadOnlyList<ClassIncome> Classes, IReadOnlyList<WeekIncome> Weeks, HouseMoney House, ReserveMoney Reserve)
{
    public static VaultIncome Of(VaultState state, VaultStory story)
    {
        var (books, classes) = (state.Books, ClassIncome.Of(state.Books));
        var waiting = classes.SelectMany(one => one.Waiting).GroupBy(share => (share.Week, share.From)).OrderBy(group => group.Key)
            .Select(group => new WaitingShare(group.Key.Week, group.Key.From, Sum(group, share => share.Amount)));
        return new(
            state.Id, state.Vault.Owner, AsOf.Of(state), state.Record.OwnerShareTotal, Sum(classes, one => one.WaitingTotal), Sum(classes, one => one.UpfrontFee), Sum(classes, one => one.IfEnded),
            Sum(classes, one => one.Cover), Sum(classes, one => one.CoverIfEnded), [.. waiting], classes,
            [.. story.Weeks.Values.Where(week => !week.OwnerShare.IsZero).Select(week => new WeekIncome(week.Week, week.Cut, week.OwnerShare))],
            new(books.House, books.HouseWaiting, books.HouseSpare, books.RequiredHouse, books.HouseAsked, books.HouseLeaving),
            new(books.Reserve, books.ReserveLocked, Nmr.OrZero(books.ReserveUnlocked), books.ReserveAsked));
    }

    static Nmr Sum<T>(IEnumerable<T> all, Func<T, Nmr> of) => all.Aggregate(Nmr.Zero, (sum, one) => sum + of(one));
}

/// <summary>Profit share of a settlement that waits inside units, until the settlement of <paramref name="From"/> at the earliest, or until they end.</summary>
public sealed record WaitingShare(int Week, int From, Nmr Amount);

/// <summary>Profit share that a settlement took.</summary>
public sealed record WeekIncome(int Week, DateTimeOffset Cut, Nmr Taken);

/// <param name="Waiting">Brought since the last settlement.</param>
/// <param name="Spare">What can be asked back.</param>
/// <param name="Required">What terms with houseMinBps ask to stay.</param>
/// <param name="Asked">Asked back since the last settlement; <paramref name="Leaving"/>: before it, and not paid yet.</param>
public sealed record HouseMoney(Nmr Total, Nmr Waiting, Nmr Spare, Nmr Required, Nmr Asked, Nmr Leaving);

/// <param name="Unlocked">What can be asked back.</param>
public sealed record ReserveMoney(Nmr Total, Nmr Locked, Nmr Unlocked, Nmr Asked);
