using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>One function of the app.</summary>
/// <param name="IsDisabled">The setting <c>AzureWebJobs.NAME.Disabled</c> is true or 1: nothing triggers it but the admin endpoint.</param>
sealed record FunctionEntry(FunctionDefinition Definition, MethodInfo Method, ITrigger Trigger, ParameterInfo TriggerParameter, bool IsDisabled)
{
    public string Name => Definition.Name;

    /// <summary>The name that locks and timer status are kept under, as the real host has it.</summary>
    public string FullName => "Host.Functions." + Name;

    /// <summary>The value of a finished <c>Task&lt;T&gt;</c>; null for a plain Task.</summary>
    public PropertyInfo? TaskResult { get; } = Method.ReturnType.IsGenericType ? Method.ReturnType.GetProperty("Result") : null;
}

/// <summary>The functions of the entry assembly: public methods of public classes with <c>[Function]</c>.</summary>
sealed partial class FunctionCatalog(IConfiguration configuration)
{
    public IReadOnlyList<FunctionEntry> Functions { get; } = Read(Assembly.GetEntryAssembly()!, configuration);

    /// <summary>By name, ignoring case; null when there is none.</summary>
    public FunctionEntry? Find(string name) =>
        Functions.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));

    static List<FunctionEntry> Read(Assembly assembly, IConfiguration configuration)
    {
        var functions = new List<FunctionEntry>();
        foreach (var method in assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } attribute)
                continue;
            var function = Entry(method, attribute.Name, configuration);
            if (functions.Exists(other => string.Equals(other.Name, function.Name, StringComparison.OrdinalIgnoreCase)))
                throw new HostRefusalException($"Function {function.Name}: two methods have this name.");
            functions.Add(function);
        }

        return functions;
    }

    static FunctionEntry Entry(MethodInfo method, string name, IConfiguration configuration)
    {
        string At(string what) => $"Function {name} ({method.DeclaringType!.FullName}.{method.Name}): {what}";

        if (!ValidName().IsMatch(name))
            throw new HostRefusalException(At("the name must begin with a letter and hold at most 127 more letters, digits, - or _."));
        if (!method.IsPublic || !method.DeclaringType!.IsVisible)
            throw new HostRefusalException(At("method and class must be public."));
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new HostRefusalException(At("async void can't be awaited: return Task (AZFW0001)."));
        if (method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            throw new HostRefusalException(At("the worker doesn't await ValueTask: return Task."));

        var triggers = method.GetParameters().Where(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null).ToArray();
        if (triggers is not [var parameter])
            throw new HostRefusalException(At("exactly one parameter must have a trigger attribute."));
        var trigger = (ITrigger)parameter.GetCustomAttribute<TriggerBindingAttribute>()!;
        if (trigger.Refuses(parameter.ParameterType) is { } refusal)
            throw new HostRefusalException(At(refusal));

        var disabled = configuration[$"AzureWebJobs.{name}.Disabled"];
        return new FunctionEntry(
            new LocalFunctionDefinition(name, method, new LocalBinding(parameter.Name!, trigger.BindingType)),
            method,
            trigger,
            parameter,
            IsDisabled: disabled == "1" || string.Equals(disabled, "true", StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ValidName();
}

sealed class LocalFunctionDefinition(string name, MethodInfo method, LocalBinding trigger) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

    public override string PathToAssembly { get; } = method.DeclaringType!.Assembly.Location;

    public override string EntryPoint { get; } = method.DeclaringType!.FullName + "." + method.Name;

    public override string Id => Name;

    public override string Name { get; } = name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } =
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(trigger.Name, trigger);

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = ImmutableDictionary<string, BindingMetadata>.Empty;
}

sealed class LocalBinding(string name, string type) : BindingMetadata
{
    public override string Name { get; } = name;

    public override string Type { get; } = type;

    public override BindingDirection Direction => BindingDirection.In;
}
