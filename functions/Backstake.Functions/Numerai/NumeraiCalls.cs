namespace Backstake.Functions.Numerai;

/// <summary>
/// Keeps this process below Numerai's limits per address and minute (NUMERAI.md, "API"): a call beyond them isn't made, and its step comes back later.
/// Who was refused once for calling too often may be shut out for everything. A step that makes several calls reserves them together, so that it never makes some and is
/// refused the rest; if there is no room it gets a turn, a time of its own at which there will be.
/// </summary>
/// <remarks>Assumption: each query has its own limit, and "submissions" is that of each query which lists, uploads or downloads them.</remarks>
public sealed class NumeraiCalls(TimeProvider clock)
{
    /// <summary>Of the calls of <c>model</c>, those for the name of a vault that is new: anybody can make vaults, and those that are there submit by the rest.</summary>
    public const string ModelName = "modelName";

    const int Submissions = 100;
    const int Creations = 500;
    const int KeptForUrgent = 10; // one call in ten
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Late = TimeSpan.FromMinutes(10); // whoever comes even later for its turn stands in line anew

    /// <summary>The most calls of a query in any minute.</summary>
    public static readonly IReadOnlyDictionary<string, int> Most = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["rounds"] = 250, ["model"] = Submissions, [ModelName] = 25, ["submissionUploadAuth"] = Submissions, ["submissionUploadSignalsAuth"] = Submissions, ["submissionDownloadAuth"] = Submissions,
        ["createSubmission"] = Creations, ["createSignalsSubmission"] = Creations, ["v3StakeAuth"] = 120, ["v3StakeClaim"] = 120,
    };

    readonly Lock gate = new();
    readonly Dictionary<string, List<DateTimeOffset>> made = new(StringComparer.Ordinal); // in order, the reserved among them
    readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal);
    readonly AsyncLocal<Room?> room = new();

    /// <summary>Counts a call that is about to be made: one that this step has reserved, or another.</summary>
    /// <exception cref="NumeraiException"><c>numeraiLimit</c>: it would be one too many.</exception>
    public void Count(string query)
    {
        if (!Most.TryGetValue(query, out var most))
            return;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var times = Made(query, now);
            var isReserved = room.Value is { } mine && mine.Take(query) && times.Remove(mine.At);
            if (!isReserved && times.Count >= most)
                throw NumeraiException.Limit($"{query}: {most} calls were made within a minute, and Numerai allows no more.", After(times[^most]));
            times.Add(now);
        }
    }

    /// <summary>Reserves all the calls of a step, until what is returned is disposed of: then those that weren't made are free again.</summary>
    /// <param name="who">Who has a turn keeps it by this name, however often the step is asked for.</param>
    /// <param name="isUrgent">It goes before whatever is not, also before those that have a turn.</param>
    /// <exception cref="NumeraiException"><c>numeraiLimit</c>: there is no room for all of them now, and its <see cref="NumeraiException.FreeAt"/> is their turn.</exception>
    public IDisposable Reserve(string who, bool isUrgent, IReadOnlyList<Calls> needed)
    {
        lock (gate)
        {
            if (room.Value is { } mine && mine.Holds(needed))
                return new Within();
            var now = clock.GetUtcNow();
            foreach (var (name, _) in turns.Where(turn => turn.Value.At < now - Late).ToList())
                turns.Remove(name);
            // Whose turn has come is behind nobody who still waits; whoever was late for room that others have taken since goes before those who come after.
            var itsTurn = turns.Remove(who, out var turn) && turn.At <= now;
            var isAhead = isUrgent || itsTurn;
            var free = itsTurn ? Free(now, needed, isUrgent, []) : default;
            if (!itsTurn || free > now)
                free = Free(now, needed, isUrgent, turns.Values.Where(other => other.IsAhead || !isAhead));
            if (free > now)
            {
                turns[who] = new(free, isAhead, needed);
                throw NumeraiException.Limit($"{string.Join(", ", needed.Select(it => it.Query))}: Numerai allows no more calls within a minute.", free);
            }

            foreach (var (query, count) in needed)
                Made(query, now).AddRange(Enumerable.Repeat(now, count));
            return room.Value = new(this, now, needed, room.Value);
        }
    }

    /// <summary>Whether a turn was given that hasn't come yet: until then the step needn't be tried. What has become urgent meanwhile doesn't wait for a turn that wasn't.</summary>
    public bool MustWait(string who, bool isUrgent)
    {
        lock (gate)
            return turns.TryGetValue(who, out var turn) && turn.At > clock.GetUtcNow() && (turn.IsAhead || !isUrgent);
    }

    /// <summary>When all that is needed has room behind what was made and those who are ahead.</summary>
    DateTimeOffset Free(DateTimeOffset now, IReadOnlyList<Calls> needed, bool isUrgent, IEnumerable<Turn> ahead)
    {
        var (free, before) = (now, ahead.ToList());
        foreach (var (query, count) in needed)
        {
            var most = isUrgent ? Most[query] : Most[query] - (Most[query] / KeptForUrgent);
            List<DateTimeOffset> times = [.. Made(query, now), .. before.SelectMany(turn => Enumerable.Repeat(turn.At, turn.Needed.Where(it => it.Query == query).Sum(it => it.Count)))];
            if (times.Count <= most - count)
                continue;
            times.Sort();
            var after = After(times[^(most - count + 1)]);
            free = after > free ? after : free;
        }

        return free;
    }

    /// <summary>The first moment at which a call no longer counts.</summary>
    static DateTimeOffset After(DateTimeOffset call) => call + Window + TimeSpan.FromTicks(1);

    /// <summary>The calls of the last minute.</summary>
    List<DateTimeOffset> Made(string query, DateTimeOffset now)
    {
        if (!made.TryGetValue(query, out var times))
            made[query] = times = [];
        times.RemoveAll(call => now - call > Window);
        return times;
    }

    /// <summary>When somebody may come again, for what.</summary>
    sealed record Turn(DateTimeOffset At, bool IsAhead, IReadOnlyList<Calls> Needed);

    /// <summary>What a step has reserved and not made yet.</summary>
    sealed class Room(NumeraiCalls calls, DateTimeOffset at, IReadOnlyList<Calls> needed, Room? outer) : IDisposable
    {
        readonly Dictionary<string, int> left = needed.ToDictionary(it => it.Query, it => it.Count, StringComparer.Ordinal);

        public DateTimeOffset At => at;

        public bool Holds(IReadOnlyList<Calls> more) => more.All(it => left.GetValueOrDefault(it.Query) >= it.Count);

        public bool Take(string query)
        {
            if (left.GetValueOrDefault(query) == 0)
                return false;
            left[query]--;
            return true;
        }

        public void Dispose()
        {
            lock (calls.gate)
            {
                foreach (var (query, count) in left)
                {
                    for (var i = 0; i < count; i++)
                        calls.made[query].Remove(at);
                }

                left.Clear();
                calls.room.Value = outer;
            }
        }
    }

    /// <summary>The room that the step has already.</summary>
    sealed class Within : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>So many calls of a query.</summary>
public readonly record struct Calls(string Query, int Count = 1);
