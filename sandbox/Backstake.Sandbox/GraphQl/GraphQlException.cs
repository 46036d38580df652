namespace Backstake.Sandbox.GraphQl;

/// <summary>A request, or one field of it, that is answered by `errors[].message` (NUMERAI.md, API).</summary>
/// <param name="code">Numerai's short name of the error, when it has one ("not_authenticated").</param>
public sealed class GraphQlException(string message, string? code = null, int line = 0, int column = 0) : Exception(message)
{
    public string? Code { get; } = code;

    /// <summary>1-based; 0: unknown.</summary>
    public int Line { get; } = line;

    public int Column { get; } = column;
}
