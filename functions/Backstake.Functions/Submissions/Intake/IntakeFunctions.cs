using Backstake.Functions.Http;
using Backstake.Research;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions.Intake;

/// <summary>A delegate brings predictions.</summary>
public sealed class IntakeFunctions(PredictionIntake intake, Delegates delegates)
{
    /// <summary>The file itself is the body; its name and content type say nothing. 200 with hash and statistics once it is stored, 422 with what is wrong.</summary>
    [Function("PutPredictions")]
    [Endpoint(BodyMost = PredictionCheck.BytesMost, Cost = 10)]
    public Task<IActionResult> Put(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/rounds/{round}/predictions")] HttpRequest request, string id, string round, CancellationToken stop) =>
        delegates.As(request, id, vault => intake.Put(vault, round, request.Bytes().ToArray(), stop), stop);

    /// <summary>202: what is stored for the open round is submitted as soon as a worker is free. Any number of times.</summary>
    [Function("SubmitNow")]
    public Task<IActionResult> Submit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vaults/{id}/rounds/{round}/submit")] HttpRequest request, string id, string round, CancellationToken stop) =>
        delegates.As(request, id, vault => intake.Submit(vault, round, stop), stop);
}
