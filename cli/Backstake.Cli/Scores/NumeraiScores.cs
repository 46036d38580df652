using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace Backstake.Cli.Scores;

/// <summary>Scores of a model in a round, as the API wrote them; null: none.</summary>
internal readonly record struct RoundScores(string? Corr20, string? Mmc20);

/// <summary>Numerai, or whatever answers at the endpoint, can't give what was asked. The message says why, in one line.</summary>
internal sealed class ScoresUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Public scores of Classic models from Numerai's GraphQL API, anonymously. What may be a passing fault (no answer, 429, 5xx, an answer that isn't JSON) is asked again a few times; an error that the
/// API itself reports isn't.
/// </summary>
/// <param name="firstDelay">Before the first repetition; doubled at each.</param>
internal sealed class NumeraiScores(HttpClient http, Uri endpoint, TimeSpan firstDelay)
{
    private const int Classic = 8;
    private const int Repetitions = 4; // with a first delay of 1 s: given up after about 15 s of waiting

    // Which names the two scores have: Numerai's own, then the sandbox's. Assumption: nothing documents them; they are what public clients read (2026).
    private static readonly string[] Corr20Names = ["v2_corr20", "corr20"];
    private static readonly string[] Mmc20Names = ["mmc", "mmc20"];

    private readonly ResiliencePipeline _again = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PassingFaultException>(),
            MaxRetryAttempts = Repetitions,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstDelay,
        })
        .Build();

    /// <summary>The number of the newest round.</summary>
    public async Task<int> NewestRound(CancellationToken stop)
    {
        var rounds = await Ask("rounds", "query($tournament: Int!) { rounds(tournament: $tournament, limit: 1) { number } }", new { tournament = Classic }, stop);
        return Read(rounds, list => list[0].GetProperty("number").GetInt32());
    }

    /// <summary>The model's scores by round; rounds in which it did not take part are missing.</summary>
    /// <param name="lastRounds">So many rounds back from the newest.</param>
    /// <exception cref="ScoresUnavailableException">There is no such model, or a round up to <paramref name="last"/> isn't resolved: its scores would still change.</exception>
    public async Task<IReadOnlyDictionary<int, RoundScores>> Of(string model, int first, int last, int lastRounds, CancellationToken stop)
    {
        var profile = await Ask("v3UserProfile", "query($modelName: String!) { v3UserProfile(modelName: $modelName) { id } }", new { modelName = model }, stop);
        if (profile.ValueKind != JsonValueKind.Object) throw new ScoresUnavailableException($"Numerai knows no Classic model '{model}'.");
        var performances = await Ask("v2RoundModelPerformances", """
            query($modelId: String!, $tournament: Int!, $lastNRounds: Int!) {
              v2RoundModelPerformances(modelId: $modelId, tournament: $tournament, lastNRounds: $lastNRounds) {
                roundNumber roundResolved submissionScores { displayName day value }
              }
            }
            """, new { modelId = Read(profile, it => it.GetProperty("id").GetString()), tournament = Classic, lastNRounds = lastRounds }, stop);
        return Read(performances, all => all.EnumerateArray()
            .Select(round => (Number: round.GetProperty("roundNumber").GetInt32(), Round: round))
            .Where(it => it.Number >= first && it.Number <= last)
            .Select(it => it.Round.GetProperty("roundResolved").ValueKind == JsonValueKind.True ? it
                : throw new ScoresUnavailableException($"Round {it.Number} is not resolved yet: choose an earlier last round."))
            .Select(it => (it.Number, Scores: ScoresOf(it.Round)))
            .Where(it => it.Scores != default)
            .ToDictionary(it => it.Number, it => it.Scores));
    }

    private static RoundScores ScoresOf(JsonElement round)
    {
        var scores = round.GetProperty("submissionScores");
        return scores.ValueKind == JsonValueKind.Null ? default : new(Latest(scores, Corr20Names), Latest(scores, Mmc20Names));
    }

    /// <summary>The score's last day, under the first of the names that is there.</summary>
    private static string? Latest(JsonElement scores, string[] names) => names
        .Select(name => scores.EnumerateArray()
            .Where(score => string.Equals(score.GetProperty("displayName").GetString(), name, StringComparison.OrdinalIgnoreCase) && score.GetProperty("value").ValueKind != JsonValueKind.Null)
            .OrderBy(score => score.GetProperty("day") is { ValueKind: JsonValueKind.Number } day ? day.GetInt32() : 0)
            .Select(score => Decimal(score.GetProperty("value")))
            .LastOrDefault())
        .FirstOrDefault(value => value is not null);

    /// <summary>The number's own text: no digit is lost or added.</summary>
    private static string Decimal(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && text.All(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e' or 'E')
            ? text
            : throw new FormatException($"'{text}' is no score");
    }

    private async Task<JsonElement> Ask(string field, string query, object variables, CancellationToken stop)
    {
        try
        {
            return await _again.ExecuteAsync(async token => await AskOnce(field, query, variables, token), stop);
        }
        catch (PassingFaultException e)
        {
            throw new ScoresUnavailableException($"{endpoint} doesn't answer ({e.Message}): try again later, or name another --endpoint.", e);
        }
    }

    private async Task<JsonElement> AskOnce(string field, string query, object variables, CancellationToken stop)
    {
        JsonElement answer;
        try
        {
            using var response = await http.PostAsJsonAsync(endpoint, new { query, variables }, stop);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError) throw new PassingFaultException($"HTTP {(int)response.StatusCode}");
            answer = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new PassingFaultException(e is JsonException ? "the answer is not JSON" : e is OperationCanceledException ? "no answer in time" : e.Message, e);
        }

        if (answer.ValueKind != JsonValueKind.Object) throw new PassingFaultException("the answer is not a JSON object");
        if (answer.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0)
            throw new ScoresUnavailableException($"{endpoint} refuses {field} of {JsonSerializer.Serialize(variables)}: {Read(errors, list => list[0].GetProperty("message").GetString())}");
        return Read(answer, it => it.GetProperty("data").GetProperty(field)).Clone();
    }

    /// <summary>Reads an answer whole or not at all.</summary>
    private T Read<T>(JsonElement answer, Func<JsonElement, T> read)
    {
        try
        {
            return read(answer);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or FormatException or ArgumentException)
        {
            throw new ScoresUnavailableException($"{endpoint} answers in another form than Numerai's: {e.Message}", e);
        }
    }

    private sealed class PassingFaultException(string message, Exception? inner = null) : Exception(message, inner);
}
