using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>A vault's history from its beginning (ACCOUNTING.md 6): anybody can fold it and must get the same books.</summary>
public sealed record ReplayFile(VaultSettings Vault, ImmutableSortedDictionary<TermsId, Terms> Terms, ImmutableArray<VaultEvent> Events)
{
    public const string Schema = "backstake-replay/1";

    /// <summary>The whole file is refused where anything in it is malformed.</summary>
    public static Parsed<ReplayFile> Read(ReadOnlyMemory<byte> utf8) => Parsed<ReplayFile>.Reading(() => Read(StrictJson.Document(utf8)));

    /// <summary>One event a line.</summary>
    public byte[] Write()
    {
        var lines = new List<byte>();
        lines.AddRange(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WritePropertyName("vault");
            TermsJson.WriteVault(json, Vault);
            json.WritePropertyName("terms");
            TermsJson.WriteAll(json, Terms);
            json.WriteEndObject();
        }).AsSpan()[..^1]);
        lines.AddRange(",\"events\":["u8);
        for (var i = 0; i < Events.Length; i++)
        {
            lines.AddRange(i == 0 ? "\n"u8 : ",\n"u8);
            lines.AddRange(EventJson.Write(Events[i]).AsSpan());
        }

        lines.AddRange("\n]}\n"u8);
        return [.. lines];
    }

    /// <summary>Empty books that know all terms of the file.</summary>
    public Books Begin() => Terms.Aggregate(Books.Open(Vault), (books, terms) => books.WithTerms(terms.Key, terms.Value));

    /// <summary>Folds the whole history.</summary>
    public BooksDocument Replay()
    {
        var fold = new Fold(Begin());
        var weeks = ImmutableArray.CreateBuilder<WeekEntry>();
        var errors = ImmutableArray.CreateBuilder<RefusedEvent>();
        for (var i = 0; i < Events.Length; i++)
        {
            if (fold.Apply(Events[i], out var settlement) is { } refusal) errors.Add(new RefusedEvent(i, refusal));
            if (settlement is not null) weeks.Add(settlement.Entry);
        }

        return new(weeks.ToImmutable(), errors.ToImmutable());
    }

    private static ReplayFile Read(StrictJson json)
    {
        // A file of another schema may have other fields, so the schema is judged first.
        if (json.Members().TryGetValue("schema", out var schema) && schema.Text() != Schema) throw schema.Malformed($"not {Schema}");
        var fields = json.Object("schema", "vault", "terms", "events");
        var vault = TermsJson.ReadVault(fields["vault"]);
        var terms = TermsJson.ReadAll(fields["terms"]).ToImmutableSortedDictionary(one => one.Id, one => one.Terms);
        var events = fields["events"].Items().Select(item => ReadEvent(item, terms)).ToImmutableArray();
        return new(vault, terms, events);
    }

    internal static VaultEvent ReadEvent(StrictJson json, ImmutableSortedDictionary<TermsId, Terms> terms)
    {
        var vaultEvent = EventJson.Read(json);
        var beyondSupply = vaultEvent is Deposit deposit && terms.TryGetValue(deposit.Terms, out var known) && deposit.Units * known.UnitSize > Nmr.GreatestSupply;
        return beyondSupply ? throw json.Object("type", "backer", "terms", "units", "payout?")["units"].Malformed($"together beyond {Nmr.GreatestSupply} NMR") : vaultEvent;
    }
}
