using System.Globalization;
using System.Text.Json;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>Up to where an answer about a vault knows: the last settled week, the last closed round (null before the first), the last block whose logs are in.</summary>
public sealed record AsOf(int Week, int? Round, long Block)
{
    /// <summary>The header that says it of answers whose bytes are fixed (books, replay files).</summary>
    public const string Header = "Backstake-As-Of";

    public static AsOf Of(VaultState state) => new(state.Books.LastWeek.Number, state.Books.LastClosed?.Number, state.Record.LastBlock);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("asOf");
        json.WriteNumber("week", Week);
        if (Round is { } round)
            json.WriteNumber("round", round);
        else
            json.WriteNull("round");
        json.WriteNumber("block", Block);
        json.WriteEndObject();
    }

    public void Say(HttpResponse response) => response.Headers[Header] = string.Create(
        CultureInfo.InvariantCulture, $"week={Week}{(Round is { } round ? string.Create(CultureInfo.InvariantCulture, $", round={round}") : "")}, block={Block}");
}
