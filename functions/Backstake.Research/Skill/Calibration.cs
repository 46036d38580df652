namespace Backstake.Research;

/// <summary>What the methods claim, counted on fields whose truth is known.</summary>
public sealed record Calibration
{
    public required int Fields { get; init; }
    public required int Models { get; init; }
    public required int Seed { get; init; }

    /// <summary>The part of the 90 % intervals of models' own means that hold the true skill.</summary>
    public required double MeanCoverage { get; init; }

    /// <summary>The same of the shrunk intervals.</summary>
    public required double ShrunkCoverage { get; init; }

    /// <summary>The same of the intervals of volatility.</summary>
    public required double VolatilityCoverage { get; init; }

    /// <summary>The same of the intervals of CVaR 95 %.</summary>
    public required double CvarCoverage { get; init; }

    /// <summary>Models called good at a q-value of at most 10 %, in all fields.</summary>
    public required int Discoveries { get; init; }

    /// <summary>The part of them, in all fields together, whose skill is not above zero.</summary>
    public required double FalseShare { get; init; }

    /// <summary>The mean over fields of that part (0 where nothing was called): what Benjamini and Hochberg bound.</summary>
    public required double FalseShareOfField { get; init; }

    public required int BhDiscoveries { get; init; }
    public required double BhFalseShare { get; init; }
    public required double BhFalseShareOfField { get; init; }

    /// <summary>The part of the fields in which the five best by shrunk value then earned more than the five best by plain mean; a tie is half.</summary>
    public required double ShrunkBeatsRaw { get; init; }

    public required double Ties { get; init; }

    /// <summary>What the five then earned a round, mean over fields.</summary>
    public required double ShrunkTopReturn { get; init; }

    public required double RawTopReturn { get; init; }

    public const double Nominal = 0.1;
    private const int Top = 5;

    public static Calibration Run(FieldMoments moments, int fields, int models, int past, int future, int seed)
    {
        var results = new One[fields];
        Parallel.For(0, fields, f => results[f] = One.Of(SimulatedField.Make(moments, models, past, future, seed + f)));
        double Share(Func<One, int> part, Func<One, int> whole) => results.Sum(whole) is var n and > 0 ? (double)results.Sum(part) / n : 0;
        return new Calibration
        {
            Fields = fields,
            Models = models,
            Seed = seed,
            MeanCoverage = Share(r => r.MeanCovered, r => r.Judged),
            ShrunkCoverage = Share(r => r.ShrunkCovered, r => r.Judged),
            VolatilityCoverage = Share(r => r.VolatilityCovered, r => r.Judged),
            CvarCoverage = Share(r => r.CvarCovered, r => r.Judged),
            Discoveries = results.Sum(r => r.Called),
            FalseShare = Share(r => r.CalledFalsely, r => r.Called),
            FalseShareOfField = results.Average(r => r.Called == 0 ? 0 : (double)r.CalledFalsely / r.Called),
            BhDiscoveries = results.Sum(r => r.BhCalled),
            BhFalseShare = Share(r => r.BhCalledFalsely, r => r.BhCalled),
            BhFalseShareOfField = results.Average(r => r.BhCalled == 0 ? 0 : (double)r.BhCalledFalsely / r.BhCalled),
            ShrunkBeatsRaw = results.Average(r => r.ShrunkTop > r.RawTop ? 1 : r.ShrunkTop < r.RawTop ? 0 : 0.5),
            Ties = results.Average(r => r.ShrunkTop == r.RawTop ? 1.0 : 0),
            ShrunkTopReturn = results.Average(r => r.ShrunkTop),
            RawTopReturn = results.Average(r => r.RawTop),
        };
    }

    private sealed record One(int Judged, int MeanCovered, int ShrunkCovered, int VolatilityCovered, int CvarCovered, int Called, int CalledFalsely, int BhCalled, int BhCalledFalsely, double ShrunkTop, double RawTop)
    {
        public static One Of(SimulatedField field)
        {
            var skill = FieldSkill.Of(field.Past);
            double Truth(ModelSkill m) => field.Skill[field.Past.IndexOf(m.Model)];
            // Names are MODEL_001 …: the order of the table.
            var truths = skill.Models.Select(Truth).ToArray();
            var q = FalseDiscovery.QValues([.. skill.Models.Select(m => m.MeanError.PValue(m.Mean))]);
            double Earned(IEnumerable<ModelSkill> top) => top.Take(Top).Average(m =>
            {
                var sum = 0.0;
                foreach (var x in field.Future[field.Past.IndexOf(m.Model)]) sum += x;
                return sum / field.Future.Rounds.Count;
            });
            var (volatility, cvar) = (0, 0);
            var (mean, shrunk, called, falsely, bhCalled, bhFalsely) = (0, 0, 0, 0, 0, 0);
            for (var i = 0; i < truths.Length; i++)
            {
                var m = skill.Models[i];
                if (Math.Abs(m.Mean - truths[i]) <= m.MeanError.HalfWidth(FieldSkill.Coverage)) mean++;
                if (m.Lower <= truths[i] && truths[i] <= m.Upper) shrunk++;
                var (at, series) = (field.Past.IndexOf(m.Model), field.Past.Submitted(field.Past.IndexOf(m.Model)));
                var deviation = Risk.Volatility(series);
                if (IsIn(RiskError.OfVolatility(deviation, series.Length), field.Volatility[at])) volatility++;
                if (IsIn(RiskError.OfCvar(m.Cvar, deviation, series.Length), truths[i] + (RiskError.NormalCvar * field.Volatility[at]))) cvar++;
                if (m.QValue <= Nominal)
                {
                    called++;
                    if (truths[i] <= 0) falsely++;
                }

                if (q[i] <= Nominal)
                {
                    bhCalled++;
                    if (truths[i] <= 0) bhFalsely++;
                }
            }

            return new One(truths.Length, mean, shrunk, volatility, cvar, called, falsely, bhCalled, bhFalsely, Earned(skill.Models.OrderByDescending(m => m.Shrunk)), Earned(skill.Models.OrderByDescending(m => m.Mean)));
        }

        private static bool IsIn((double Lower, double Upper) interval, double truth) => interval.Lower <= truth && truth <= interval.Upper;
    }
}
