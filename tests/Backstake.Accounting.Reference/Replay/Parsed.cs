using System.Diagnostics.CodeAnalysis;

namespace Backstake.Accounting.Reference;

/// <summary>Why a text was refused: the place in it (<c>events[12].amount</c>) and what is wrong there.</summary>
public sealed record Malformed(string Place, string Problem)
{
    public override string ToString() => $"{Place}: {Problem}";
}

/// <summary>What came of reading a text that others wrote: a value, or where it is malformed.</summary>
public sealed class Parsed<T>
    where T : class
{
    private readonly T? _value;

    private Parsed(T? value, Malformed? malformed)
    {
        _value = value;
        Malformed = malformed;
    }

    public Malformed? Malformed { get; }

    /// <summary>Throws where the text was malformed.</summary>
    public T Value => _value ?? throw new InvalidOperationException($"The text is malformed: {Malformed}");

    public bool IsMalformed([NotNullWhen(true)] out Malformed? malformed)
    {
        malformed = Malformed;
        return malformed is not null;
    }

    internal static Parsed<T> Reading(Func<T> read)
    {
        try
        {
            return new(read(), null);
        }
        catch (MalformedTextException e)
        {
            return new(null, e.Malformed);
        }
    }
}

/// <summary>Carries a <see cref="Malformed"/> out of the readers; never leaves this library.</summary>
internal sealed class MalformedTextException(Malformed malformed) : Exception(malformed.ToString())
{
    public Malformed Malformed { get; } = malformed;
}
