using System.Globalization;
using System.Text.Json;
using Backstake.Accounting;

namespace Backstake.Cli.Simulate;

/// <summary>The 5, 50 and 95 % outcomes of many paths, as text or JSON. Amounts in NMR, to the wei.</summary>
internal sealed record SimulationReport(string Model, SimulationPlan Plan, IReadOnlyList<Outcome> Outcomes)
{
    private static readonly int[] Percents = [5, 50, 95];

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            model = Model,
            paths = Outcomes.Count,
            rounds = Plan.Rounds,
            invested = Plan.Invested.ToString(),
            backer = Percents.ToDictionary(Name, percent => At(percent, one => one.BackerGain).ToString()),
            owner = Percents.ToDictionary(Name, percent => At(percent, one => one.OwnerGain).ToString()),
        },
        Form);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Model}: {Outcomes.Count} paths of {Plan.Rounds} rounds; the backer invests {Plan.Invested} NMR, the owner {Plan.House} (house) and {Plan.Reserve} (reserve)\n") +
        Line("backer", one => one.BackerGain, Plan.Invested) + Line("owner", one => one.OwnerGain, Plan.OfOwner);

    private static string Name(int percent) => string.Create(CultureInfo.InvariantCulture, $"p{percent:d2}");

    private string Line(string who, Func<Outcome, Nmr> gain, Nmr putIn) => $"{who,-7}" + string.Concat(Percents.Select(percent => Cell(percent, At(percent, gain), putIn))) + "\n";

    private static string Cell(int percent, Nmr gain, Nmr putIn)
    {
        var share = putIn.IsPositive ? string.Create(CultureInfo.InvariantCulture, $" ({(double)gain.Wei / (double)putIn.Wei:+0.00%;-0.00%})") : "";
        return $"  {percent} %: {gain}{share}";
    }

    /// <summary>The smallest outcome that so many percent of the paths don't exceed.</summary>
    private Nmr At(int percent, Func<Outcome, Nmr> gain)
    {
        var sorted = Outcomes.Select(gain).Order().ToArray();
        return sorted[((sorted.Length * percent) + 99) / 100 - 1];
    }
}
