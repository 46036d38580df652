using Backstake.Functions.Http;
using Backstake.Functions.Numerai;
using Backstake.Functions.Operations;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Owners;

/// <summary>
/// Whether the vaults' models are their owners': anybody can make a vault that names any model. It is proven by Numerai's own list of an account's models, once somebody has said whose the account is, and asked again every week.
/// </summary>
public sealed class ModelOwners(
    OwnershipTable table, OperatorOrders orders, VaultRegistry registry, INumerai numerai, TimeProvider clock, [FromKeyedServices(MachineClock.Key)] TimeProvider machine, ILogger<ModelOwners> logger)
{
    /// <summary>Vaults that one sweep looks at: with Numerai at its slowest a few minutes.</summary>
    public const int LooksMost = 10;

    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    const string AttestAct = "attest";
    const string WithdrawAct = "withdrawAttestation";

    readonly Lock gate = new();
    (long At, Task<Dictionary<string, Ownership>> All)? read;

    public async Task<ShownOwnership> Of(string vault, CancellationToken stop) => ShownOwnership.Of(await table.Find(vault, stop), clock.GetUtcNow());

    /// <summary>Since when nobody is helped to bring more NMR into a vault; null: nothing speaks against it. What was never proven is only shown: the vault may be older than its proof.</summary>
    public async Task<DateTimeOffset?> LostSince(string vault, CancellationToken stop) => await Of(vault, stop) is { Status: OwnershipStatus.Lost } lost ? lost.Since : null;

    /// <summary>As it was some seconds ago, with all that this process changed since: to be shown, one query for all.</summary>
    public async Task<ShownOwnership> Recent(string vault, CancellationToken stop)
    {
        Task<Dictionary<string, Ownership>> all;
        lock (gate)
        {
            if (read is not { } last || last.All.IsFaulted || machine.GetElapsedTime(last.At) >= Fresh)
                read = last = (machine.GetTimestamp(), ReadAll());
            all = last.All;
        }

        return ShownOwnership.Of((await all.WaitAsync(stop)).GetValueOrDefault(vault, Ownership.Nothing), clock.GetUtcNow());
    }

    /// <summary>The owner brought a key, and Numerai has just listed the model in its account.</summary>
    public Task KeyBrought(string vault, CancellationToken stop) => Change(vault, it => it.Seen(isOwners: true, isListed: true, clock.GetUtcNow()), stop);

    public Task KeyTakenBack(string vault, CancellationToken stop) => Change(vault, it => it.KeyTakenBack(clock.GetUtcNow()), stop);

    /// <summary>An operator says that this owner handed the model over; Numerai is asked at once whether it is there.</summary>
    public async Task<Ownership> Attest(RegisteredVault vault, Order order, CancellationToken stop)
    {
        await orders.Keep(AttestAct, vault.Id, order, stop);
        var now = clock.GetUtcNow();
        return await Look(vault, await Change(vault.Id, it => it.Attested(new(order.By, order.Reason, now)), stop), stop);
    }

    public async Task<Ownership> WithdrawAttestation(string vault, Order order, CancellationToken stop)
    {
        await orders.Keep(WithdrawAct, vault, order, stop);
        var now = clock.GetUtcNow();
        return await Change(vault, it => it.AttestationWithdrawn(now), stop);
    }

    /// <summary>What operators ordered about whose the vault's model is, the newest first.</summary>
    public async Task<IEnumerable<GivenOrder>> Orders(string vault, CancellationToken stop) => (await orders.About(vault, stop)).Where(order => order.Act is AttestAct or WithdrawAct);

    /// <summary>Looks again at those whose week is over. When Numerai can't be reached for one, the others wait, too.</summary>
    public async Task LookAgain(CancellationToken stop)
    {
        var looks = 0;
        await foreach (var (id, ownership) in table.All(stop))
        {
            if (!ownership.IsDue(clock.GetUtcNow()) || await registry.Find(id, stop) is not { } vault)
                continue;
            if ((await Look(vault, ownership, stop)).Trouble is NumeraiException.UnreachableCause or NumeraiException.LimitCause || ++looks == LooksMost)
                return;
        }
    }

    /// <param name="before">What was known when the look began: an answer is no word against what was brought since.</param>
    async Task<Ownership> Look(RegisteredVault vault, Ownership before, CancellationToken stop)
    {
        try
        {
            var account = await numerai.AccountOf(vault.Model, stop);
            var after = await Change(vault.Id, it => it == before ? it.Seen(account.IsOwners, account.Models.Contains(vault.ModelId, StringComparer.OrdinalIgnoreCase), clock.GetUtcNow()) : it, stop);
            if (after.Status == OwnershipStatus.Lost && after.Since == after.CheckedAt)
                logger.LogError("Vault {Vault}: its model isn't in its owner's account any more", vault.Id);
            return after;
        }
        catch (NumeraiException silent)
        {
            return await Change(vault.Id, it => it == before ? it.Unanswered(silent.Cause, clock.GetUtcNow()) : it, stop);
        }
    }

    async Task<Ownership> Change(string vault, Func<Ownership, Ownership> change, CancellationToken stop)
    {
        try
        {
            return await table.Change(vault, change, stop);
        }
        finally
        {
            lock (gate)
                read = null;
        }
    }

    async Task<Dictionary<string, Ownership>> ReadAll()
    {
        var all = new Dictionary<string, Ownership>(StringComparer.Ordinal);
        await foreach (var (vault, ownership) in table.All(CancellationToken.None))
            all[vault] = ownership;
        return all;
    }
}
