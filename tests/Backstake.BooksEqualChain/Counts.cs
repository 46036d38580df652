using System.Text;

namespace Backstake.BooksEqualChain;

/// <summary>How often what happened: acts that both accepted, refusals, situations.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<string, int> acts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> refusals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> situations = new(StringComparer.Ordinal);

    public void Act(string act) => Count(acts, act);

    public void Refused(string act, string refusal, bool byBoth) => Count(refusals, $"{act}: {refusal}{(byBoth ? "" : " (the chain alone)")}");

    public void Situation(string situation) => Count(situations, situation);

    public void SituationIf(bool there, string situation)
    {
        if (there) Situation(situation);
    }

    public void Add(Counts others)
    {
        foreach (var (table, other) in new[] { (acts, others.acts), (refusals, others.refusals), (situations, others.situations) })
        {
            foreach (var (what, times) in other) table[what] = table.GetValueOrDefault(what) + times;
        }
    }

    /// <summary>Those of the wanted that never occurred.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> wanted) => [.. wanted.Where(what => !acts.ContainsKey(what) && !refusals.ContainsKey(what) && !situations.ContainsKey(what))];

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (title, table) in new[] { ("accepted", acts), ("refused", refusals), ("situations", situations) })
        {
            text.Append(title).Append('\n');
            foreach (var (what, times) in table) text.Append($"{times,9}  {what}\n");
        }

        return text.ToString();
    }

    private static void Count(SortedDictionary<string, int> table, string what) => table[what] = table.GetValueOrDefault(what) + 1;
}
