using System.CommandLine;
using System.Net.Http.Headers;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake tax</c>: a year's export from an app, with a key of the backer's.</summary>
internal static class TaxCommand
{
    public const string KeyVariable = "BACKSTAKE_KEY";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2); // it folds every vault's history

    private const string About = """
        Write a year of yours, of all vaults, as CSV that tax programs read. No advice is given.

        Example:
          BACKSTAKE_KEY=bst_… backstake tax 2026 --app https://… --basis cash --layout koinly > 2026.csv

        The key has the scope read (POST /api/auth/keys). Exit status 0: written; 1: the app can't be asked, or doesn't take the key.
        """;

    public static Command Create()
    {
        var year = new Argument<int>("YEAR") { Description = "The calendar year, UTC." };
        var app = new Option<Uri?>("--app") { Description = "A running app.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
        var basis = new Option<string>("--basis") { Description = "cash (the default): when money reaches the wallet; accrual: when the books give it.", HelpName = "BASIS", DefaultValueFactory = _ => "cash" };
        var layout = new Option<string>("--layout") { Description = "neutral (the default), koinly or cointracker.", HelpName = "LAYOUT", DefaultValueFactory = _ => "neutral" };
        basis.AcceptOnlyFromAmong("cash", "accrual");
        layout.AcceptOnlyFromAmong("neutral", "koinly", "cointracker");
        var command = new Command("tax", About) { year, app, basis, layout };
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var address = new Uri($"{result.GetValue(app)!.AbsoluteUri.TrimEnd('/')}/api/tax/{result.GetValue(year)}?basis={result.GetValue(basis)}&layout={result.GetValue(layout)}");
            result.InvocationConfiguration.Output.Write(await Get(address, stop));
            return ExitStatus.Done;
        }));
        return command;
    }

    private static async Task<string> Get(Uri address, CancellationToken stop)
    {
        if (Environment.GetEnvironmentVariable(KeyVariable) is not { Length: > 0 } key) throw new IOException($"{KeyVariable} is not set: a key of yours with the scope read.");
        // A key over plain HTTP would be everybody's on the way.
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback) throw new IOException($"{address.Host}: the key is sent over https only.");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Limit };
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(stop) : throw new IOException($"{address.Host} answers {(int)answer.StatusCode}{((int)answer.StatusCode is 401 or 403 ? $": it doesn't take the key in {KeyVariable}" : "")}.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new IOException($"{address.Host} can't be reached: {e.Message}", e);
        }
    }
}
