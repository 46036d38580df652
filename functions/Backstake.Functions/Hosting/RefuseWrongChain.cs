using System.Collections.Frozen;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Hosting;

/// <summary>
/// Lets no step use a chain that isn't the one of the settings, nor a vault whose NMR isn't NMR: it fails with the sentence that <c>health/ready</c> says, too.
/// A node that can't be asked refuses nothing here; the step itself finds out, and counts it as its own failure.
/// </summary>
public sealed class RefuseWrongChain(ChainIdentity chain) : IFunctionsWorkerMiddleware
{
    /// <summary>The functions that ask or tell the chain anything.</summary>
    public static readonly FrozenSet<string> Functions =
        FrozenSet.Create(StringComparer.Ordinal, "WatchChain", "WatchVault", "SubmitRound", "CollectRound", "SettleWeek", "SendReleases");

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (Functions.Contains(context.FunctionDefinition.Name) && await Problem(context) is { } problem)
            throw new WrongChainException(problem);
        await next(context);
    }

    async Task<string?> Problem(FunctionContext context)
    {
        try
        {
            if (await chain.Problem(context.CancellationToken) is { } problem)
                return problem;
            return StepSubject.Of(context).Vault is { } vault ? await chain.ProblemOf(vault, context.CancellationToken) : null;
        }
        catch (Exception unreachable) when (NodeFailure.Is(unreachable))
        {
            return null;
        }
    }
}

/// <summary>The settings and the chain don't belong together: <c>wrongChain</c>; the message says what to do.</summary>
public sealed class WrongChainException(string message) : OutsideException("wrongChain", message, null);
