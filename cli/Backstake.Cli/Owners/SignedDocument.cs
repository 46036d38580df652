using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Owners;

/// <summary>
/// A signed document that an app keeps in versions (<c>disclosure</c>, <c>allocation</c>): <c>sign</c> writes the app's body with <c>vault</c> and <c>chainId</c> beside it, which the signature binds, <c>put</c> sends it.
/// </summary>
/// <param name="Name">As the route has it.</param>
/// <param name="KeyFor">What the key to read it must be for; null: anybody reads it.</param>
internal sealed record SignedDocument(string Name, string? KeyFor)
{
    private readonly Option<uint?> _version = new("--version") { Description = "The version to sign, one more than the last.", HelpName = "N" };
    private readonly Option<Uri?> _app = AppAddress.Optional("A running app that says what the next version is.");

    /// <summary>Either the version, or the app that knows the last one.</summary>
    public void AddVersionTo(Command command)
    {
        command.Add(_version);
        command.Add(_app);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_version) is null == result.GetValue(_app) is null) result.AddError("Name the version: --version N, or --app URL, which knows the last one.");
            if (result.GetValue(_version) is 0) result.AddError("--version: from 1 on.");
        });
    }

    public async Task<uint> Version(ParseResult result, string vault, CancellationToken stop)
    {
        if (result.GetValue(_version) is { } named) return named;
        using var stored = JsonDocument.Parse(await Get(result.GetValue(_app)!, vault, "", stop));
        return (uint)stored.RootElement.GetProperty("versions").GetArrayLength() + 1;
    }

    /// <exception cref="IOException">It can't be had; the line says why.</exception>
    public async Task<byte[]> Get(Uri app, string vault, string query, CancellationToken stop)
    {
        var answer = await new AppCall(app, HttpMethod.Get, $"vaults/{vault}/{Name}{query}") { KeyFor = KeyFor }.Send(stop);
        return answer.IsDone ? answer.Body : throw new IOException(answer.Words(app));
    }

    /// <summary><c>put</c>: has an app store what was signed.</summary>
    public Command Put(string about)
    {
        var (file, app, json) = (new Argument<FileInfo>("FILE") { Description = $"What 'backstake {Name} sign' printed." }, AppAddress.Required(), new Option<bool>("--json") { Description = "Print the app's answer as it came." });
        var command = new Command("put", about) { file, app, json };
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (url, read) = (result.GetValue(app)!, await Read(result.GetValue(file)!, stop));
            var vault = (string)read["vault"]!;
            read.Remove("vault");
            read.Remove("chainId");
            var answer = await new AppCall(url, HttpMethod.Put, $"vaults/{vault}/{Name}") { Body = Encoding.UTF8.GetBytes(read.ToJsonString()) }.Send(stop);
            if (!answer.IsDone)
                return OneLineFailures.OneLine(result.InvocationConfiguration.Error, answer.Status switch { 400 => ExitStatus.Malformed, 409 or 422 => ExitStatus.Refused, _ => ExitStatus.Failed }, answer.Words(url));
            result.InvocationConfiguration.Output.WriteLine(result.GetValue(json) ? Encoding.UTF8.GetString(answer.Body) : $"Stored for {vault}: version {read["version"]}.");
            return ExitStatus.Done;
        }));
        return command;
    }

    private async Task<JsonObject> Read(FileInfo file, CancellationToken stop)
    {
        try
        {
            if (JsonNode.Parse(await File.ReadAllBytesAsync(file.FullName, stop), documentOptions: new() { AllowDuplicateProperties = false }) is JsonObject read
                && read["vault"] is JsonValue vault && vault.TryGetValue<string>(out var address) && Accounting.Backer.IsAddress(address))
                return read;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new MalformedHistoryException($"{file}: not what 'backstake {Name} sign' prints");
    }
}
