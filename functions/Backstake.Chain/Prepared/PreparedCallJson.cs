using System.Text.Json;

namespace Backstake.Chain.Prepared;

/// <summary>Prepared calls as JSON, as an array of objects: what a wallet needs (<c>to</c>, <c>data</c>, <c>value</c>), and what a person compares.</summary>
public static class PreparedCallJson
{
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<PreparedCall> calls)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(calls);
        json.WriteStartArray(name);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("purpose", call.Purpose);
            json.WriteString("to", call.To);
            json.WriteString("data", call.Data);
            json.WriteString("value", "0");
            json.WriteString("function", call.Function);
            json.WriteStartArray("arguments");
            foreach (var argument in call.Arguments)
            {
                json.WriteStartObject();
                json.WriteString("name", argument.Name);
                json.WriteString("type", argument.Type);
                json.WriteString("value", argument.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("digest", call.Digest);
            if (call.Gas is { } gas) json.WriteNumber("gas", gas);
            else json.WriteNull("gas");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
