namespace Backstake.Sandbox.GraphQl;

/// <summary>What a GraphQL text says: its operations. Only what clients of Numerai send: no fragments, no directives.</summary>
internal sealed record Document(IReadOnlyList<Operation> Operations);

internal sealed record Operation(bool IsMutation, string? Name, IReadOnlyList<VariableDefinition> Variables, IReadOnlyList<Selection> Selections);

/// <param name="Type">The type's text without a final "!". Not checked: numerapi itself declares types that don't exist ("Str!", "bool!").</param>
internal sealed record VariableDefinition(string Name, string Type, bool IsRequired, Literal? Default);

internal sealed record Selection(string ResponseKey, string Name, IReadOnlyList<Argument> Arguments, IReadOnlyList<Selection> Selections, int Line, int Column);

internal sealed record Argument(string Name, Literal Value);

/// <summary>A value as written: a variable, a plain value (null, bool, long, string; an enum's name and a number with a point are strings), a list or an object.</summary>
internal abstract record Literal
{
    public sealed record Variable(string Name) : Literal;

    public sealed record Plain(object? Value) : Literal;

    public sealed record Items(IReadOnlyList<Literal> Values) : Literal;

    public sealed record Fields(IReadOnlyList<Argument> Values) : Literal;
}
