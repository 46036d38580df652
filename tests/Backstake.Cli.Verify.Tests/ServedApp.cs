using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Backstake.Cli.Verify.Tests;

/// <summary>What an app would answer, for the command to ask: each path with its query (without the address) has an answer, or is not found.</summary>
internal sealed class ServedApp : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public ServedApp(Func<HttpListenerRequest, Answer> answers)
    {
        Url = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = Serve(answers);
    }

    public ServedApp(IReadOnlyDictionary<string, string> answers)
        : this(asked => answers.TryGetValue(asked.RawUrl!, out var body) ? new Answer(body) : new Answer("{}", 404))
    {
    }

    public string Url { get; }

    /// <summary>Every request, as <c>METHOD /path?query</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <param name="LengthTold">Null: the body's; a greater one: the connection ends before all of it came.</param>
    internal sealed record Answer(string Body, int Status = 200, string Type = "application/json", long? LengthTold = null, string? RetryAfter = null);

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private async Task Serve(Func<HttpListenerRequest, Answer> answers)
    {
        try
        {
            while (true) await Say(await _listener.GetContextAsync(), answers);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private async Task Say(HttpListenerContext asked, Func<HttpListenerRequest, Answer> answers)
    {
        Asked.Add($"{asked.Request.HttpMethod} {asked.Request.RawUrl}");
        var answer = answers(asked.Request);
        var (body, response) = (Encoding.UTF8.GetBytes(answer.Body), asked.Response);
        (response.StatusCode, response.ContentType, response.ContentLength64) = (answer.Status, answer.Type, answer.LengthTold ?? body.Length);
        if (answer.RetryAfter is { } seconds) response.AddHeader("Retry-After", seconds);
        await response.OutputStream.WriteAsync(body);
        await response.OutputStream.FlushAsync();
        if (answer.LengthTold > body.Length) response.Abort();
        else response.Close();
    }
}
