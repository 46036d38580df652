using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Hosting;

/// <summary>What a function's message or address is about, as far as it says so: the properties of a queue message, or the values of a route.</summary>
public sealed record StepSubject(string? Vault, int? Round, int? Week)
{
    public static StepSubject Of(FunctionContext context) => new(Text(context, "vault"), Number(context, "round"), Number(context, "week"));

    static string? Text(FunctionContext context, string name) =>
        context.BindingContext.BindingData.FirstOrDefault(it => it.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.ToString()?.Trim('"');

    static int? Number(FunctionContext context, string name) =>
        int.TryParse(Text(context, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
