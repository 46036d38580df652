using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// The service's error, <c>{"odata.error":{"code":…,"message":{"value":…}}}</c>. In a transaction the message begins with the place of the
/// action that failed and a colon.
/// </summary>
internal sealed class ErrorParser : RequestFailedDetailsParser
{
    /// <summary>The key of <see cref="Exception.Data"/> under which that place is.</summary>
    public const string FailedEntity = "FailedEntity";

    public static readonly ErrorParser Instance = new();

    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        error = null;
        data = null;
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            if (!document.RootElement.TryGetProperty("odata.error", out var found))
                return false;

            var code = found.TryGetProperty("code", out var name) ? name.GetString() : null;
            var message = found.TryGetProperty("message", out var text) ? text.GetProperty("value").GetString() : null;
            data = new Dictionary<string, string>(StringComparer.Ordinal);
            if (message is not null && Index(message) is { } index)
            {
                data[FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
                message += $"\n The index of the entity that caused the error can be found in {nameof(TableTransactionFailedException.FailedTransactionActionIndex)}.";
            }

            error = new ResponseError(code, message);
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Not JSON or not of this shape (a proxy's page, say): the status has to speak for itself.
            return false;
        }
    }

    private static int? Index(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
