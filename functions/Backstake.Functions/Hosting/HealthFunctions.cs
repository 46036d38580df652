using System.Reflection;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Hosting;

/// <summary>That the app answers, without asking anything that it depends on.</summary>
public sealed class HealthFunctions(RunCounts counts, TimeProvider clock)
{
    public const string Name = "Health";

    static readonly string Version =
        typeof(HealthFunctions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    [Function(Name), Endpoint(Cost = 0)]
    public IActionResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) => new OkObjectResult(new
    {
        status = "ok",
        version = Version,
        time = clock.GetUtcNow(),
        running = counts.InFlight - 1, // without this call
        functions = counts.ByFunction.Where(run => run.Key != Name).ToDictionary(run => run.Key, run => run.Value, StringComparer.Ordinal),
    });
}
