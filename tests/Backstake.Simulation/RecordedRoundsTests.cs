using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Numerai;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// Numerai's rounds as they were from 2020 to 2026 (NUMERAI.md, Rounds; the history of Numerai's own documentation, shared/data/vectors/rounds_calendar.json): each change comes on its weekday, a week after
/// the one before, so that one season sees them all. Their numbers go on without a gap, as Numerai's did.
/// </summary>
public sealed class RecordedRoundsTests(ITestOutputHelper output)
{
    const int FirstNumber = 336; // 1250 opened on 2026-04-21; counted back by the rules

    /// <summary>When rounds open and for how long, from a day on.</summary>
    /// <param name="Daily">When those of Tuesday to Friday open, for an hour; null: there are none.</param>
    /// <param name="ResolveDays">From opening to the last score, by weekday, Tuesday first.</param>
    sealed record Rule(DateOnly From, TimeSpan? Daily, TimeSpan Saturday, TimeSpan Weekend, int[] ResolveDays);

    static readonly int[] TwentyDays = [31, 31, 33, 33, 33];
    static readonly int[] SixtyDays = [87, 87, 89, 89, 89];

    static readonly IReadOnlyList<Rule> Rules =
    [
        new(new(2020, 1, 4), null, Hour(18), new(44, 30, 0), [0, 0, 0, 0, 32]),         // Sat 18:00 to Mon 14:30
        new(new(2022, 10, 21), Hour(13), Hour(18), new(44, 30, 0), TwentyDays),
        new(new(2024, 3, 14), Hour(13), Hour(13), new(49, 30, 0), TwentyDays),
        new(new(2024, 5, 9), Hour(13), Hour(13), new(49, 0, 0), TwentyDays),            // to Mon 14:00
        new(new(2026, 4, 6), Hour(12), Hour(12), new(49, 0, 0), TwentyDays),            // to Mon 13:00
        new(new(2026, 4, 14), Hour(12), Hour(12), new(26, 0, 0), TwentyDays),           // to Sun 14:00
        new(new(2026, 8, 28), Hour(12), Hour(12), new(26, 0, 0), SixtyDays),            // staked on chain, scored over 60 days
    ];

    [Fact]
    public void E_06_EveryRecordedChangeOfTheRounds_IsFollowed()
    {
        var rounds = Rounds().ToList();
        var (setting, asked) = (Enumerable.Range(1, 1_000).Select(seed => new Setting(seed, Severity.None, Weeks, [.. rounds.Select(it => it.Round)])).First(IsPlain), 0);
        var run = SeedRun.One(setting.Seed, Severity.None, Weeks, false, play => play with
        {
            Setting = setting,
            Numerai = (call, numerai) => numerai(call) is var answer && call.Name == "rounds" && Encoding.UTF8.GetString(answer.Body) == NoRound ? NoRoundIn(asked++) : answer,
        });
        Assert.Null(run.Failure);
        Assert.True(asked > 10);
        var log = Assert.Single(run.Simulation.Logs.Values);
        Assert.Equal(rounds.Select(it => (it.Round.Number, it.Round.Opens, it.Round.ClosesStaking, it.Round.Resolves)),
            log.Entries.Select(entry => entry.Event).OfType<RoundOpened>().Select(it => (it.Round, it.Opens, it.ClosesStaking, it.Resolves)));
        Assert.DoesNotContain(log.Entries, entry => entry.Event is RoundMoved);
        foreach (var entry in log.Entries)
        {
            if (entry.Event is PredictionsSubmitted submitted)
                Assert.InRange(entry.At, TimesOf(submitted.Round).Opens, TimesOf(submitted.Round).ClosesStaking);
        }

        Assert.Equal(rounds.Select(it => it.Round.Number), log.Closed.Order());
        Assert.All(log.Missed, missed => Assert.True(missed.Value == Cause.NoPredictions && !setting.Files.Any(file => file.Name.Contains($"/{missed.Key}/", StringComparison.Ordinal)), $"{missed}"));
        foreach (var (rule, its) in rounds.GroupBy(it => it.Rule).Select(it => (it.Key, it.ToList())))
        {
            var staked = its.Count(it => !log.StakedIn[it.Round.Number].IsZero);
            output.WriteLine($"from {rule.From}: {its.Count} rounds, {staked} staked");
            Assert.True(staked >= its.Count - (rule == Rules[0] ? 1 : 0) - its.Count(it => log.Missed.ContainsKey(it.Round.Number))); // before the first acceptance there is nothing to stake
            Assert.True(staked > 0);
        }

        SimulatedRound TimesOf(int number) => rounds.Single(it => it.Round.Number == number).Round;
    }

    const string NoRound = "{\"data\":{\"rounds\":[]}}";

    /// <summary>The ways in which Numerai says that no round is open.</summary>
    static Answer NoRoundIn(int way) => Answer.Json((way % 4) switch
    {
        0 => NoRound,
        1 => "{\"data\":{\"rounds\":null}}",
        2 => "{\"data\":{\"rounds\":[null]}}",
        _ => "{\"data\":{\"rounds\":null},\"errors\":[{\"message\":\"Current round not open\"}]}",
    });

    static TimeSpan Hour(int hour) => TimeSpan.FromHours(hour);

    /// <summary>One vault, in which somebody holds units from the first week on, and nothing is paused, vetoed or ended.</summary>
    static bool IsPlain(Setting setting) => setting is { Vaults.Count: 1 } && setting.Acts.All(act => act.Name is not ("pause" or "veto" or "windDown"));

    /// <summary>The first rule for two weeks, since nothing is staked before the first settlement is accepted; the last one for its own and one more.</summary>
    static int Weeks => Rules.Count + 2;

    /// <summary>The day of the season, which begins on a Monday, from which a rule holds.</summary>
    static int FirstDay(int place) => place == 0 ? 0 : ((place + 1) * 7) + (((int)Rules[place].From.DayOfWeek + 6) % 7);

    static IEnumerable<(Rule Rule, SimulatedRound Round)> Rounds()
    {
        var number = FirstNumber;
        for (var day = 0; day < Weeks * 7; day++)
        {
            var (weekday, rule) = (day % 7, Rules.Last(it => FirstDay(Rules.ToList().IndexOf(it)) <= day));
            if (weekday is 0 or 6 || (weekday < 5 && rule.Daily is null))
                continue;
            var midnight = Setting.Start.AddDays(day);
            var opens = midnight + (weekday == 5 ? rule.Saturday : rule.Daily!.Value);
            yield return (rule, new SimulatedRound(number, opens, opens + (weekday == 5 ? rule.Weekend : Hour(1)), midnight.AddDays(rule.ResolveDays[weekday - 1]) + Hour(20), (number % 5 * 400) - 700));
            number++;
        }
    }
}
