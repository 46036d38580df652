using System.Net.Http.Json;
using System.Text.Json;

namespace Backstake.BooksEqualChain.Chain;

/// <summary>JSON-RPC to a node on loopback. Nethereum encodes and decodes; this sends, because reads go in batches and what a revert says is wanted as data, not as an exception.</summary>
internal sealed class Node(Uri address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <exception cref="InvalidDataException">The node answered with an error.</exception>
    public async Task<JsonElement> Ask(string method, params object[] parameters) => Result(method, await Post(Request(0, method, parameters)));

    /// <summary>The answers, in the order of the questions. For reads: a node may work on a batch in any order.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAll(string method, IReadOnlyList<object[]> questions)
    {
        if (questions.Count == 0) return [];
        var answers = await Post(questions.Select((parameters, id) => Request(id, method, parameters)));
        return [.. answers.EnumerateArray().OrderBy(answer => answer.GetProperty("id").GetInt32()).Select(answer => Result(method, answer))];
    }

    public void Dispose() => http.Dispose();

    private static object Request(int id, string method, object[] parameters) => new { jsonrpc = "2.0", id, method, @params = parameters };

    private static JsonElement Result(string method, JsonElement answer) => answer.TryGetProperty("result", out var result)
        ? result
        : throw new InvalidDataException($"{method}: {answer.GetProperty("error").GetRawText()}");

    private async Task<JsonElement> Post<T>(T body)
    {
        using var response = await http.PostAsJsonAsync("", body);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
