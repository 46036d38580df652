using System.Diagnostics;
using System.Globalization;
using System.Text;
using Backstake.Accounting;

namespace Backstake.Benchmarks;

/// <summary>A history of many years: each week five rounds close, five resolve, 120 backers buy units of two offers and some go, and the week is settled.</summary>
internal static class LongReplay
{
    private const int Weeks = 2_000;
    private const int BackersAWeek = 120;
    private const int Offers = 2;

    public static (double EventsPerSecond, double OpenBytes) Measure()
    {
        var path = Path.GetTempFileName();
        try
        {
            var events = Write(path);
            using var file = File.OpenRead(path);
            Fold(file, static _ => { });
            var milliseconds = BooksBenchmark.BestMilliseconds(5, () => Fold(file, static _ => { }));
            var (before, peak, written) = (GC.GetTotalMemory(forceFullCollection: true), 0L, 0);
            Fold(file, _ =>
            {
                if (++written % 1_000 == 0) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            });
            return (events / milliseconds * 1e3, peak - before);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Fold(Stream file, Action<ReadOnlySpan<byte>> write)
    {
        if (ReplayStream.Replay(file, write) is { } malformed) throw new InvalidOperationException(malformed.ToString());
    }

    private static int Write(string path)
    {
        var text = new StringBuilder("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{""");
        text.AppendJoin(',', Enumerable.Range(0, Offers).Select(i => $$""" "T{{i}}":{"unitSize":"1.5","profitShareBps":2000,"crystallisation":"weekly","compoundingWeeks":4,"clawBackWeeks":{{i}}} """));
        text.Append("},\"events\":[\n{\"type\":\"houseDeposit\",\"amount\":\"1000\"}");
        var count = 1;
        for (var week = 1; week <= Weeks; week++)
        {
            for (var i = 0; i < BackersAWeek; i++)
            {
                Add("deposit", $"\"backer\":\"{Address(i)}\",\"terms\":\"T{i % Offers}\",\"units\":{1 + (i % 9)},\"payout\":\"{(i % 4 < 2 ? "compound" : "pay")}\"");
                if (week > 1 && i % 3 == 0) Add("exit", $"\"backer\":\"{Address(i)}\",\"terms\":\"T{i % Offers}\",\"entryWeek\":{week - 1},\"payout\":\"{(i % 4 < 2 ? "compound" : "pay")}\",\"units\":1");
                if (i % 6 == 0) Add("cancelDeposit", $"\"backer\":\"{Address(i)}\",\"terms\":\"T{i % Offers}\",\"units\":1,\"payout\":\"{(i % 4 < 2 ? "compound" : "pay")}\"");
            }

            for (var round = 0; round < 5; round++)
            {
                if (week > 5) Add("resolve", $"\"round\":{((week - 5) * 5) + round},\"payout\":\"{(round % 2 == 0 ? "" : "-")}0.00{week % 97}\"");
                Add("close", $"\"round\":{(week * 5) + round},\"shareBps\":10000");
            }

            Add("settle", string.Create(CultureInfo.InvariantCulture, $"\"week\":{week}"));
        }

        File.WriteAllText(path, text.Append("\n]}\n").ToString());
        return count;

        void Add(string type, string fields)
        {
            text.Append(",\n{\"type\":\"").Append(type).Append("\",").Append(fields).Append('}');
            count++;
        }

        static string Address(int backer) => $"0x{(backer + 1) * 0x1234567L:x40}";
    }
}
