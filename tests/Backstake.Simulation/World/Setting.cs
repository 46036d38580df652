using System.Security.Cryptography;
using Backstake.Chain.Vault;
using Backstake.Functions.Submissions;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Numerai;

namespace Backstake.Simulation.World;

/// <summary>How much a run is disturbed.</summary>
public enum Severity
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By faults that end before each deadline: they may not change the books.</summary>
    Mild,

    /// <summary>By anything at any time: rounds may be missed, but nothing may be wrong.</summary>
    Wild,
}

/// <summary>What somebody does to a vault at a time, whatever the app is doing.</summary>
public sealed record PlannedAct(DateTimeOffset At, int Vault, string Sender, string Name, Action<VaultModel, CallContext> Act);

/// <summary>A delegate's file.</summary>
public sealed record PlannedFile(DateTimeOffset At, string Name, byte[] Content);

/// <summary>A season from a seed: its vaults, people, rounds and acts. The same whatever goes wrong.</summary>
public sealed class Setting
{
    public const int Tournament = 8;
    public const long ChainId = 31337;
    public const int FirstRound = 1000;
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero); // a Monday
    public static readonly TimeSpan FirstCut = new(6, 14, 30, 0);                            // Sunday, after the weekend round's deadline
    public static readonly TimeSpan Window = TimeSpan.FromHours(40);
    static readonly TimeSpan Week = TimeSpan.FromDays(7);
    static readonly BigInteger OneNmr = BigInteger.Pow(10, 18);

    /// <summary>Well-known development keys (local.settings.sample.json).</summary>
    public static readonly (string Key, string Address) Committer = ("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    public static readonly (string Key, string Address) Staker = ("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a", "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc");
    public static readonly (string Key, string Address) Settler = ("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6", "0x90f79bf6eb2c4f870365e785982e1f101e93b906");

    /// <param name="rounds">Those that are played; null: the seed's.</param>
    public Setting(int seed, Severity severity, int weeks, IReadOnlyList<SimulatedRound>? rounds = null)
    {
        (Seed, Severity, Weeks) = (seed, severity, weeks);
        var random = Random64.For(seed, "setting");
        IsMild = random.Chance(0.6) || severity == Severity.Mild;
        FinalityBlocks = IsMild ? random.Between(3, 16) : random.Between(3, 65);
        Machines = random.Chance(0.5) ? 1 : 2;
        var vaults = random.Chance(0.25) ? 2 : 1;
        Vaults = Enumerable.Range(1, vaults).Select(number => Deployment.Facts(number, Start + FirstCut)).ToList();
        Rounds = rounds ?? PlanRounds(Random64.For(seed, "rounds"));
        Acts = Enumerable.Range(0, vaults).SelectMany(vault => PlanActs(vault, Random64.For(seed, $"acts {vault}"))).OrderBy(act => act.At).ToList();
        Files = PlanFiles(Random64.For(seed, "files"));
        Ticks = PlanTicks();
    }

    public int Seed { get; }

    public Severity Severity { get; }

    public int Weeks { get; }

    /// <summary>Rounds are open for long enough, and results come early enough in the week, that faults which end can change nothing.</summary>
    public bool IsMild { get; }

    public int FinalityBlocks { get; }

    public int Machines { get; }

    public IReadOnlyList<VaultFacts> Vaults { get; }

    public IReadOnlyList<SimulatedRound> Rounds { get; }

    public IReadOnlyList<PlannedAct> Acts { get; }

    public IReadOnlyList<PlannedFile> Files { get; }

    /// <summary>When the timers fire: some times around deadlines, cuts and acceptances, every few days otherwise.</summary>
    public IReadOnlyList<DateTimeOffset> Ticks { get; }

    /// <summary>After the acceptance of the last week.</summary>
    public DateTimeOffset End => CutOf(Weeks) + Window + TimeSpan.FromHours(6);

    public static DateTimeOffset CutOf(int week) => Start + FirstCut + ((week - 1) * Week);

    /// <summary>No faults shortly before a deadline, around a cut and around an acceptance: there they could change what becomes of the money.</summary>
    public bool IsCalm(DateTimeOffset now)
    {
        if (Severity == Severity.None || now >= End - TimeSpan.FromHours(6))
            return true;
        if (Severity == Severity.Wild)
            return false;
        var since = TimeSpan.FromTicks((now - Start - FirstCut).Ticks % Week.Ticks);
        since = since < TimeSpan.Zero ? since + Week : since;
        var aroundCut = since > Week - TimeSpan.FromHours(9) || since < TimeSpan.FromMinutes(120);
        var aroundAcceptance = since >= Window - TimeSpan.FromMinutes(5) && since < Window + TimeSpan.FromMinutes(180);
        return aroundCut || aroundAcceptance || Rounds.Any(round => now >= round.ClosesStaking.AddMinutes(-70) && now <= round.ClosesStaking.AddMinutes(5));
    }

    public static string AddressOf(int kind, int number) => $"0x{kind:x2}{number:x38}";

    List<SimulatedRound> PlanRounds(Random64 random)
    {
        var days = new[] { 1, 2, 3, 4, 5 }.Where(_ => random.Chance(0.35)).ToList();
        if (days.Count == 0)
            days.Add(2);
        var open = IsMild ? TimeSpan.FromHours(3) : TimeSpan.FromHours(1);
        var resolveWeeks = random.Between(1, 4);
        var rounds = new List<SimulatedRound>();
        for (var week = 0; week < Weeks; week++)
        {
            foreach (var day in days)
            {
                var opens = Start + (week * Week) + TimeSpan.FromDays(day) + TimeSpan.FromHours(12);
                // Results between Monday and Thursday, away from the cut.
                var resolves = Start + ((week + resolveWeeks) * Week) + TimeSpan.FromDays(IsMild ? random.Between(0, 4) : random.Between(0, 7)) + TimeSpan.FromHours(18);
                rounds.Add(new SimulatedRound(FirstRound + rounds.Count, opens, opens + (day == 5 && !IsMild ? TimeSpan.FromHours(26) : open), resolves, random.Chance(0.05) ? -10_000 : random.Between(-1_500, 2_000)));
            }
        }

        return rounds;
    }

    List<PlannedAct> PlanActs(int vault, Random64 random)
    {
        var facts = Vaults[vault];
        var backers = Enumerable.Range(1, 4).Select(number => AddressOf(0xf0, number)).ToList();
        var terms = Enumerable.Range(0, random.Between(1, 4)).Select(_ => AnyTerms(random)).Select(content => (Id: IdOf(facts, content), Content: content)).DistinctBy(it => it.Id).ToList();
        var acts = new List<PlannedAct>();
        void Add(DateTimeOffset at, string sender, string name, Action<VaultModel, CallContext> act) => acts.Add(new(at, vault, sender, name, act));
        foreach (var (id, content) in terms)
            Add(Start.AddHours(2), facts.Owner, "offer", (model, call) => model.Offer(call, id, content));
        Add(Start.AddHours(3), facts.Owner, "addHouse", (model, call) => model.AddHouse(call, AmountOf(random.Between(50, 500), random)));
        Add(Start.AddHours(3), facts.Owner, "addReserve", (model, call) => model.AddReserve(call, OneNmr * 500));
        var windDown = random.Chance(0.15) ? random.Between(Weeks / 2, Weeks + 1) : int.MaxValue;
        for (var week = 0; week < Weeks; week++)
        {
            var count = random.Between(0, 6) + (week == 0 ? 3 : 0);
            for (var i = 0; i < count; i++)
            {
                // Between Tuesday and Saturday, so that a block more or less moves nothing over a cut or an acceptance.
                var at = Start + (week * Week) + TimeSpan.FromDays(week == 0 ? 0 : 1) + TimeSpan.FromHours(16) + random.Span(TimeSpan.Zero, TimeSpan.FromDays(week == 0 ? 5 : 4));
                var (who, some, other, kind) = (random.Of(backers), random.Between(0, 1000), random.Between(1, 12), random.Between(0, 100));
                acts.Add(new(at, vault, kind is >= 60 and < 85 ? facts.Owner : who, NameOf(kind), ActOf(kind, facts, backers, terms.Select(it => it.Id).ToList(), some, other)));
            }

            if (random.Chance(0.06))
            {
                var (from, days, deposits) = (Start + (week * Week) + TimeSpan.FromDays(1.7), random.Between(1, 9), random.Chance(0.5));
                Add(from, facts.Guardian, "pause", (model, call) => model.Pause(call, deposits, !deposits));
                Add(from.AddDays(days), facts.Owner, "resume", (model, call) => model.Pause(call, false, false));
            }

            if (week + 1 == windDown)
                Add(Start + (week * Week) + TimeSpan.FromDays(3), facts.Owner, "windDown", (model, call) => model.WindDown(call));
            if (random.Chance(0.08))
                Add(CutOf(week + 1) + (IsMild ? TimeSpan.FromMinutes(35) : TimeSpan.FromHours(random.Between(1, 30))), facts.Guardian, "veto", (model, call) => model.Veto(call));
        }

        return acts;
    }

    static string NameOf(int kind) => kind switch
    {
        < 30 => "deposit", < 36 => "cancel", < 48 => "exit", < 52 => "cancelExit", < 56 => "transfer", < 60 => "claim",
        < 66 => "addHouse", < 71 => "askHouse", < 75 => "takeHouse", < 79 => "addReserve", < 82 => "askReserve", < 85 => "takeReserve", _ => "deposit",
    };

    static Action<VaultModel, CallContext> ActOf(int kind, VaultFacts facts, List<string> backers, List<string> terms, int some, int other)
    {
        var amount = (OneNmr * other) + some;
        return NameOf(kind) switch
        {
            "deposit" => (model, call) => model.Deposit(call, terms[some % terms.Count], other, some % 3 == 0),
            "cancel" => (model, call) => model.Cancel(call, Held(model, call, some).Series, Math.Min(other, Held(model, call, some).Units)),
            "exit" => (model, call) => model.Exit(call, Held(model, call, some).Series, Math.Min(other, Held(model, call, some).Units)),
            "cancelExit" => (model, call) => model.CancelExit(call, model.LeavingOf.Where(it => it.Holder == call.Sender).Select(it => it.Series).Order().ElementAtOrDefault(some % 3), 1),
            "transfer" => (model, call) => model.Transfer(call, backers[some % backers.Count], Held(model, call, some).Series, Math.Min(other, Held(model, call, some).Units)),
            "claim" => (model, call) => ClaimAny(model, call, some),
            "addHouse" => (model, call) => model.AddHouse(call, amount),
            "askHouse" => (model, call) => model.AskHouse(call, amount),
            "takeHouse" => (model, call) => model.TakeHouse(call),
            "addReserve" => (model, call) => model.AddReserve(call, amount),
            "askReserve" => (model, call) => model.AskReserve(call, amount),
            _ => (model, call) => model.TakeReserve(call),
        };
    }

    static (BigInteger Series, long Units) Held(VaultModel model, CallContext call, int some)
    {
        var held = model.Balances.Where(it => it.Holder == call.Sender).OrderBy(it => it.Series).ToList();
        Revert.Unless(held.Count > 0, "NotEnoughUnits");
        return (held[some % held.Count].Series, held[some % held.Count].Units);
    }

    static void ClaimAny(VaultModel model, CallContext call, int some)
    {
        var any = model.LeavingOf.OrderBy(it => (it.Series, it.ExitWeek)).ThenBy(it => it.Holder, StringComparer.Ordinal).ToList();
        Revert.Unless(any.Count > 0, "NotEnoughUnits");
        var (series, exitWeek, holder) = any[some % any.Count];
        model.Claim(call, series, exitWeek, holder);
    }

    static VaultTerms AnyTerms(Random64 random)
    {
        var loss = random.Chance(0.5) ? 0 : random.Between(0, 10_001);
        return new VaultTerms
        {
            UnitSize = random.Chance(0.2) ? BigInteger.Pow(10, 15) + random.Between(0, 100) : AmountOf(random.Between(1, 60), random),
            ProfitShareBps = (ushort)random.Between(0, 10_001),
            LossShareBps = (ushort)loss,
            ReserveBps = (ushort)(random.Chance(0.5) ? loss : random.Between(0, 10_001)),
            Crystallisation = (byte)random.Between(0, 3),
            ClawBackWeeks = (ushort)random.Between(0, 4),
            CompoundingWeeks = (ushort)(random.Chance(0.5) ? random.Between(1, 6) : random.Between(6, 30)),
            LockupWeeks = (ushort)(random.Chance(0.6) ? 0 : random.Between(0, 4)),
            UpfrontFeeBps = (ushort)(random.Chance(0.6) ? 0 : random.Between(0, 1_001)),
            HouseMinBps = (ushort)(random.Chance(0.6) ? 0 : random.Between(0, 2_001)),
        };
    }

    static BigInteger AmountOf(int nmr, Random64 random) => (OneNmr * nmr) + random.Between(0, 1_000_000);

    static string IdOf(VaultFacts facts, VaultTerms content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{facts.Vault}|{content.UnitSize}|{content.ProfitShareBps}|{content.LossShareBps}|{content.ReserveBps}|{content.Crystallisation}|{content.CompoundingWeeks}|{content.LockupWeeks}|{content.UpfrontFeeBps}|{content.HouseMinBps}")));

    List<PlannedFile> PlanFiles(Random64 random)
    {
        var files = new List<PlannedFile>();
        foreach (var round in Rounds)
        {
            foreach (var vault in Vaults)
            {
                var kind = random.Between(0, 100);
                if (kind < 4)
                    continue; // the delegate forgot
                var at = kind < 12 ? round.Opens.AddMinutes(10) : round.Opens.AddHours(-1);
                files.Add(FileOf(vault, round, at, random.Between(1, 9)));
                if (kind is >= 12 and < 20)
                    files.Add(FileOf(vault, round, round.Opens.AddMinutes(-10), random.Between(1, 9)));
            }
        }

        return files.OrderBy(file => file.At).ToList();
    }

    static PlannedFile FileOf(VaultFacts vault, SimulatedRound round, DateTimeOffset at, int value) => new(
        at, $"{PredictionStore.FolderOf(vault.Vault, Tournament, round.Number)}{at.UtcDateTime:yyyyMMddTHHmmssfff}Z.csv",
        Encoding.UTF8.GetBytes($"id,prediction\nn{round.Number}a,0.{value}\nn{round.Number}b,0.5\nn{round.Number}c,0.25\n"));

    /// <summary>
    /// Each tick costs some fifty calls, and a seed is what its ticks cost: where something is open there are as many as it takes for a fault to be met and for its repair, and no more. Undisturbed, what is open
    /// is brought to its end in the calm before its deadline, as the last repair would be.
    /// </summary>
    List<DateTimeOffset> PlanTicks()
    {
        var ticks = new SortedSet<DateTimeOffset>();
        void At(DateTimeOffset time, params ReadOnlySpan<int> minutes)
        {
            foreach (var minute in minutes)
                ticks.Add(time.AddMinutes(minute));
        }

        var disturbed = Severity != Severity.None;
        for (var at = Start.AddHours(7); at <= End; at += TimeSpan.FromDays(disturbed ? 3 : 2))
            ticks.Add(at);
        foreach (var week in Enumerable.Range(1, Weeks))
        {
            At(CutOf(week), -8 * 60, 15, 75);
            At(CutOf(week) + Window, 20, 140);
            if (disturbed)
                At(CutOf(week), -7 * 60);
        }

        foreach (var round in Rounds)
        {
            At(round.ClosesStaking, -9, 6);
            if (disturbed || !IsMild)
                At(round.Opens, 1, 25);
            if (IsMild)
                At(round.ClosesStaking, disturbed ? [-68] : [-68, -38]);
            else if (round.ClosesStaking - round.Opens > TimeSpan.FromHours(2))
                At(round.ClosesStaking, -70);
        }

        for (var at = End - TimeSpan.FromHours(3); at <= End; at += TimeSpan.FromMinutes(IsMild ? 30 : 15)) // faults stop, and everything converges
            ticks.Add(at);
        return [.. ticks];
    }
}
