using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Http;

/// <summary>What the API takes and gives: OpenAPI 3.1, kept by hand in openapi.json; tests hold it against every trigger and against recorded traffic.</summary>
public sealed class OpenApiFunctions
{
    static readonly byte[] Document = Read();

    [Function("OpenApi")]
    public IActionResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        new RenderedAnswer(StatusCodes.Status200OK, JsonAnswer.ContentType, Document);

    static byte[] Read()
    {
        using var stored = typeof(OpenApiFunctions).Assembly.GetManifestResourceStream("openapi.json") ?? throw new InvalidOperationException("openapi.json isn't in the app.");
        using var bytes = new MemoryStream();
        stored.CopyTo(bytes);
        return bytes.ToArray();
    }
}
