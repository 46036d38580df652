using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>One invocation: a service scope of its own, disposed when it has ended.</summary>
sealed class LocalFunctionContext(FunctionEntry function, TriggerInput input, IServiceScopeFactory scopes, CancellationToken cancellation) : FunctionContext, IAsyncDisposable
{
    readonly AsyncServiceScope scope = scopes.CreateAsyncScope();
    IServiceProvider? replaced;

    public FunctionEntry Function { get; } = function;

    public TriggerInput Input { get; } = input;

    /// <summary>What the method returned (the value of its task).</summary>
    public object? Result { get; set; }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => Function.Definition.Id;

    public override TraceContext TraceContext { get; } = new LocalTraceContext();

    public override BindingContext BindingContext { get; } = new LocalBindingContext(input.BindingData);

    /// <summary>Host-level retries, which queues and HTTP don't have.</summary>
    public override RetryContext RetryContext { get; } = new NoRetries();

    public override IServiceProvider InstanceServices
    {
        get => replaced ?? scope.ServiceProvider;
        set => replaced = value;
    }

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new LocalFeatures();

    public override CancellationToken CancellationToken { get; } = cancellation;

    public ValueTask DisposeAsync() => scope.DisposeAsync();

    sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    sealed class LocalTraceContext : TraceContext
    {
        public override string TraceParent { get; } = Activity.Current?.Id ?? "";

        public override string TraceState { get; } = Activity.Current?.TraceStateString ?? "";
    }

    sealed class NoRetries : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    sealed class LocalFeatures : IInvocationFeatures
    {
        readonly Dictionary<Type, object> features = [];

        public void Set<T>(T instance) => features[typeof(T)] = instance!;

        public T? Get<T>() => features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
