using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>What a trigger attribute tells the host.</summary>
interface ITrigger
{
    /// <summary>As in function.json: <c>httpTrigger</c>, <c>timerTrigger</c>, <c>queueTrigger</c>.</summary>
    string BindingType { get; }

    /// <summary>Types of the parameter that the trigger can fill, as a sentence's end, or null when <paramref name="type"/> is one of them.</summary>
    string? Refuses(Type type);
}

/// <summary>A trigger that requests set off.</summary>
interface IHttpTrigger : ITrigger
{
    string? Route { get; }

    string[]? Methods { get; }

    KeyLevel Level { get; }
}

/// <summary>A trigger that the host listens for by itself, and that the admin endpoint can set off.</summary>
interface IListenedTrigger : ITrigger
{
    /// <exception cref="HostRefusalException">A setting is missing or wrong.</exception>
    ITriggerListener Listen(FunctionEntry function, IServiceProvider services);
}

interface ITriggerListener
{
    /// <summary>Runs until <paramref name="stop"/>, and then until what is running has ended.</summary>
    Task Run(CancellationToken stop);

    /// <summary>One invocation with the admin endpoint's input.</summary>
    Task RunOnce(string? input, CancellationToken stop);
}

/// <summary>What an invocation starts from. <paramref name="Value"/> fills the trigger's parameter, <paramref name="BindingData"/> others by name.</summary>
sealed record TriggerInput(object? Value, string Reason, IReadOnlyDictionary<string, object?> BindingData, HttpContext? Http = null)
{
    public static readonly IReadOnlyDictionary<string, object?> NoBindingData = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
}
