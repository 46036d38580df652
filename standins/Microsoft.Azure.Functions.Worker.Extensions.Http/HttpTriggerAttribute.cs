using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.LocalHost;

namespace Microsoft.Azure.Functions.Worker;

public sealed class HttpTriggerAttribute : TriggerBindingAttribute, IHttpTrigger
{
    public HttpTriggerAttribute() => AuthLevel = AuthorizationLevel.Function;

    /// <summary>Warning: leaves <see cref="AuthLevel"/> at Anonymous, as the package does.</summary>
    public HttpTriggerAttribute(params string[] methods) => Methods = methods;

    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    public string? Route { get; set; }

    public string[]? Methods { get; private set; }

    public AuthorizationLevel AuthLevel { get; private set; }

    string ITrigger.BindingType => "httpTrigger";

    KeyLevel IHttpTrigger.Level => (KeyLevel)AuthLevel;

    string? ITrigger.Refuses(Type type) =>
        type == typeof(HttpRequest) ? null : "an HTTP trigger's parameter is an HttpRequest; the HttpContext is its HttpContext, or FunctionContext.GetHttpContext().";
}
