using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Operations;

/// <summary>Steps of one timer that have nothing to do with each other.</summary>
public static class StepsAlone
{
    /// <summary>One's trouble is not the others': it is logged, and the next step is taken.</summary>
    public static async Task Try(this ILogger logger, string what, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            logger.LogCritical(trouble, "{What} can't be looked after: {Reason}", what, trouble.Message);
        }
    }
}
