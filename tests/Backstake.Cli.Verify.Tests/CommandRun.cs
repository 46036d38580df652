using System.Diagnostics;

namespace Backstake.Cli.Verify.Tests;

/// <summary>The command as it is run: its own process, its streams, its exit status.</summary>
internal sealed record CommandRun(int Status, string Output, string Error)
{
    // Where it was built: beside these tests it lacks what they have from ASP.NET Core's framework.
    private static readonly string Command = Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "Backstake.Cli.Verify.Tests"), Path.Combine("cli", "Backstake.Cli"), StringComparison.Ordinal), "backstake.dll");

    public static CommandRun Of(params string[] arguments) => With([], arguments);

    public static CommandRun With(IEnumerable<(string Name, string Value)> environment, params string[] arguments) => Run("dotnet", [Command, .. arguments], environment);

    /// <summary>On a disk on which no file gets larger than so many bytes: what is beyond them is refused, as a full disk refuses it.</summary>
    public static CommandRun OnDiskWith(int bytes, params string[] arguments) => Run(
        "sh", ["-c", "trap '' XFSZ; exec prlimit --fsize=\"$0\" dotnet \"$@\"", $"{bytes}", Command, .. arguments],
        [("DOTNET_EnableWriteXorExecute", "0")]); // the runtime's own mapping is a file, too

    private static CommandRun Run(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var command = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) command.Environment[name] = value;
        using var process = Process.Start(command)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
