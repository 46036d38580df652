using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Sandbox.Scores;

namespace Backstake.Sandbox.GraphQl;

/// <summary>Answers a request: `{query, variables, operationName}` in, `{data}` and/or `{errors: [{message, locations, path}]}` out.</summary>
internal sealed class Executor(GraphType queries, GraphType mutations)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public async Task<JsonObject> AnswerAsync(JsonElement request, GraphContext context)
    {
        try
        {
            var operation = Choose(DocumentParser.Parse(Text(request, "query") ?? throw new GraphQlException("No query document supplied")), Text(request, "operationName"));
            var root = operation.IsMutation ? mutations : queries;
            // The whole text is checked before anything is done: a mutation with a misspelt field has no effect.
            Check(root, operation.Selections);
            var variables = ReadVariables(operation, request);
            var errors = new JsonArray();
            var data = await ObjectAsync(root, new object(), operation.Selections, variables, context, [], errors);
            var answer = new JsonObject { ["data"] = data };
            if (errors.Count > 0)
            {
                answer["errors"] = errors;
            }
            return answer;
        }
        catch (GraphQlException refused)
        {
            return new JsonObject { ["errors"] = new JsonArray(Describe(refused, path: null, refused.Line, refused.Column)) };
        }
    }

    /// <summary>The names of the root fields that a text asks for; empty when it can't be read. Faults are aimed by them.</summary>
    public static IReadOnlyList<string> RootFields(JsonElement request)
    {
        try
        {
            return Text(request, "query") is { } text
                ? DocumentParser.Parse(text).Operations.SelectMany(o => o.Selections).Select(s => GraphType.CamelCase(s.Name)).ToList()
                : [];
        }
        catch (GraphQlException)
        {
            return [];
        }
    }

    private static string? Text(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Operation Choose(Document document, string? name)
    {
        if (name is null)
        {
            return document.Operations.Count == 1 ? document.Operations[0] : throw new GraphQlException("Must provide a valid operation name if query contains multiple operations.");
        }
        return document.Operations.FirstOrDefault(o => o.Name == name) ?? throw new GraphQlException($"Must provide a valid operation name if query contains multiple operations. No operation is named \"{name}\".");
    }

    private static void Check(GraphType type, IReadOnlyList<Selection> selections)
    {
        foreach (var selection in selections)
        {
            if (selection.Name == "__typename")
            {
                continue;
            }
            var field = type.Find(selection.Name) ?? throw At(selection, $"Cannot query field \"{selection.Name}\" on type \"{type.Name}\".");
            if (field.Type is null && selection.Selections.Count > 0)
            {
                throw At(selection, $"Field \"{selection.Name}\" must not have a selection since its type has no subfields.");
            }
            if (field.Type is not null && selection.Selections.Count == 0)
            {
                throw At(selection, $"Field \"{selection.Name}\" of type \"{field.Type.Name}\" must have a selection of subfields.");
            }
            foreach (var argument in selection.Arguments.Where(a => !field.Takes(GraphType.CamelCase(a.Name))))
            {
                throw At(selection, $"Unknown argument \"{argument.Name}\" on field \"{selection.Name}\" of type \"{type.Name}\".");
            }
            foreach (var required in field.Arguments.Where(a => a.EndsWith('!')).Select(a => a.TrimEnd('!')))
            {
                if (!selection.Arguments.Any(a => GraphType.CamelCase(a.Name) == required && a.Value is not Literal.Plain { Value: null }))
                {
                    throw At(selection, $"In argument \"{required}\": Expected a value, found null.");
                }
            }
            if (field.Type is not null)
            {
                Check(field.Type, selection.Selections);
            }
        }
    }

    private static Dictionary<string, object?> ReadVariables(Operation operation, JsonElement request)
    {
        var given = request.TryGetProperty("variables", out var value) && value.ValueKind == JsonValueKind.Object ? value : default;
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var definition in operation.Variables)
        {
            var present = given.ValueKind == JsonValueKind.Object && given.TryGetProperty(definition.Name, out var json);
            variables[definition.Name] = present ? FromJson(given.GetProperty(definition.Name)) : definition.Default is { } literal ? Evaluate(literal, variables) : null;
            if (definition.IsRequired && variables[definition.Name] is null)
            {
                throw new GraphQlException($"Variable \"{definition.Name}\": Expected non-null, found null.");
            }
        }
        return variables;
    }

    private static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetRawText(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(p => p.Name, p => FromJson(p.Value)),
        _ => null,
    };

    private static object? Evaluate(Literal literal, IReadOnlyDictionary<string, object?> variables) => literal switch
    {
        Literal.Plain plain => plain.Value,
        Literal.Variable variable => variables.TryGetValue(variable.Name, out var value) ? value : throw new GraphQlException($"Variable \"{variable.Name}\" is not defined."),
        Literal.Items items => items.Values.Select(v => Evaluate(v, variables)).ToList(),
        Literal.Fields fields => fields.Values.ToDictionary(f => f.Name, f => Evaluate(f.Value, variables)),
        _ => throw new InvalidOperationException("An unknown kind of literal."),
    };

    private static async Task<JsonObject> ObjectAsync(
        GraphType type, object source, IReadOnlyList<Selection> selections, IReadOnlyDictionary<string, object?> variables, GraphContext context, IReadOnlyList<object> path, JsonArray errors)
    {
        var result = new JsonObject();
        foreach (var selection in selections)
        {
            var here = path.Append(selection.ResponseKey).ToList();
            if (selection.Name == "__typename")
            {
                result[selection.ResponseKey] = type.Name;
                continue;
            }
            try
            {
                var field = type.Find(selection.Name) ?? throw new InvalidOperationException($"{selection.Name} was checked before.");
                var arguments = selection.Arguments.ToDictionary(a => GraphType.CamelCase(a.Name), a => Evaluate(a.Value, variables));
                var value = await field.Resolve(new FieldCall(source, arguments, context));
                result[selection.ResponseKey] = field.Type is null ? Plain(value) : await CompositeAsync(field.Type, value, selection.Selections, variables, context, here, errors);
            }
            catch (GraphQlException refused)
            {
                result[selection.ResponseKey] = null;
                errors.Add((JsonNode)Describe(refused, here, selection.Line, selection.Column));
            }
        }
        return result;
    }

    private static async Task<JsonNode?> CompositeAsync(
        GraphType type, object? value, IReadOnlyList<Selection> selections, IReadOnlyDictionary<string, object?> variables, GraphContext context, IReadOnlyList<object> path, JsonArray errors)
    {
        if (value is not IEnumerable items)
        {
            return value is null ? null : await ObjectAsync(type, value, selections, variables, context, path, errors);
        }
        var list = new JsonArray();
        foreach (var item in items)
        {
            list.Add(item is null ? null : (JsonNode)await ObjectAsync(type, item, selections, variables, context, path.Append(list.Count).ToList(), errors));
        }
        return list;
    }

    private static JsonNode? Plain(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        ExactDecimal exact => exact.ToDisplay(),
        Guid id => id.ToString("D"),
        DateTimeOffset time => time.UtcDateTime.ToString(TimeFormat),
        DateOnly date => date.ToString("yyyy-MM-dd"),
        IEnumerable items => new JsonArray(items.Cast<object?>().Select(Plain).ToArray()),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is no plain value."),
    };

    private static GraphQlException At(Selection selection, string message) => new(message, code: null, selection.Line, selection.Column);

    private static JsonObject Describe(GraphQlException error, IReadOnlyList<object>? path, int line, int column)
    {
        var described = new JsonObject { ["message"] = error.Message };
        if (error.Code is not null)
        {
            described["code"] = error.Code;
        }
        if (line > 0)
        {
            described["locations"] = new JsonArray(new JsonObject { ["line"] = line, ["column"] = column });
        }
        if (path is not null)
        {
            described["path"] = new JsonArray(path.Select(p => p is int index ? (JsonNode)index : (string)p).ToArray());
        }
        return described;
    }
}
