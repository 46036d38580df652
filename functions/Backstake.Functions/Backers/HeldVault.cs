using System.Text.Json;
using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backers;

/// <summary>A backer's position in one vault, with what tells the vault apart.</summary>
sealed record HeldVault(VaultState State, Position Position)
{
    public void Write(Utf8JsonWriter json)
    {
        var vault = new RunningVault(State, State.Books);
        json.WriteString("vault", State.Id);
        json.WriteString("model", State.Vault.Model);
        json.WriteNumber("tournament", State.Vault.Tournament);
        json.WriteString("owner", State.Vault.Owner);
        json.WriteString("status", VaultSummary.StatusOf(State));
        AsOf.Of(State).Write(json);
        PositionJson.Write(json, Position, vault.Resolving, vault.Calendar.Written);
    }

    /// <summary>The portfolio: sums over all vaults, and how what it is worth is spread.</summary>
    public static void Write(Utf8JsonWriter json, string backer, IReadOnlyList<HeldVault> held, IReadOnlyList<string> damaged)
    {
        json.WriteString("backer", backer);
        json.WriteStartObject("totals");
        PositionJson.WriteTotals(json, new() { Backer = new(backer), Holdings = [.. held.SelectMany(one => one.Position.Holdings)], NextPayment = Nmr.Zero });
        json.WriteString("nextPayment", Sum(held, one => one.Position.NextPayment).ToString());
        json.WriteEndObject();
        WriteSpread(json, "byOwner", held, one => one.State.Vault.Owner);
        WriteSpread(json, "byTournament", held, one => $"{one.State.Vault.Tournament}");
        json.WriteStartArray("vaults");
        foreach (var one in held)
        {
            json.WriteStartObject();
            one.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("damaged");
        foreach (var vault in damaged)
            json.WriteStringValue(vault);
        json.WriteEndArray();
    }

    static void WriteSpread(Utf8JsonWriter json, string name, IReadOnlyList<HeldVault> held, Func<HeldVault, string> by)
    {
        json.WriteStartObject(name);
        foreach (var group in held.GroupBy(by, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
            json.WriteString(group.Key, Sum(group, one => one.Position.Worth).ToString());
        json.WriteEndObject();
    }

    static Nmr Sum(IEnumerable<HeldVault> held, Func<HeldVault, Nmr> of) => held.Aggregate(Nmr.Zero, (sum, one) => sum + of(one));
}
