using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake slots</c>: keep each model in its slot, or deal them out every week.</summary>
internal static class SlotsCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var seeds = new Option<int>("--seeds") { Description = "How many shuffles.", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var write = new Option<FileInfo?>("--write") { Description = "Write one shuffle's assignment log (round,slot,model) here.", HelpName = "FILE" };
        var read = new Option<FileInfo?>("--read") { Description = "Read an assignment log instead: statistics of its slots, and of its models however they moved.", HelpName = "FILE" };
        var svg = new Option<FileInfo?>("--svg") { Description = "Draw the curves into this file.", HelpName = "FILE" };
        return field.Create("slots", "Keep each model in its slot, or deal them out at random every week: what that does to a slot.", (result, output) =>
        {
            var known = field.Known(result);
            if (result.GetValue(read) is { } log)
            {
                Print(output, result.GetValue(field.Json), SlotLog.Read(log.Name, File.ReadAllText(log.FullName)), known);
                return;
            }

            if (result.GetValue(seeds) < 20) throw new ResearchInputException("At least 20 shuffles: 5 % of fewer is nothing.");
            var shuffle = new SlotShuffle(known);
            var c = shuffle.Compare(result.GetValue(seeds), result.GetValue(field.Seed));
            if (result.GetValue(write) is { } file) WholeFiles.Write(file.FullName, SlotLog.Write(shuffle.Shuffle(result.GetValue(field.Seed))));
            if (result.GetValue(svg) is { } picture) WholeFiles.Write(picture.FullName, SlotChart.Of(c).Draw());
            var kept = c.Kept.Select(k => k[^1]).Order().ToArray();
            var spread = Risk.Volatility(kept);
            if (result.GetValue(field.Json)) TextTable.WriteJson(output, new { c.Seeds, average = c.Average[^1], kept = c.Models.Zip(c.Kept, (m, k) => new { model = m, final = k[^1] }), keptDeviation = spread, shuffledMean = c.FinalMean, shuffledDeviation = c.FinalDeviation, shuffledLower = c.Final.Lower, shuffledUpper = c.Final.Upper, shuffledMedianDrawdown = c.MedianDrawdown });
            else
            {
                TextTable.Write(output, ["what one slot brought, in stakes", "mean", "deviation", "lowest or 5 %", "highest or 95 %"],
                [
                    ["kept: each its own model", $"{kept.Average():0.000}", $"{spread:0.000}", $"{kept[0]:0.000}", $"{kept[^1]:0.000}"],
                    [$"shuffled weekly, {c.Seeds} seeds", $"{c.FinalMean:0.000}", $"{c.FinalDeviation:0.000}", $"{c.Final.Lower:0.000}", $"{c.Final.Upper:0.000}"],
                ]);
                output.WriteLine($"The average of all slots is {c.Average[^1]:0.000} either way. A shuffled slot's median deepest drawdown is {c.MedianDrawdown:0.000}.");
            }
        }, field.Until, field.Terms, seeds, write, read, svg);
    }

    private static void Print(TextWriter output, bool json, IReadOnlyList<SlotAssignment> log, ReturnTable known)
    {
        var (slots, models) = (SlotLog.Slots(log, known), SlotLog.Models(log, known));
        if (json)
        {
            TextTable.WriteJson(output, new { slots = new TrackRecords().Of(slots), models = new TrackRecords().Of(models) });
            return;
        }

        foreach (var (name, table) in new[] { ("slot", slots), ("model", models) })
        {
            TextTable.Write(output, [name, "rounds", "mean a round", "CVaR 95 %", "deepest drawdown"], new TrackRecords().Of(table).Select(r => new[] { r.Model, $"{r.Submitted}", r.Mean is null ? "too early to say" : TextTable.Of(r.Mean), TextTable.Of(r.Cvar), TextTable.Of(r.DeepestDrawdown, "0.000") }));
            output.WriteLine();
        }
    }
}
