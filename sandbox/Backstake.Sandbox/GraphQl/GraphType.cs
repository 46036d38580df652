namespace Backstake.Sandbox.GraphQl;

/// <summary>An object type of the schema: what may be asked of one kind of thing, by camelCase name.</summary>
internal sealed class GraphType(string name)
{
    private readonly Dictionary<string, GraphField> fields = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>Names are camelCase here; snake_case is the same field, as with Numerai's server (numerapi sends both).</summary>
    public GraphField? Find(string written) => fields.GetValueOrDefault(CamelCase(written));

    /// <summary>A value: string, bool, number, date, exact decimal, a list of these, or null.</summary>
    public GraphType Value<TSource>(string field, Func<TSource, object?> read) => Add(new GraphField(field, Type: null, [], call => Task.FromResult(read((TSource)call.Source))));

    /// <summary>An object, a list of objects, or null.</summary>
    public GraphType Object<TSource>(string field, GraphType type, Func<TSource, object?> read) => Add(new GraphField(field, type, [], call => Task.FromResult(read((TSource)call.Source))));

    /// <param name="arguments">Names of the arguments, a required one ends with "!".</param>
    public GraphType Call(string field, GraphType? type, IReadOnlyList<string> arguments, Func<FieldCall, object?> resolve) =>
        Add(new GraphField(field, type, arguments, call => Task.FromResult(resolve(call))));

    public GraphType CallAsync(string field, GraphType? type, IReadOnlyList<string> arguments, Func<FieldCall, Task<object?>> resolve) => Add(new GraphField(field, type, arguments, resolve));

    public static string CamelCase(string name)
    {
        var parts = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 2 ? name : parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }

    private GraphType Add(GraphField field)
    {
        fields.Add(field.Name, field);
        return this;
    }
}

/// <param name="Type">Null: a plain value.</param>
internal sealed record GraphField(string Name, GraphType? Type, IReadOnlyList<string> Arguments, Func<FieldCall, Task<object?>> Resolve)
{
    public bool Takes(string argument) => Arguments.Any(a => a.TrimEnd('!') == argument);
}
