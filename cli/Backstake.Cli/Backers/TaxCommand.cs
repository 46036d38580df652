using System.CommandLine;
using System.Text;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake tax</c>: a year's export from an app, with a key of the backer's.</summary>
internal static class TaxCommand
{
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
        var url = AppAddress.Required();
        var basis = new Option<string>("--basis") { Description = "cash (the default): when money reaches the wallet; accrual: when the books give it.", HelpName = "BASIS", DefaultValueFactory = _ => "cash" };
        var layout = new Option<string>("--layout") { Description = "neutral (the default), koinly or cointracker.", HelpName = "LAYOUT", DefaultValueFactory = _ => "neutral" };
        basis.AcceptOnlyFromAmong("cash", "accrual");
        layout.AcceptOnlyFromAmong("neutral", "koinly", "cointracker");
        var command = new Command("tax", About) { year, url, basis, layout };
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var app = result.GetValue(url)!;
            var answer = await new AppCall(app, HttpMethod.Get, $"tax/{result.GetValue(year)}?basis={result.GetValue(basis)}&layout={result.GetValue(layout)}") { KeyFor = "a key of yours with the scope read", Limit = Limit }.Send(stop);
            if (!answer.IsDone) throw new IOException(answer.Words(app));
            result.InvocationConfiguration.Output.Write(Encoding.UTF8.GetString(answer.Body));
            return ExitStatus.Done;
        }));
        return command;
    }
}
