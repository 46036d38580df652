using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake skill</c>: skill or luck; <c>backstake skill calibrate</c> counts how often it is right.</summary>
internal static class SkillCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var command = field.Create("skill", "Skill or luck: the probability that the expected return is above zero, drawn towards the field and corrected for how many were looked at. Ordered by the lower bound per unit of CVaR.", (result, output) =>
        {
            var skill = FieldSkill.Of(field.Known(result));
            if (result.GetValue(field.Json))
            {
                TextTable.WriteJson(output, new { lookedAt = skill.Models.Count, skill.Level, skill.LevelError, skill.Spread, models = skill.Models.Select(m => new { m.Model, m.Rounds, m.Mean, meanHalfWidth = m.MeanError.HalfWidth(FieldSkill.Coverage), m.Shrunk, m.Lower, m.Upper, m.ProbabilityPositive, m.QValue, m.Cvar, m.Order }), tooEarlyToSay = skill.TooEarly });
                return;
            }

            if (skill.Models.Count > 0) TextTable.Write(output, ["model", "rounds", "mean", "shrunk [90 %]", "P(> 0)", "false discoveries", "CVaR 95 %", "order"], skill.Models.Select(m => new[]
            {
                m.Model, $"{m.Rounds}", $"{m.Mean:0.0000}", $"{m.Shrunk:0.0000} [{m.Lower:0.0000}, {m.Upper:0.0000}]", $"{m.ProbabilityPositive:0.000}", $"{m.QValue:0.000}", $"{m.Cvar:0.0000}", $"{m.Order:0.0000}",
            }));
            if (skill.Models.Count > 0) output.WriteLine($"{skill.Models.Count} models were looked at. False discoveries: of this model and all more convincing, the part that is expected to be there by luck.");
            if (skill.Models.Count > 0) output.WriteLine($"The field: {skill.Level:0.0000} ± {skill.LevelError:0.0000} a round; skill differs by {skill.Spread:0.0000} (deviation) once luck is taken out.");
            if (skill.TooEarly.Count > 0) output.WriteLine($"Too early to say (fewer than {MeanError.LeastRounds} resolved rounds): {string.Join(", ", skill.TooEarly)}.");
        }, field.Until, field.Terms);
        command.Add(Calibrate());
        return command;
    }

    private static Command Calibrate()
    {
        var quick = new Option<bool>("--quick") { Description = "Fewer fields: what every test run counts." };
        var command = new Command("calibrate", "Count on simulated fields of known skill how often intervals, discoveries and rankings are right (minutes).") { quick };
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            TextTable.Write(output, ["field", "models", "fields", "seed", "mean ∈ 90 %", "shrunk ∈ 90 %", "volatility ∈ 90 %", "CVaR ∈ 90 %", "called", "false, of a field", "false, of all", "shrunk top 5 beats raw", "ties", "shrunk earns", "raw earns"], CalibrationCase.All.Select(known =>
            {
                var c = known.Run(result.GetValue(quick) ? known.QuickFields : known.Fields);
                return new[] { known.Name, $"{c.Models}", $"{c.Fields}", $"{c.Seed}", $"{c.MeanCoverage:P1}", $"{c.ShrunkCoverage:P1}", $"{c.VolatilityCoverage:P1}", $"{c.CvarCoverage:P1}", $"{c.Discoveries}", $"{c.FalseShareOfField:P1}", $"{c.FalseShare:P1}", $"{c.ShrunkBeatsRaw:P1}", $"{c.Ties:P0}", $"{c.ShrunkTopReturn:0.0000}", $"{c.RawTopReturn:0.0000}" };
            }));
            foreach (var known in CalibrationCase.All) output.WriteLine($"{known.Name}: {known.Description}.");
            return ExitStatus.Done;
        });
        return command;
    }
}
