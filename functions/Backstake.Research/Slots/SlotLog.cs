using System.Globalization;
using System.Text;

namespace Backstake.Research;

/// <summary>Which model was in which slot in a round.</summary>
public sealed record SlotAssignment(int Round, string Slot, string Model);

/// <summary>An assignment log: CSV with the header round,slot,model. In a round a slot holds one model, and a model is in at most one slot.</summary>
public static class SlotLog
{
    private const string Header = "round,slot,model";

    /// <summary>Throws <see cref="ResearchInputException"/> with the line for anything else.</summary>
    public static IReadOnlyList<SlotAssignment> Read(string name, string text)
    {
        var lines = text.Split('\n');
        if (lines[0].TrimEnd('\r') != Header) throw new ResearchInputException($"{name}, line 1: expected '{Header}'.");
        var log = new List<SlotAssignment>();
        var (slots, models) = (new HashSet<(int, string)>(), new HashSet<(int, string)>());
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0) continue;
            var cells = line.Split(',');
            if (cells.Length != 3 || cells[1].Length == 0 || cells[2].Length == 0 || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round)) throw new ResearchInputException($"{name}, line {i + 1}: expected a round, a slot and a model.");
            if (!slots.Add((round, cells[1]))) throw new ResearchInputException($"{name}, line {i + 1}: slot {cells[1]} has two models in round {round}.");
            if (!models.Add((round, cells[2]))) throw new ResearchInputException($"{name}, line {i + 1}: {cells[2]} is in two slots in round {round}.");
            log.Add(new SlotAssignment(round, cells[1], cells[2]));
        }

        return log.Count > 0 ? log : throw new ResearchInputException($"{name} holds no assignment.");
    }

    public static string Write(IEnumerable<SlotAssignment> log)
    {
        var text = new StringBuilder($"{Header}\n");
        foreach (var a in log) text.Append($"{a.Round},{a.Slot},{a.Model}\n");
        return text.ToString();
    }

    /// <summary>The returns of slots: what the model then in it returned; NaN where none was, or it took no part.</summary>
    public static ReturnTable Slots(IReadOnlyList<SlotAssignment> log, ReturnTable returns) => Moved(log, returns, a => a.Slot);

    /// <summary>The returns of models in the rounds in which they were in a slot, however they moved.</summary>
    public static ReturnTable Models(IReadOnlyList<SlotAssignment> log, ReturnTable returns) => Moved(log, returns, a => a.Model);

    private static ReturnTable Moved(IReadOnlyList<SlotAssignment> log, ReturnTable returns, Func<SlotAssignment, string> by)
    {
        string[] names = [.. log.Select(by).Distinct()];
        var rows = names.ToDictionary(name => name, _ => Enumerable.Repeat(double.NaN, returns.Rounds.Count).ToArray());
        var places = returns.Rounds.Select((round, t) => (round, t)).ToDictionary(x => x.round, x => x.t);
        foreach (var a in log)
        {
            if (!places.TryGetValue(a.Round, out var t)) throw new ResearchInputException($"There are no scores of round {a.Round}, in which {a.Model} was in slot {a.Slot}.");
            rows[by(a)][t] = returns[returns.IndexOf(a.Model), t];
        }

        return new ReturnTable(returns.Rounds, names, [.. names.Select(name => rows[name])]);
    }
}
