using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.StandIns.Worker.TestApp;

public sealed class HttpFunctions(Journal journal, ILogger<HttpFunctions> logger)
{
    int calls;

    [Function("Ping")]
    public IActionResult Ping([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new OkObjectResult(new { Pong = request.Query["say"].ToString(), Calls = ++calls });

    [Function("Week")]
    public Task<IActionResult> Week(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week}")] HttpRequest request,
        string id,
        int week,
        string? view,
        FunctionContext context,
        CancellationToken stop) =>
        Task.FromResult<IActionResult>(new OkObjectResult(new
        {
            id,
            week,
            view,
            bound = context.BindingContext.BindingData["id"],
            sameContext = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            sameToken = stop == context.CancellationToken,
            hasJournal = context.InstanceServices.GetService(typeof(Journal)) == journal,
        }));

    [Function("Echo")]
    public async Task<IActionResult> Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post", "put")] HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return new ContentResult { Content = await reader.ReadToEndAsync(request.HttpContext.RequestAborted), ContentType = request.ContentType, StatusCode = 201 };
    }

    [Function("Minimal")]
    public IResult Minimal([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        Results.Text("minimal " + request.Method);

    [Function("NeedsFunctionKey")]
    public IActionResult NeedsFunctionKey([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new NoContentResult();

    [Function("NeedsSystemKey")]
    public IActionResult NeedsSystemKey([HttpTrigger(AuthorizationLevel.System, "get")] HttpRequest request) => new NoContentResult();

    [Function("NeedsMasterKey")]
    public IActionResult NeedsMasterKey([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => new NoContentResult();

    [Function("Throws")]
    public IActionResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        logger.LogInformation("about to throw");
        throw new InvalidOperationException("thrown on purpose");
    }

    /// <summary>Ends only when it is cancelled.</summary>
    [Function("Waits")]
    public async Task<IActionResult> Waits([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken stop)
    {
        journal.Add(new { function = "Waits", state = "running" });
        var cancelled = new TaskCompletionSource();
        await using var registration = stop.Register(cancelled.SetResult);
        await cancelled.Task;
        journal.Add(new { function = "Waits", state = "cancelled" });
        return new OkResult();
    }
}
