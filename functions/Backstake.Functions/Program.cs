using Backstake.Functions.Hosting;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Hosting.Settings;
using Backstake.Functions.Hosting.Status;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Operations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
if (AppSettings.Problems(builder.Configuration) is { Count: > 0 } problems)
{
    foreach (var problem in problems)
        await Console.Error.WriteLineAsync(problem);
    return 1;
}

builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<DiscloseFailures>();
builder.UseMiddleware<AnswerHttp>();
builder.UseMiddleware<LimitRates>();
builder.UseMiddleware<ReadBody>();
builder.UseMiddleware<CountRuns>();
builder.UseMiddleware<TraceSteps>();
builder.UseMiddleware<PrepareStorage>();
builder.UseMiddleware<CountAttempts>();
builder.UseMiddleware<RecordFlowTimes>();
builder.UseMiddleware<RefuseWrongChain>();
builder.UseMiddleware<KnowCaller>();
builder.UseMiddleware<AnswerOnce>();
builder.Services.AddBackstake(builder.Configuration);
builder.AddTelemetry();

await builder.Build().RunAsync();
return 0;
