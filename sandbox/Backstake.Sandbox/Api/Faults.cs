using System.Text.Json.Serialization;

namespace Backstake.Sandbox.Api;

[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>502 with an HTML page.</summary>
    BadGatewayHtml,

    /// <summary>200 with an HTML page.</summary>
    OkHtml,

    /// <summary>200 with an empty body.</summary>
    Empty,

    /// <summary>200 with the first half of a JSON answer.</summary>
    TruncatedJson,

    /// <summary>200 with `errors[].message`.</summary>
    GraphQlError,

    /// <summary>429.</summary>
    TooManyRequests,

    /// <summary>The connection breaks.</summary>
    Abort,

    /// <summary>The right answer, later (in real time).</summary>
    Delay,
}

/// <summary>A fault to answer with.</summary>
/// <param name="Field">Only requests for this root field, e.g. "createSubmission"; "upload" and "download" are the files' transfers; null: all.</param>
/// <param name="Times">How many requests it meets; null: all until cleared.</param>
/// <param name="AfterEffect">True: the request is carried out first, and only its answer is spoilt.</param>
/// <param name="DelayMilliseconds">For <see cref="FaultKind.Delay"/>.</param>
/// <param name="Message">For <see cref="FaultKind.GraphQlError"/>.</param>
public sealed record Fault(FaultKind Kind, string? Field = null, int? Times = null, bool AfterEffect = false, int DelayMilliseconds = 0, string? Message = null);

[JsonConverter(typeof(JsonStringEnumConverter<BetweenRounds>))]
public enum BetweenRounds
{
    /// <summary>[null]</summary>
    Null,

    /// <summary>The error "Current round not open for submissions".</summary>
    Error,

    /// <summary>[]</summary>
    Empty,
}

/// <summary>How the sandbox misbehaves, on demand. Safe from several threads.</summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Fault> active = [];

    /// <summary>What `rounds(number: 0)` answers when no round is open; Numerai has done all three. Null is the default.</summary>
    public BetweenRounds BetweenRounds { get; set; }

    public IReadOnlyList<Fault> Active
    {
        get
        {
            lock (gate)
            {
                return [.. active];
            }
        }
    }

    public void Add(Fault fault)
    {
        lock (gate)
        {
            active.Add(fault);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            active.Clear();
        }
    }

    /// <summary>The oldest fault that meets a request for these fields, counted down; null: none.</summary>
    internal Fault? Take(IReadOnlyList<string> fields)
    {
        lock (gate)
        {
            var index = active.FindIndex(f => f.Field is null || fields.Contains(f.Field));
            if (index < 0)
            {
                return null;
            }
            var fault = active[index];
            if (fault.Times is { } times)
            {
                if (times <= 1)
                {
                    active.RemoveAt(index);
                }
                else
                {
                    active[index] = fault with { Times = times - 1 };
                }
            }
            return fault;
        }
    }
}
