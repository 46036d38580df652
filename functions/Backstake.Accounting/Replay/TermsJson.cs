using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>Terms and vault settings as the replay file and the stored books hold them (ACCOUNTING.md 1 and 6). Written with every field; bounds are checked on reading.</summary>
internal static class TermsJson
{
    public static VaultSettings ReadVault(StrictJson json)
    {
        var fields = json.Object("id", "staking", "concurrentRounds?", "maxBurnBps?");
        var id = fields["id"];
        if (!VaultSettings.IsWellFormedId(id.Text())) throw id.Malformed("not 1 to 64 letters, digits, dots, underscores and hyphens");
        return new VaultSettings(
            id.Text(),
            Words.Staking.Read(fields["staking"]),
            (int?)fields.Optional("concurrentRounds")?.Integer(1, VaultSettings.MostConcurrentRounds) ?? VaultSettings.DefaultConcurrentRounds,
            fields.Optional("maxBurnBps")?.BasisPoints());
    }

    public static void WriteVault(Utf8JsonWriter json, VaultSettings vault)
    {
        json.WriteStartObject();
        json.WriteString("id", vault.Id);
        json.WriteString("staking", Words.Staking[vault.Staking]);
        json.WriteNumber("concurrentRounds", vault.ConcurrentRounds);
        json.WriteNumber("maxBurnBps", vault.MaxBurnBps.Value);
        json.WriteEndObject();
    }

    public static IEnumerable<(TermsId Id, Terms Terms)> ReadAll(StrictJson json)
    {
        foreach (var (id, terms) in json.Members())
        {
            if (!TermsId.IsWellFormed(id)) throw terms.Malformed("terms are named by 1 to 64 letters, digits, dots, underscores and hyphens");
            yield return (new TermsId(id), Read(terms));
        }
    }

    public static void WriteAll(Utf8JsonWriter json, IEnumerable<KeyValuePair<TermsId, Terms>> all)
    {
        json.WriteStartObject();
        foreach (var (id, terms) in all)
        {
            json.WritePropertyName(id.Text);
            Write(json, terms);
        }

        json.WriteEndObject();
    }

    public static Terms Read(StrictJson json)
    {
        var fields = json.Object(
            "unitSize", "profitShareBps", "lossShareBps?", "reserveBps?", "crystallisation", "clawBackWeeks?", "compoundingWeeks", "lockupWeeks?", "upfrontFeeBps?", "houseMinBps?");
        var lossShare = fields.Optional("lossShareBps")?.BasisPoints() ?? BasisPoints.Zero;
        return new Terms
        {
            UnitSize = fields["unitSize"].Amount(Terms.SmallestUnitSize, Terms.GreatestUnitSize),
            ProfitShareBps = fields["profitShareBps"].BasisPoints(),
            LossShareBps = lossShare,
            ReserveBps = fields.Optional("reserveBps")?.BasisPoints() ?? lossShare,
            Crystallisation = Words.Crystallisation.Read(fields["crystallisation"]),
            ClawBackWeeks = (int?)fields.Optional("clawBackWeeks")?.Integer(0, Terms.MostClawBackWeeks) ?? 0,
            CompoundingWeeks = (int)fields["compoundingWeeks"].Integer(1, Terms.MostWeeks),
            LockupWeeks = (int?)fields.Optional("lockupWeeks")?.Integer(0, Terms.MostWeeks) ?? 0,
            UpfrontFeeBps = fields.Optional("upfrontFeeBps")?.BasisPoints(Terms.MostUpfrontFeeBps) ?? BasisPoints.Zero,
            HouseMinBps = fields.Optional("houseMinBps")?.BasisPoints() ?? BasisPoints.Zero,
        };
    }

    public static void Write(Utf8JsonWriter json, Terms terms)
    {
        json.WriteStartObject();
        json.WriteString("unitSize", terms.UnitSize.ToString());
        json.WriteNumber("profitShareBps", terms.ProfitShareBps.Value);
        json.WriteNumber("lossShareBps", terms.LossShareBps.Value);
        json.WriteNumber("reserveBps", terms.ReserveBps.Value);
        json.WriteString("crystallisation", Words.Crystallisation[terms.Crystallisation]);
        json.WriteNumber("clawBackWeeks", terms.ClawBackWeeks);
        json.WriteNumber("compoundingWeeks", terms.CompoundingWeeks);
        json.WriteNumber("lockupWeeks", terms.LockupWeeks);
        json.WriteNumber("upfrontFeeBps", terms.UpfrontFeeBps.Value);
        json.WriteNumber("houseMinBps", terms.HouseMinBps.Value);
        json.WriteEndObject();
    }
}
