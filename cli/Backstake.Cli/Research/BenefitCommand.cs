using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake benefit</c>: what stakes are worth to a metamodel that averages models.</summary>
internal static class BenefitCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var stakes = new Option<string>("--stakes") { Description = "What is staked (NMR): A=100,B=50 or a file with a line A,100 for each.", HelpName = "LIST", Required = true };
        var add = new Option<string?>("--add") { Description = "New stake, in the same form: warned of where others already are.", HelpName = "LIST" };
        return field.Create("benefit", "Concentration, clusters and effective number of models of a set of stakes; models without stake that are good.", (result, output) =>
        {
            var b = MetamodelBenefit.Of(field.Known(result), FieldOptions.Amounts(result.GetRequiredValue(stakes)), result.GetValue(add) is { } added ? FieldOptions.Amounts(added) : null);
            if (result.GetValue(field.Json))
            {
                TextTable.WriteJson(output, b);
                return;
            }

            output.WriteLine($"Herfindahl {b.Herfindahl:0.000}; as wide as {b.EffectiveModels:0.0} unrelated models of equal stake.");
            TextTable.Write(output, ["models that move together", "stake"], b.Clusters.Where(c => c.Share > 0 || c.Models.Count > 1).Select(c => new[] { string.Join(", ", c.Models), $"{c.Share:P0}" }));
            foreach (var warning in b.Warnings) output.WriteLine($"Warning: {warning}");
            output.WriteLine(b.UnstakedButGood.Count > 0 ? $"Without stake but good (false discoveries at most 10 %): {string.Join(", ", b.UnstakedButGood)}." : "No model without stake is called good.");
        }, field.Until, field.Terms, stakes, add);
    }
}
