using System.Globalization;
using System.Numerics;

namespace Backstake.Sandbox.GraphQl;

/// <summary>One field being answered: of which object, with which arguments (by camelCase name), for whom.</summary>
internal sealed record FieldCall(object Source, IReadOnlyDictionary<string, object?> Arguments, GraphContext Context)
{
    /// <summary>The argument as text, null when it is absent or null. A number is its digits.</summary>
    public string? Text(string name) => Arguments.GetValueOrDefault(name) switch
    {
        null => null,
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Invalid(name, "String"),
    };

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    /// <summary>The argument as a number; digits in a string are one too (numerapi sends round ids so).</summary>
    public int? Number(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(name, "Int");

    public int RequiredNumber(string name) => Number(name) ?? throw Missing(name);

    public bool? Flag(string name) => Arguments.GetValueOrDefault(name) switch
    {
        null => null,
        bool flag => flag,
        _ => throw Invalid(name, "Boolean"),
    };

    /// <summary>A whole, positive number of wei in decimal digits.</summary>
    public BigInteger RequiredWei(string name)
    {
        var text = RequiredText(name);
        return BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wei) && wei.Sign > 0
            ? wei
            : throw new GraphQlException($"{name} must be a positive whole number of wei, '{text}' is not.");
    }

    public Guid RequiredId(string name) => Guid.TryParseExact(RequiredText(name), "D", out var id) ? id : throw new GraphQlException($"{name} is invalid");

    private static GraphQlException Missing(string name) => new($"In argument \"{name}\": Expected a value, found null.");

    private static GraphQlException Invalid(string name, string type) => new($"Argument \"{name}\" has invalid value. Expected type \"{type}\".");
}

/// <summary>What a resolver may know of the request.</summary>
/// <param name="Key">Whose key the request brought; null: none.</param>
/// <param name="Stop">Set when the client has gone.</param>
internal sealed record GraphContext(Api.ApiKey? Key, string BaseUrl, CancellationToken Stop);
