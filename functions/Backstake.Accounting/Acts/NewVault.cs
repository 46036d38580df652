namespace Backstake.Accounting;

/// <summary>
/// A vault that somebody wants to create, as it is asked for in JSON: <c>{ "act": "createVault", "owner", "modelId", "tournament", "guardian?", "committer?", "staker?", "settler?", "nmr?", "stakers?", "firstCut?", "windowSeconds?" }</c>.
/// Addresses are 0x and 40 lower-case hex digits; what is null is the usual, or the app's own. Whether the factory takes it, the chain says.
/// </summary>
/// <param name="Owner">Offers terms, brings house and reserve.</param>
/// <param name="ModelId">Numerai's id of the model.</param>
/// <param name="Tournament">By Numerai's number.</param>
public sealed record NewVault(string Owner, Guid ModelId, int Tournament)
{
    /// <summary>May veto and pause; null: only the owner.</summary>
    public string? Guardian { get; init; }

    public string? Committer { get; init; }

    public string? Staker { get; init; }

    public string? Settler { get; init; }

    public string? Nmr { get; init; }

    /// <summary>A generation of Numerai's staking contracts, on the factory's list.</summary>
    public string? Stakers { get; init; }

    /// <summary>When week 1 ends, UTC.</summary>
    public DateTimeOffset? FirstCut { get; init; }

    /// <summary>How long a proposed settlement can be vetoed.</summary>
    public long? WindowSeconds { get; init; }

    /// <summary>Unknown, missing and duplicate fields, wrong types and values out of their bounds are refused by their place.</summary>
    public static Parsed<NewVault> Read(ReadOnlyMemory<byte> utf8) => Parsed<NewVault>.Reading(() =>
    {
        var fields = StrictJson.Document(utf8).Object(
            "act", "owner", "modelId", "tournament", "guardian?", "committer?", "staker?", "settler?", "nmr?", "stakers?", "firstCut?", "windowSeconds?");
        if (fields["act"].Text() != "createVault") throw fields["act"].Malformed("not createVault");
        string? Address(string name) => fields.Optional(name) is { } field ? EventJson.BackerOf(field).Address : null;
        var id = fields["modelId"];
        return new(
            EventJson.BackerOf(fields["owner"]).Address, Guid.TryParseExact(id.Text(), "D", out var model) ? model : throw id.Malformed("not a UUID"), (int)fields["tournament"].Integer(1, int.MaxValue))
        {
            Guardian = Address("guardian"), Committer = Address("committer"), Staker = Address("staker"), Settler = Address("settler"), Nmr = Address("nmr"), Stakers = Address("stakers"),
            FirstCut = fields.Optional("firstCut") is { } cut ? UtcText.Read(cut.Text()) ?? throw cut.Malformed("not a time as 2026-01-04T18:00:00Z") : null,
            WindowSeconds = fields.Optional("windowSeconds")?.Integer(0, int.MaxValue),
        };
    });
}
