using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake figures</c>: the pictures of docs/research.md.</summary>
internal static class FiguresCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var folder = new Option<DirectoryInfo>("--out") { Description = "The folder to draw into.", HelpName = "DIR", Required = true };
        return field.Create("figures", "Draw the figures of docs/research.md: a made track record, made slots, and the walk-forward on the real scores.", (result, output) =>
        {
            var into = result.GetRequiredValue(folder);
            into.Create();
            var made = SimulatedField.Make(new FieldMoments(), 23, 295, 1, seed: 7).Past;
            Draw(into, "track-record.svg", TrackChart.Of("A made model (seed 7)", EquityBand.Of(made, 2)!));
            Draw(into, "slots.svg", SlotChart.Of(new SlotShuffle(made).Compare(seeds: 1_000, firstSeed: 1)));
            Draw(into, "walk-forward.svg", Evaluation.Run(field.Read(result), 943, 1137, result.GetValue(field.Seed)).Chart());
            output.WriteLine($"track-record.svg, slots.svg and walk-forward.svg are in {into}.");
        }, folder);
    }

    private static void Draw(DirectoryInfo folder, string name, LineChart chart) => WholeFiles.Write(Path.Combine(folder.FullName, name), chart.Draw());
}
