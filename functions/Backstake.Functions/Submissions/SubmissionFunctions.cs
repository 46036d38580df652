using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions;

public sealed class SubmissionFunctions(VaultSubmission submission)
{
    [Function("SubmitRound")]
    public Task Submit([QueueTrigger(VaultQueues.Submissions)] SubmitRound message, CancellationToken stop) => submission.Submit(message, stop);
}
