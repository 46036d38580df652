namespace Backstake.Crashes;

/// <summary>On which side of an outside call the app dies.</summary>
public enum Side
{
    /// <summary>The call never happens.</summary>
    Before,

    /// <summary>The call took effect; its answer never arrives.</summary>
    After,
}

public interface ICrashPlan
{
    /// <summary>Kills the app, and says so, if this is a moment to die.</summary>
    bool Crashes(OutsideCall call, Side side);
}

/// <summary>A crash point: a named call, and a side of it.</summary>
public sealed record CrashPoint(string Name, Side Side);

/// <summary>
/// Kills the app at every crash point once, over as many seasons as that takes: at the first point on its way that no season has died at yet, when it
/// has made some progress since it was started last.
/// </summary>
/// <param name="kill">Ends the process at once (SIGKILL), at the named point; false if it was dead already.</param>
/// <param name="progressLeast">So many changing calls lie at least between two deaths; fewer would let a season die for ever at its beginning.</param>
/// <param name="mostOfAStep">So many deaths at most at each step of a flow and side: where deaths are few, the first rounds would else use them all up.</param>
public sealed class CrashPlan(Func<string, bool> kill, int progressLeast, int mostOfAStep) : ICrashPlan
{
    readonly Lock gate = new();
    readonly HashSet<CrashPoint> done = [];
    readonly HashSet<CrashPoint> known = [];
    readonly Dictionary<string, int> stepsDone = new(StringComparer.Ordinal);
    int since;
    int left;

    public IReadOnlyCollection<CrashPoint> Done => done;

    /// <summary>All points that were passed or died at.</summary>
    public IReadOnlyCollection<CrashPoint> Known => known;

    /// <summary>Changing calls that were seen.</summary>
    public int Calls { get; private set; }

    /// <summary>From here on at most so many deaths.</summary>
    public void Allow(int deaths)
    {
        lock (gate)
            (left, since) = (deaths, 0);
    }

    public bool Crashes(OutsideCall call, Side side)
    {
        lock (gate)
        {
            var point = new CrashPoint(call.Name, side);
            known.Add(point);
            if (side is Side.Before)
            {
                Calls++;
                since++;
            }

            if (left == 0 || since < progressLeast || done.Contains(point) || stepsDone.GetValueOrDefault(Step(call, side)) >= mostOfAStep || !kill($"{side} {call.Name}"))
                return false;
            done.Add(point);
            stepsDone[Step(call, side)] = stepsDone.GetValueOrDefault(Step(call, side)) + 1;
            left--;
            since = 0;
            return true;
        }
    }

    static string Step(OutsideCall call, Side side) => $"{side} {call.Step}";
}

/// <summary>
/// Kills the app in pairs: at a moment of its work, and again in the middle of its recovery (FAULTS.md B-7). The moments are the seed's.
/// </summary>
public sealed class PairPlan(Func<string, bool> kill, int seed) : ICrashPlan
{
    const int WorkMost = 60;
    const int RecoveryMost = 10;

    readonly Lock gate = new();
    readonly Random random = new(seed);
    int left;
    int wait = int.MaxValue;
    bool recovering;

    /// <summary>How often it died, and died again before it had recovered.</summary>
    public int Pairs { get; private set; }

    public void Allow(int pairs)
    {
        lock (gate)
            (left, wait, recovering) = (pairs, random.Next(1, WorkMost), false);
    }

    public bool Crashes(OutsideCall call, Side side)
    {
        lock (gate)
        {
            if (left == 0 || --wait > 0 || !kill($"{side} {call.Name}"))
                return false;
            if (recovering)
            {
                Pairs++;
                left--;
            }

            recovering = !recovering;
            wait = random.Next(1, recovering ? RecoveryMost : WorkMost);
            return true;
        }
    }
}
