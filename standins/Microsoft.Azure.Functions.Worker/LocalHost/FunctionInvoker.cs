using System.Diagnostics;
using System.Reflection;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>The app's middleware, outermost first.</summary>
sealed record InvocationPipeline(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware);

/// <summary>Runs one invocation: scope, middleware, a new instance of the function's class, its method; logs how it ended.</summary>
sealed partial class FunctionInvoker
{
    readonly IServiceScopeFactory scopes;
    readonly ParameterBinding binding;
    readonly HostFile hostFile;
    readonly ILoggerFactory loggers;
    readonly FunctionExecutionDelegate pipeline;

    public FunctionInvoker(IServiceScopeFactory scopes, ParameterBinding binding, HostFile hostFile, ILoggerFactory loggers, InvocationPipeline pipeline)
    {
        (this.scopes, this.binding, this.hostFile, this.loggers) = (scopes, binding, hostFile, loggers);
        this.pipeline = pipeline.Middleware.Reverse().Aggregate((FunctionExecutionDelegate)Execute, (next, middleware) => middleware(next));
    }

    /// <summary>True when the function and the middleware ended without an exception; the exception is logged, not thrown.</summary>
    public async Task<bool> Invoke(FunctionEntry function, TriggerInput input, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (hostFile.FunctionTimeout is { } timeout)
            ending.CancelAfter(timeout);

        var context = new LocalFunctionContext(function, input, scopes, ending.Token);
        await using var disposal = context;
        var logger = loggers.CreateLogger("Function." + function.Name);
        var watch = Stopwatch.StartNew();
        try
        {
            await pipeline(context);
            if (ending.IsCancellationRequested && !stop.IsCancellationRequested)
                throw new TimeoutException($"Timeout value of {hostFile.FunctionTimeout} was exceeded by function: {function.Name}");
            Succeeded(logger, input.Reason, watch.ElapsedMilliseconds, context.InvocationId);
            return true;
        }
        catch (Exception exception)
        {
            Failed(logger, exception, function.Name, input.Reason, watch.ElapsedMilliseconds, context.InvocationId);
            return false;
        }
    }

    async Task Execute(FunctionContext functionContext)
    {
        var context = (LocalFunctionContext)functionContext;
        var method = context.Function.Method;
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, method.DeclaringType!);
        var result = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, binding.Bind(context), culture: null);
        if (result is Task task)
        {
            await task;
            result = context.Function.TaskResult?.GetValue(task);
        }

        context.Result = result;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "succeeded ({Reason}, {Milliseconds} ms, {InvocationId})")]
    static partial void Succeeded(ILogger logger, string reason, long milliseconds, string invocationId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed ({Reason}, {Milliseconds} ms, {InvocationId})")]
    static partial void Failed(ILogger logger, Exception exception, string function, string reason, long milliseconds, string invocationId);
}
