namespace Backstake.Simulation.Engine;

/// <summary>What a service outside answers, before it is put into the form that the asking library wants.</summary>
public sealed record Answer(int Status, byte[] Body, string ContentType, params (string Name, string Value)[] Headers)
{
    /// <summary>So many bytes of the body arrive, then the connection ends; null: all.</summary>
    public int? CutAfter { get; init; }

    public static Answer Empty(int status, params (string Name, string Value)[] headers) => new(status, [], "", headers);

    public static Answer Json(string json, int status = 200) => new(status, Encoding.UTF8.GetBytes(json), "application/json");
}

/// <summary>The connection broke: the caller can't know whether its request was carried out.</summary>
public sealed class ConnectionLostException() : IOException("The connection was lost.");
