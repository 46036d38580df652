using System.Globalization;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Vaults;

/// <summary>Which vaults are asked for, and in which order: <c>tournament</c>, <c>status</c>, <c>terms</c> (on offer), <c>minReliabilityBps</c>, <c>minFreeUnits</c>; <c>sort</c> is <c>id</c>, <c>reliability</c> or <c>freeUnits</c>, greatest first.</summary>
public sealed record VaultQuery(int? Tournament, string? Status, string? Terms, int? MinReliabilityBps, long? MinFreeUnits, string Sort)
{
    public const string ById = "id";
    const long Unlimited = long.MaxValue - 1;
    static readonly string[] Sorts = [ById, "reliability", "freeUnits"];
    static readonly string[] Names = ["tournament", "status", "terms", "minReliabilityBps", "minFreeUnits", "sort", "limit", "cursor"];

    public static Asked<VaultQuery> Of(HttpRequest request)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!Names.Contains(name, StringComparer.Ordinal))
                return new(null, HttpProblems.MalformedAt("query", $"the vaults are asked for by {string.Join(", ", Names)}"));
            if (values.Count != 1)
                return new(null, HttpProblems.MalformedAt(name, "given twice"));
        }

        foreach (var name in new[] { "tournament", "minReliabilityBps", "minFreeUnits" })
        {
            if (Text(request, name) is not null && Number(request, name) is null)
                return new(null, HttpProblems.MalformedAt(name, "not a whole number"));
        }

        var sort = Text(request, "sort") ?? ById;
        return Sorts.Contains(sort, StringComparer.Ordinal)
            ? new(new(Number(request, "tournament"), Text(request, "status"), Text(request, "terms"), Number(request, "minReliabilityBps"), Number(request, "minFreeUnits"), sort), null)
            : new(null, HttpProblems.MalformedAt("sort", $"not one of {string.Join(", ", Sorts)}"));
    }

    public bool Wants(RegisteredVault vault) => Tournament is null || vault.Tournament == Tournament;

    public bool Wants(VaultSummary vault) =>
        (Status is null || vault.Status == Status)
        && (Terms is null || vault.Offers.Any(offer => offer.Terms == Terms))
        && (MinReliabilityBps is null || vault.Reliability.Bps >= MinReliabilityBps)
        && (MinFreeUnits is null || FreeUnits(vault) >= MinFreeUnits);

    /// <summary>What the vaults are sorted by, before their ids; the greater comes first. From -1 (unknown) to 2^63 - 2.</summary>
    public long Rank(VaultSummary vault) => Sort switch
    {
        "reliability" => vault.Reliability.Bps ?? -1,
        "freeUnits" => FreeUnits(vault),
        _ => 0,
    };

    /// <summary>Under the terms that are asked for, else under whichever has most.</summary>
    long FreeUnits(VaultSummary vault) =>
        vault.Offers.Where(offer => Terms is null || offer.Terms == Terms).Select(offer => offer.FreeUnits ?? Unlimited).DefaultIfEmpty(-1).Max();

    static string? Text(HttpRequest request, string name) => request.Query.TryGetValue(name, out var value) ? value[0] : null;

    static int? Number(HttpRequest request, string name) =>
        int.TryParse(Text(request, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
