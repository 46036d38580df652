using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake benefit</c>: what stakes are worth to a metamodel that averages models.</summary>
internal static class BenefitCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var stakes = new Option<string>("--stakes") { Description = $"What is staked, NMR: {Amounts.Form}", HelpName = "LIST or FILE", Required = true };
        var add = new Option<string?>("--add") { Description = "New stake, in the same form: warned of where others already are.", HelpName = "LIST or FILE" };
        return field.Create("benefit", "What stakes are worth to a metamodel that averages models: concentration, models that move together, how many unrelated models they amount to; models without stake that are good.", (result, output) =>
        {
            var b = MetamodelBenefit.Of(field.Known(result), Amounts.Of(result.GetRequiredValue(stakes)), result.GetValue(add) is { } added ? Amounts.Of(added) : null);
            if (result.GetValue(field.Json))
            {
                TextTable.WriteJson(output, b);
                return;
            }

            output.WriteLine(Told("The stakes", b.Breadth));
            if (b.BreadthAfter is { } after) output.WriteLine(Told("With the new stake they", after));
            output.WriteLine();
            TextTable.Write(output, ["stake", "models that move together"], b.Clusters.Where(c => c.Share > 0 || c.Models.Count > 1).Select(c => new[] { $"{c.Share:P0}", string.Join(", ", c.Models) }), left: 1);
            foreach (var warning in b.Warnings) output.WriteLine($"\nWarning: {warning}");
            output.WriteLine();
            if (b.UnstakedButGood.Count == 0)
            {
                output.WriteLine($"Of {b.LookedAt} models looked at, none without stake is called good and says something new.");
                return;
            }

            output.WriteLine($"Without stake but good, of {b.LookedAt} looked at (false discoveries at most {MetamodelBenefit.Discovery:P0}; one of each group that moves together):");
            TextTable.Write(output, ["model", "expected a round [90 %]", "false discoveries", "moves with"], b.UnstakedButGood.Select(m => new[] { m.Model, TextTable.Of(m.Shrunk, m.Lower, m.Upper), $"{m.QValue:0.000}", string.Join(", ", m.MovesWith) }), left: 3);
        }, field.Until, field.Terms, stakes, add);
    }

    private static string Told(string who, StakeBreadth breadth) =>
        $"{who} are as concentrated as {1 / breadth.Herfindahl:0.0} equal ones (Herfindahl {breadth.Herfindahl:0.000}), and spread as widely as {breadth.EffectiveModels:0.0} unrelated models would.";
}
