using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// Fills a function's parameters in the order of the worker's converters: the request, the context, a value of the type itself, text read as JSON, the cancellation token;
/// then the default value, then null. A text that isn't the type's JSON fails the invocation (for a request: 500).
/// </summary>
sealed class ParameterBinding(IOptions<JsonSerializerOptions> json)
{
    const string HttpContextKey = "HttpRequestContext";

    public static void SetHttpContext(FunctionContext context, HttpContext http) => context.Items[HttpContextKey] = http;

    public static HttpContext? HttpContextOf(FunctionContext context) =>
        context.Items.TryGetValue(HttpContextKey, out var item) ? item as HttpContext : null;

    public object?[] Bind(LocalFunctionContext context)
    {
        var errors = new List<string>();
        var values = context.Function.Method.GetParameters().Select(parameter => Value(context, parameter, errors)).ToArray();
        if (errors.Count > 0)
            throw new InvalidOperationException($"Error converting {errors.Count} input parameters for Function '{context.Function.Name}': {string.Join(Environment.NewLine, errors)}");
        return values;
    }

    object? Value(LocalFunctionContext context, ParameterInfo parameter, List<string> errors)
    {
        var type = parameter.ParameterType;
        var source = parameter == context.Function.TriggerParameter ? context.Input.Value : context.Input.BindingData.GetValueOrDefault(parameter.Name!);
        if (type == typeof(HttpRequest) && HttpContextOf(context) is { } http)
            return http.Request;
        if (type == typeof(FunctionContext))
            return context;
        if (type.IsInstanceOfType(source))
            return source;
        if (source is string text && type != typeof(string))
            return FromJson(text, parameter, errors);
        if (type == typeof(CancellationToken))
            return context.CancellationToken;
        if (parameter.HasDefaultValue)
            return parameter.DefaultValue;
        if (type.IsValueType && Nullable.GetUnderlyingType(type) is null)
            errors.Add($"Could not populate the value for '{parameter.Name}' parameter. Consider adding a default value or making the parameter nullable.");
        return null;
    }

    object? FromJson(string text, ParameterInfo parameter, List<string> errors)
    {
        try
        {
            return JsonSerializer.Deserialize(text, parameter.ParameterType, json.Value);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            errors.Add($"Cannot convert input parameter '{parameter.Name}' to type '{parameter.ParameterType.FullName}' from type 'System.String'. Error:{exception.Message}");
            return null;
        }
    }
}
