using System.CommandLine;

namespace Backstake.Cli;

/// <summary><c>backstake completion</c>: a script by which a shell completes commands, options and choices. It asks this command itself, through System.CommandLine's <c>[suggest]</c>, and needs nothing else.</summary>
internal static class CompletionCommand
{
    private const string About = """
        Print a script by which a shell completes commands, options and their choices; what is neither is completed as a file.

        Examples:
          source <(backstake completion bash)                            # in ~/.bashrc
          source <(backstake completion zsh)                             # in ~/.zshrc, after compinit
          backstake completion fish > ~/.config/fish/completions/backstake.fish
          backstake completion pwsh | Out-String | Invoke-Expression     # in $PROFILE

        Exit status 0: printed; 1: there is no such shell.
        """;

    // Options are shown once one is begun, and only written out: -h, /? and their like are the same as --help.
    private const string Bash = """
        _backstake() {
            local line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} word
            line=${line#"${COMP_WORDS[0]}"}
            line=${line# }
            COMPREPLY=()
            while IFS= read -r word; do
                [[ $word == "$current"* ]] || continue
                [[ ( $word == -* && $current != -* ) || $word == [-/][?h] ]] || COMPREPLY+=("$word")
            done < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _backstake backstake
        """;

    private const string Zsh = """
        #compdef backstake
        _backstake() {
            local line="${(j: :)words[2,CURRENT]}" current="$words[CURRENT]" word
            local -a found
            while IFS= read -r word; do
                [[ $word == "$current"* ]] || continue
                [[ ( $word == -* && $current != -* ) || $word == [-/][?h] ]] || found+=("$word")
            done < <("$words[1]" "[suggest:${#line}]" "$line" 2>/dev/null)
            if (( $#found )); then compadd -a found; else _files; fi
        }
        compdef _backstake backstake
        """;

    private const string Fish = """
        function __backstake_complete
            set -l line (string replace -r '^\s*\S+\s?' '' -- (commandline -cp))
            set -l found
            for word in (backstake "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
                string match -qr '^[-/][?h]$' -- $word; and continue
                string match -q -- '-*' $word; and not string match -q -- '-*' (commandline -ct); and continue
                string match -q -- (commandline -ct)'*' $word; and set -a found $word
            end
            if set -q found[1]
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c backstake -f -a '(__backstake_complete)'
        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName backstake -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $at = $cursorPosition - $commandAst.Extent.StartOffset
            $line = $commandAst.ToString().PadRight($at).Substring(0, $at) -replace '^\S+\s?', ''
            backstake "[suggest:$($line.Length)]" "$line" 2>$null |
                Where-Object { $_ -like "$wordToComplete*" -and $_ -notmatch '^[-/][?h]$' } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["pwsh"] = Pwsh };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", About) { shell };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(Scripts[result.GetValue(shell)!].ReplaceLineEndings("\n") + "\n");
            return ExitStatus.Done;
        });
        return command;
    }
}
