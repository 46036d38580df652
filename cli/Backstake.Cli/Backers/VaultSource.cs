using System.CommandLine;
using Backstake.Accounting;
using Backstake.Cli.Quotes;

namespace Backstake.Cli.Backers;

/// <summary>The options by which a backer's command gets a vault's history: from an app, or from a file that anybody gave. Either is folded here.</summary>
internal sealed class VaultSource
{
    private readonly Option<FileInfo?> _history = new("--history") { Description = "The vault's history in the replay format.", HelpName = "FILE" };
    private readonly Option<Uri?> _app = AppAddress.Optional("A running app to get it from.");
    private readonly Option<string?> _vault = new("--vault") { Description = "Which of the app's vaults, by its address.", HelpName = "ADDRESS" };

    public void AddTo(Command command)
    {
        command.Add(_history);
        command.Add(_app);
        command.Add(_vault);
        RequireAddress(command, _vault);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_history) is null == result.GetValue(_app) is null) result.AddError("Name the vault: --history FILE, or --app URL with --vault ADDRESS.");
            if (result.GetValue(_app) is null != result.GetValue(_vault) is null) result.AddError("--app and --vault go together.");
        });
    }

    /// <exception cref="IOException">It can't be had, or is malformed: the line says where.</exception>
    public async Task<QuotedVault> Read(ParseResult result, CancellationToken stop)
    {
        var (name, bytes, calendar) = result.GetValue(_app) is { } url
            ? await QuoteCommand.FromApp(url, result.GetValue(_vault)!.ToLowerInvariant(), stop)
            : (result.GetValue(_history)!.ToString(), await File.ReadAllBytesAsync(result.GetValue(_history)!.FullName, stop), null);
        var read = ReplayFile.Read(bytes);
        return read.IsMalformed(out var malformed) ? throw new MalformedHistoryException($"{name}: {malformed}") : QuotedVault.Of(read.Value, calendar);
    }

    public static Option<string> Backer() => new("--backer") { Description = "Whose units, by address.", HelpName = "ADDRESS", Required = true };

    public static void RequireAddress(Command command, params Option[] options) => command.Validators.Add(result =>
    {
        foreach (var option in options)
        {
            if (result.GetResult(option) is { Tokens: [{ Value: var address }] } && !Accounting.Backer.IsAddress(address.ToLowerInvariant())) result.AddError($"{option.Name}: an address is 0x and 40 hex digits.");
        }
    });

    /// <summary>Runs the command; what went wrong outside is a line on standard error.</summary>
    public static async Task<int> Say(ParseResult result, Func<Task<int>> command)
    {
        var error = result.InvocationConfiguration.Error;
        try
        {
            return await command();
        }
        catch (MalformedHistoryException e)
        {
            return OneLineFailures.OneLine(error, ExitStatus.Malformed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvariantViolatedException or System.Text.Json.JsonException)
        {
            return OneLineFailures.OneLine(error, ExitStatus.Failed, e.Message);
        }
    }
}

/// <summary>A history that isn't one (ACCOUNTING.md 6); one line.</summary>
internal sealed class MalformedHistoryException(string message) : Exception(message);
