using Microsoft.Azure.Functions.Worker.LocalHost;

namespace Microsoft.Azure.Functions.Worker;

public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}

public abstract class InvocationResult : InvocationResult<object>;

public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the function returned; what is set instead is carried out.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new LocalInvocationResult((LocalFunctionContext)context);
}
