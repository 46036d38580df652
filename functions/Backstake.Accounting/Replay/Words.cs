namespace Backstake.Accounting;

/// <summary>The words of the formats for our enums.</summary>
internal static class Words
{
    public static readonly Words<Staking> Staking = new((Accounting.Staking.PerRound, "perRound"), (Accounting.Staking.Continuous, "continuous"));

    public static readonly Words<Payout> Payout = new((Accounting.Payout.Compound, "compound"), (Accounting.Payout.Pay, "pay"));

    public static readonly Words<Crystallisation> Crystallisation = new(
        (Accounting.Crystallisation.AtEnd, "atEnd"),
        (Accounting.Crystallisation.Weekly, "weekly"),
        (Accounting.Crystallisation.WeeklyHighWater, "weeklyHighWater"));

    public static readonly Words<HoldingState> HoldingState = new(
        (Accounting.HoldingState.Waiting, "waiting"), (Accounting.HoldingState.Live, "live"), (Accounting.HoldingState.Leaving, "leaving"));

    public static readonly Words<MovementKind> MovementKind = new(
        (Accounting.MovementKind.Deposit, "deposit"), (Accounting.MovementKind.CancelDeposit, "cancelDeposit"), (Accounting.MovementKind.Exit, "exit"),
        (Accounting.MovementKind.CancelExit, "cancelExit"), (Accounting.MovementKind.TransferOut, "transferOut"), (Accounting.MovementKind.TransferIn, "transferIn"));
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
