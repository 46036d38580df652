namespace Backstake.Functions.Numerai;

/// <summary>
/// Keeps this process below Numerai's limits per address and minute (NUMERAI.md, "API"): a call beyond them isn't made, and its step comes back later.
/// Who was refused once for calling too often may be shut out for everything.
/// </summary>
/// <remarks>Assumption: each query has its own limit, and "submissions" is that of each query which lists, uploads or downloads them.</remarks>
public sealed class NumeraiCalls(TimeProvider clock)
{
    /// <summary>Of the calls of <c>model</c>, those for the name of a vault that is new: anybody can make vaults, and those that are there submit by the rest.</summary>
    public const string ModelName = "modelName";

    const int Submissions = 100;
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The most calls of a query in any minute.</summary>
    public static readonly IReadOnlyDictionary<string, int> Most = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["rounds"] = 250, ["model"] = Submissions, [ModelName] = 25, ["submissionUploadAuth"] = Submissions, ["submissionDownloadAuth"] = Submissions, ["createSubmission"] = 500,
        ["v3StakeAuth"] = 120, ["v3StakeClaim"] = 120,
    };

    readonly Lock gate = new();
    readonly Dictionary<string, Queue<DateTimeOffset>> made = new(StringComparer.Ordinal);

    /// <summary>Counts a call that is about to be made.</summary>
    /// <exception cref="NumeraiException"><c>numeraiLimit</c>: it would be one too many.</exception>
    public void Count(string query)
    {
        if (!Most.TryGetValue(query, out var most))
            return;
        lock (gate)
        {
            if (!made.TryGetValue(query, out var times))
                made[query] = times = new(most);
            var now = clock.GetUtcNow();
            while (times.TryPeek(out var oldest) && now - oldest > Window)
                times.Dequeue();
            if (times.Count >= most)
                throw NumeraiException.Limit($"{query}: {most} calls were made within a minute, and Numerai allows no more.");
            times.Enqueue(now);
        }
    }
}
