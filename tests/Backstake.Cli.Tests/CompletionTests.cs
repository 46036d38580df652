using System.Diagnostics;
using Backstake.Cli.Verify.Tests;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary>Shells complete the command by what it prints: bash for real, as it does on a tab.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Bash = "/bin/bash";
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What is typed up to the cursor, and what bash would offer.</summary>
    [SkippableFact]
    public void Bash_CompletesCommandsOptionsAndChoices()
    {
        Skip.IfNot(File.Exists(Bash), $"There is no {Bash} on this machine.");
        var offered = Complete("ver", "owner ", "owner re", "deposit --pay", "deposit --payout ", "tax 2026 --basis a", "verify ", "quote --app http://localhost:7071 --u", "nosuch");
        Assert.Equal(
            ["verify", "adopt-staker announce-staker move-cut revoke-cut revoke-staker", "revoke-cut revoke-staker", "--payout", "compound pay", "accrual", "", "--units", ""], offered);
    }

    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _backstake backstake")]
    [InlineData("zsh", "compdef _backstake backstake")]
    [InlineData("fish", "complete -c backstake")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName backstake")]
    public void EveryShell_HasItsScript(string shell, string line)
    {
        var run = CommandRun.Of("completion", shell);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherShell_IsRefused()
    {
        var run = CommandRun.Of("completion", "tcsh");
        Assert.Equal(1, run.Status);
        Assert.Contains("Argument 'tcsh' not recognized. Must be one of:", run.Error, StringComparison.Ordinal);
    }

    private string[] Complete(params string[] typed)
    {
        var command = Path.Combine(_folder, "backstake");
        File.WriteAllText(command, $"#!{Bash}\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "backstake.dll")}' \"$@\"\n");
        // As readline calls it: the line, where the cursor is in it, and its words.
        var script = Path.Combine(_folder, "tab.sh");
        File.WriteAllText(script, """
            chmod +x "$1"
            source <(backstake completion bash)
            while IFS= read -r typed; do
                COMP_LINE="backstake $typed" COMP_POINT=$(( ${#typed} + 10 ))
                read -ra COMP_WORDS <<< "$COMP_LINE"
                [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=("")
                COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
                $(complete -p backstake | sed 's/.*-F \([^ ]*\) .*/\1/') backstake
                echo "${COMPREPLY[*]}"
            done
            """);
        var start = new ProcessStartInfo(Bash, ["--norc", script, command]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var bash = Process.Start(start)!;
        foreach (var line in typed) bash.StandardInput.Write(line + "\n");
        bash.StandardInput.Close();
        return bash.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n') is var lines && lines.Length < typed.Length ? [.. lines, ""] : lines;
    }
}
