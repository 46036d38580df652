namespace Backstake.Simulation.Engine;

/// <summary>What happened, in order: its digest says whether two runs were the same, its end is shown with a failure.</summary>
public sealed class Trace(Loop loop)
{
    const int Kept = 400;
    readonly Queue<string> last = new();
    ulong hash = 14695981039346656037UL;

    public string Digest => hash.ToString("x16");

    public IEnumerable<string> Last => last;

    /// <summary>Keeps everything, for looking at one seed.</summary>
    public List<string>? All { get; init; }

    public void Add(string what)
    {
        hash = (hash ^ (ulong)loop.Now.UtcTicks) * 1099511628211UL;
        foreach (var c in what)
            hash = (hash ^ c) * 1099511628211UL;
        var line = $"{loop.Now:MM-dd HH:mm:ss.fff} {what}";
        All?.Add(line);
        last.Enqueue(line);
        if (last.Count > Kept)
            last.Dequeue();
    }
}
