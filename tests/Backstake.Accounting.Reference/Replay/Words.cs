namespace Backstake.Accounting.Reference;

/// <summary>The words of the formats for our enums.</summary>
internal static class Words
{
    public static readonly Words<Staking> Staking = new((Reference.Staking.PerRound, "perRound"), (Reference.Staking.Continuous, "continuous"));

    public static readonly Words<Payout> Payout = new((Reference.Payout.Compound, "compound"), (Reference.Payout.Pay, "pay"));

    public static readonly Words<Crystallisation> Crystallisation = new(
        (Reference.Crystallisation.AtEnd, "atEnd"),
        (Reference.Crystallisation.Weekly, "weekly"),
        (Reference.Crystallisation.WeeklyHighWater, "weeklyHighWater"));
}

internal sealed class Words<T>(params (T Value, string Word)[] words)
    where T : struct, Enum
{
    public string this[T value] => Array.Find(words, word => EqualityComparer<T>.Default.Equals(word.Value, value)).Word;

    public T Read(StrictJson json)
    {
        var text = json.Text();
        foreach (var (value, word) in words)
        {
            if (word == text) return value;
        }

        throw json.Malformed($"not one of {string.Join(", ", words.Select(word => word.Word))}");
    }
}
