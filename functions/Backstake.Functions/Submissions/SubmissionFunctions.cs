using Backstake.Functions.Nodes;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions;

public sealed class SubmissionFunctions(VaultSubmission submission, NodeDelivery nodes, StepLimits limits)
{
    [Function("SubmitRound")]
    public Task Submit([QueueTrigger(VaultQueues.Submissions)] SubmitRound message, CancellationToken stop) =>
        limits.Run(stop => submission.Submit(message, stop), stop);

    [Function("CallNode")]
    public Task Call([QueueTrigger(VaultQueues.Nodes)] CallNode message, CancellationToken stop) =>
        limits.Run(stop => nodes.Deliver(message, stop), stop);
}
