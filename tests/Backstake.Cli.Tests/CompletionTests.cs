using System.Diagnostics;
using Backstake.Cli.Verify.Tests;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary>Shells complete the command by what it prints: each for real, as it does on a tab. Only bash is on every machine.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Bash = "/bin/bash";

    private const string Files = "files";

    /// <summary>What is typed up to the cursor, and what is offered; where the command has nothing to offer, the shell has its files. <c>vault</c> has a command beside its argument.</summary>
    private static readonly (string Typed, string Offered)[] Lines =
    [
        ("ver", "verify"), ("owner ", "adopt-staker announce-staker move-cut revoke-cut revoke-staker"), ("owner re", "revoke-cut revoke-staker"), ("vault cr", "create"), ("pause --deposits ", "off on"),
        ("deposit --pay", "--payout"), ("deposit --payout ", "compound pay"), ("tax 2026 --basis a", "accrual"), ("verify ", Files), ("terms sign te", Files), ("quote --app http://localhost:7071 --u", "--units"), ("nosuch", ""),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Bash_CompletesCommandsOptionsAndChoices()
    {
        Skip.IfNot(File.Exists(Bash), $"There is no {Bash} on this machine.");
        // As readline calls it: the line, where the cursor is in it, and its words.
        Assert.Equal(Offered(""), Complete(Bash, ["--norc"], """
            source <(backstake completion bash)
            while IFS= read -r typed; do
                COMP_LINE="backstake $typed" COMP_POINT=$(( ${#typed} + 10 ))
                read -ra COMP_WORDS <<< "$COMP_LINE"
                [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=("")
                COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
                $(complete -p backstake | sed 's/.*-F \([^ ]*\) .*/\1/') backstake
                echo "${COMPREPLY[*]}"
            done
            """));
    }

    /// <summary>In a terminal of its own for each line, where the tab is pressed: what the completion hands to the shell is printed instead of shown.</summary>
    [SkippableFact]
    public void Zsh_CompletesCommandsOptionsAndChoices_AndFiles()
    {
        var zsh = Installed("zsh");
        Assert.Equal(Offered("terms.json"), Complete(zsh, ["-f"], """
            zmodload zsh/zpty
            while IFS= read -r typed; do
                zpty shell zsh -f -i
                zpty -w shell 'PROMPT= RPROMPT=; stty -echo; autoload -U compinit && compinit -u -D; source <(backstake completion zsh)
            compadd() { local -a hits; builtin compadd -O hits "$@"; offered+=($hits) }
            begin() { offered=() }
            finish() { print -r -- "<<${(j: :)${(@u)offered}}>>"; exit }
            compprefuncs=(begin); comppostfuncs=(finish); bindkey "^I" complete-word; print ready'
                zpty -r shell line '*ready*'
                zpty -w -n shell "backstake $typed"$'\t'
                zpty -r shell line '*<<*>>*'
                line=${line##*<<}
                print -r -- "${line%%>>*}"
                zpty -d shell
            done
            """));
    }

    [SkippableFact]
    public void Fish_CompletesCommandsOptionsAndChoices_AndFiles()
    {
        var fish = Installed("fish");
        Assert.Equal(Offered("terms.json"), Complete(fish, ["--no-config"], """
            backstake completion fish | source
            while read -l typed
                set -l offered (complete -C"backstake $typed" | string split -f1 \t)
                echo "$offered"
            end
            """));
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

    /// <param name="files">What the shell itself finds in the folder; bash's readline does that after the function.</param>
    private static IEnumerable<string> Offered(string files) => Lines.Select(line => line.Offered == Files ? files : line.Offered);

    /// <summary>Where a shell lies; without it the test is skipped, and says so.</summary>
    private static string Installed(string shell)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, shell)).FirstOrDefault(File.Exists);
        Skip.If(path is null, $"{shell} isn't installed on this machine: its completion isn't tried.");
        return path;
    }

    /// <summary>What the shell's script prints, a line for each that is typed into it.</summary>
    private string[] Complete(string shell, string[] options, string script)
    {
        var (command, file, where) = (Path.Combine(_folder, "backstake"), Path.Combine(_folder, "tab"), Directory.CreateDirectory(Path.Combine(_folder, "here")).FullName);
        File.WriteAllText(command, $"#!{Bash}\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "backstake.dll")}' \"$@\"\n");
        Process.Start("/bin/chmod", ["+x", command])!.WaitForExit();
        File.WriteAllText(file, script.ReplaceLineEndings("\n") + "\n");
        File.WriteAllText(Path.Combine(where, "terms.json"), "{}");
        var start = new ProcessStartInfo(shell, [.. options, file]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = where };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        foreach (var line in Lines.Select(line => line.Typed)) process.StandardInput.Write(line + "\n");
        process.StandardInput.Close();
        string[] printed = [.. process.StandardOutput.ReadToEnd().Split('\n').Select(line => line.TrimEnd('\r'))];
        process.WaitForExit();
        return printed[..^1];
    }
}
