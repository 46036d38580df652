using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers.Allocation;

/// <summary>A settlement's payment to a backer, with the deposits that their allocation asks for, prepared for their own wallet: nobody else can send them, and nothing is sent here.</summary>
public sealed class AllocatedPayment(Allocations allocations, BackerAccount accounts, VaultStore store, VaultRegistry registry, ModelOwners models, EthereumNode node, TimeProvider clock)
{
    public async Task<IActionResult> Of(VaultState state, Week week, Backer backer, CancellationToken stop)
    {
        var payment = (await accounts.Statement(state, backer, week, stop))?.Paid ?? Nmr.Zero;
        var (allocation, targets) = (await allocations.InForce(state.Id, backer.Address, week, stop), new Dictionary<string, VaultState>(StringComparer.Ordinal));
        foreach (var vault in allocation?.Parts.Select(part => part.Vault).Distinct(StringComparer.Ordinal) ?? [])
        {
            if (await registry.Find(vault, stop) is not null)
                targets[vault] = await store.Load(vault, stop);
        }

        var split = allocation is null ? new PayoutSplit(payment, []) : PayoutSplit.Of(payment, allocation, part =>
            targets.TryGetValue(part.Vault, out var target) && !target.Record.Withdrawn.Contains(part.Terms) && target.Record.Terms.TryGetValue(part.Terms, out var terms) ? terms.UnitSize : null);
        var prepared = new List<PreparedAct?>();
        foreach (var part in split.Parts)
            prepared.Add(part.Units.IsZero ? null : await Prepare(targets[part.Part.Vault], part, backer, stop));
        return JsonAnswer.Written(json => Write(json, state, week, backer, allocation?.Version, split, prepared));
    }

    async Task<PreparedAct> Prepare(VaultState target, SplitPart part, Backer backer, CancellationToken stop)
    {
        if (await models.LostSince(target.Id, stop) is { } since)
            return new([], new(OwnershipProblems.LostKind.Code, OwnershipProblems.WhyLost(since), []));
        var books = target.Record.IsOver ? target.Books : RunningVault.At(target, clock.GetUtcNow()).Books;
        return await ChainActs.Prepare(node.Web3, target.Id, books, new Deposit(backer, new TermsId(part.Part.Terms), part.Units), backer, stop);
    }

    void Write(Utf8JsonWriter json, VaultState state, Week week, Backer backer, uint? version, PayoutSplit split, List<PreparedAct?> prepared)
    {
        json.WriteString("vault", state.Id);
        json.WriteString("backer", backer.Address);
        AsOf.Of(state).Write(json);
        json.WriteNumber("chainId", node.ChainId);
        json.WriteNumber("week", week.Number);
        json.WriteBoolean("accepted", week.Number <= state.Record.LastAcceptedWeek);
        if (version is { } signed)
            json.WriteNumber("allocation", signed);
        else
            json.WriteNull("allocation");
        json.WriteString("payment", split.Payment.ToString());
        json.WriteString("wallet", split.Wallet.ToString());
        json.WriteStartArray("parts");
        foreach (var (part, act) in split.Parts.Zip(prepared))
        {
            json.WriteStartObject();
            json.WriteString("vault", part.Part.Vault);
            json.WriteString("terms", part.Part.Terms);
            json.WriteNumber("bps", part.Part.Bps);
            json.WriteString("share", part.Share.ToString());
            json.WriteNumber("units", part.Units.Count);
            json.WriteString("price", part.Price.ToString());
            json.WriteString("refused", act?.Refusal?.Code ?? (part.UnitSize is null ? Refusal.UnknownTerms.Code : null));
            json.WriteString("explanation", act?.Refusal?.Explanation ?? (part.UnitSize is null ? "The vault doesn't offer these terms any more: this part stays in the wallet." : null));
            PreparedCallJson.Write(json, "transactions", act?.Calls ?? []);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
