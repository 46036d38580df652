using System.Reflection;
using System.Text.Json;
using Backstake.Functions.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Simulation.Engine;

/// <summary>One of the app's functions, found as the host finds it: by its attributes.</summary>
/// <param name="Queue">The queue that triggers it, or null: a timer does.</param>
public sealed record AppFunction(string Name, Type Type, MethodInfo Method, string? Queue, Type? MessageType)
{
    public static readonly IReadOnlyList<AppFunction> All = Find();

    public static AppFunction OfQueue(string queue) => All.Single(function => function.Queue == queue);

    public static AppFunction Named(string name) => All.Single(function => function.Name == name);

    /// <summary>Null if the text isn't a message that the function takes.</summary>
    public object? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(Convert.FromBase64String(text), MessageType!, JsonSerializerOptions.Web);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            return null;
        }
    }

    public Task Invoke(object instance, object? argument)
    {
        var arguments = Method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None
            : parameter.ParameterType == typeof(TimerInfo) ? new TimerInfo()
            : argument).ToArray();
        return (Task)Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    static List<AppFunction> Find()
    {
        var found = new List<AppFunction>();
        foreach (var type in typeof(AppServices).Assembly.GetTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is not { } function)
                    continue;
                foreach (var parameter in method.GetParameters())
                {
                    if (parameter.GetCustomAttribute<QueueTriggerAttribute>() is { } queue)
                        found.Add(new AppFunction(function.Name, type, method, queue.QueueName, parameter.ParameterType));
                    else if (parameter.GetCustomAttribute<TimerTriggerAttribute>() is not null)
                        found.Add(new AppFunction(function.Name, type, method, null, null));
                }
            }
        }

        return found;
    }
}
