using System.Globalization;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Research;

namespace Backstake.Cli.Simulate;

/// <summary>The 5, 50 and 95 % outcomes of many paths, as text or JSON. Amounts in NMR, to the wei.</summary>
internal sealed record SimulationReport(string Model, SimulationPlan Plan, SimulatedOutcomes Outcomes)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            model = Model,
            paths = Outcomes.Count,
            rounds = Plan.Rounds,
            invested = Plan.Invested.ToString(),
            backer = SimulatedOutcomes.Percents.ToDictionary(Name, percent => Outcomes.Backer(percent).ToString()),
            owner = SimulatedOutcomes.Percents.ToDictionary(Name, percent => Outcomes.Owner(percent).ToString()),
        },
        Form);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Model}: {Outcomes.Count} paths of {Plan.Rounds} rounds; the backer invests {Plan.Invested} NMR, the owner {Plan.House} (house) and {Plan.Reserve} (reserve)\n") +
        Line("backer", Outcomes.Backer, Plan.Invested) + Line("owner", Outcomes.Owner, Plan.OfOwner);

    private static string Name(int percent) => string.Create(CultureInfo.InvariantCulture, $"p{percent:d2}");

    private static string Line(string who, Func<int, Nmr> gain, Nmr putIn) => $"{who,-7}" + string.Concat(SimulatedOutcomes.Percents.Select(percent => Cell(percent, gain(percent), putIn))) + "\n";

    private static string Cell(int percent, Nmr gain, Nmr putIn)
    {
        var share = putIn.IsPositive ? string.Create(CultureInfo.InvariantCulture, $" ({(double)gain.Wei / (double)putIn.Wei:+0.00%;-0.00%})") : "";
        return $"  {percent} %: {gain}{share}";
    }
}
