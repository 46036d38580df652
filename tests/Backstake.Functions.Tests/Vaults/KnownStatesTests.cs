using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Vaults;

public sealed class KnownStatesTests
{
    [Fact]
    public void WhatWasUsedLongestAgo_IsForgottenFirst()
    {
        var known = new KnownStates(2 * KnownStates.BytesOfState);
        known.Keep(VaultState.Empty("a"));
        known.Keep(VaultState.Empty("b"));
        Assert.NotNull(known.Find("a"));
        known.Keep(VaultState.Empty("c"));
        Assert.Null(known.Find("b"));
        Assert.NotNull(known.Find("a"));
        Assert.NotNull(known.Find("c"));
    }

    [Fact]
    public void VaultKeptAgain_TakesItsPlaceOnce_AndIsTheNewest()
    {
        var known = new KnownStates(2 * KnownStates.BytesOfState);
        known.Keep(VaultState.Empty("a"));
        for (var sequence = 1; sequence <= 5; sequence++)
            known.Keep(VaultState.Empty("b") with { Sequence = sequence });
        Assert.NotNull(known.Find("a"));
        Assert.Equal(5, known.Find("b")!.Sequence);
        known.Forget("b");
        Assert.Null(known.Find("b"));
    }

    [Fact]
    public void LargeState_PushesOutTheOthers_AndIsKeptItself()
    {
        var known = new KnownStates(3 * KnownStates.BytesOfState);
        known.Keep(VaultState.Empty("a"));
        var large = VaultState.Empty("b");
        foreach (var entry in new[] { History.Added("b"), History.Offered() }.Concat(Enumerable.Range(1, 1_000).Select(History.DepositOf)))
            large = large.Apply(LogEntry.Place(entry, large.Sequence + 1, large.Chain));
        known.Keep(large);
        Assert.Null(known.Find("a"));
        Assert.Same(large, known.Find("b"));
    }
}
