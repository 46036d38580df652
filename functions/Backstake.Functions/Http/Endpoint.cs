using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Http;

/// <summary>An HTTP function as its attributes describe it.</summary>
/// <param name="Methods">In capitals.</param>
public sealed record Endpoint(string Function, IReadOnlyList<string> Methods, string Route, AuthorizationLevel Level, EndpointAttribute Needs)
{
    static readonly FrozenDictionary<string, Endpoint> ByFunction = Read().ToFrozenDictionary(endpoint => endpoint.Function, StringComparer.Ordinal);

    public static IReadOnlyCollection<Endpoint> All => ByFunction.Values;

    /// <summary>Whether anybody may call it without the operator's key.</summary>
    public bool IsPublic => Level is AuthorizationLevel.Anonymous;

    public static Endpoint Of(string function) => ByFunction[function];

    static IEnumerable<Endpoint> Read() =>
        from type in typeof(Endpoint).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from trigger in method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
        select new Endpoint(
            function.Name, [.. (trigger.Methods ?? []).Select(name => name.ToUpperInvariant())], trigger.Route ?? function.Name, trigger.AuthLevel,
            method.GetCustomAttribute<EndpointAttribute>() ?? new EndpointAttribute());
}
