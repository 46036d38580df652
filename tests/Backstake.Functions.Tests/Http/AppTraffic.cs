using Backstake.Season;

namespace Backstake.Functions.Tests.Http;

/// <summary>How tests speak with an app: every answer is held against openapi.json (<see cref="DocumentedTraffic"/>).</summary>
static class AppTraffic
{
    public static HttpClient Client(this AppProcess app) => new(new DocumentedTraffic()) { BaseAddress = app.Address };
}
