using System.Text.RegularExpressions;

namespace Backstake.Submissions.Tests.Accounts;

/// <summary>Who asked what with which key; and keys that Numerai takes no more.</summary>
sealed partial class WatchedNumerai() : DelegatingHandler(new HttpClientHandler())
{
    public List<(string Key, string Field)> Calls { get; } = [];

    public HashSet<string> Revoked { get; } = [];

    /// <summary>What happens once, while an account is asked for.</summary>
    public Func<Task>? Meanwhile { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is { Parameter: { } token } && request.Method == HttpMethod.Post)
        {
            var key = token.Split('$')[0];
            var field = FirstField().Match(await request.Content!.ReadAsStringAsync(cancellationToken)).Groups["field"].Value;
            lock (Calls)
            {
                Calls.Add((key, field));
            }

            if (field == "account" && Meanwhile is { } act)
            {
                Meanwhile = null;
                await act();
            }

            if (Revoked.Contains(key))
                return new() { Content = new StringContent("""{"errors":[{"message":"Your session is invalid or has expired."}]}""") };
        }
        else
        {
            Assert.Null(request.Headers.Authorization); // an upload's address is its own secret
        }

        return await base.SendAsync(request, cancellationToken);
    }

    [GeneratedRegex(@"\{""query"":""[^{]*\{[\s\\n]*(?<field>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FirstField();
}
