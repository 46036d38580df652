using Backstake.Accounting;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Storage;

/// <summary>Histories that stand in storage.</summary>
static partial class History
{
    /// <summary>A vault with terms on offer and two units waiting.</summary>
    public static async Task<string> Begin(Machine machine)
    {
        var vault = StorageGround.NewVault();
        await machine.Append(vault, Added(vault), Offered(), Deposited(1, 2));
        return vault;
    }

    /// <summary>A round won, a round under way and two settlements, each with a failed attempt beside it.</summary>
    public static async Task<string> TwoWeeks(Machine machine)
    {
        var vault = await Begin(machine);
        await Settle(machine, vault);
        await machine.Append(vault, new NewEntry("accept|1", new SettlementAccepted(1), FirstCut.AddHours(40), new ChainSource(900, "0xacce", 0)));
        await machine.Append(vault, Opened(1), Closed(1), Resolved(1, Nmr.FromNmr(1)));
        await machine.Append(vault, Offered("b2" + TermsOne[2..]));
        await machine.Append(vault, Opened(2), new NewEntry(
            "failed|submission|2|1", new AttemptFailed(Step.Submission, 2, 1, Cause.NoPredictions, "no file"), OpensAt(2)));
        await Settle(machine, vault);
        await machine.Append(vault, Closed(2), Deposited(2));
        return vault;
    }

    public static Task Settle(Machine machine, string vault) =>
        machine.Store.Run(vault, work => new VaultSettlement(machine.Blobs).Settle(work, default), default);

    /// <summary>The fold from the first event on, without a store.</summary>
    public static async Task<VaultState> FoldFromTheBeginning(Machine machine, string vault) =>
        (await machine.ReadAll(vault)).Aggregate(VaultState.Empty(vault), (state, entry) => state.Apply(entry));
}
