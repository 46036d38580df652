using System.Diagnostics;

namespace Backstake.Infra.Tests;

/// <summary>
/// What can read Bicep on this machine: the compiler, if it is installed; else a parser with Azure's own type files, if they lie beside the repository.
/// The second is no compiler, and nothing here says so.
/// </summary>
sealed record BicepTool(string Name, string Program, Func<string, IReadOnlyList<string>> Arguments)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The types that the extract of Azure's type files leaves out.</summary>
    const string NotInTheExtract = "unknown resource type Microsoft.Web/sites/basicPublishingCredentialsPolicies";

    static string Checker => Path.Combine(Checkout.Root, "..", "shared", "tools", "bicep-check.mjs");

    static string Modules => Path.Combine(Checkout.Root, "node_modules");

    /// <summary>Why there is none; null: there is one.</summary>
    public static string? Missing => Find() is null
        ? $"no bicep compiler is installed, and there is no {Checker} with its npm packages (web-tree-sitter, tree-sitter-bicep)"
        : null;

    public static BicepTool? Find()
    {
        if (OnPath("bicep"))
            return new("bicep", "bicep", main => ["build", main, "--stdout", "--no-restore"]);
        return File.Exists(Checker) && Directory.Exists(Path.Combine(Modules, "tree-sitter-bicep")) && Directory.Exists(Path.Combine(Modules, "web-tree-sitter"))
            ? new("bicep-check", "node", main => [Checker, main, Modules])
            : null;
    }

    /// <summary>The tool's objections, a line each.</summary>
    public async Task<IReadOnlyList<string>> Check(string main)
    {
        var start = new ProcessStartInfo(Program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments(main))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        // Of the compiler's words its own errors and warnings (BCP…) count; the linter's taste has its own step in the workflow.
        var lines = (Name == "bicep" ? string.Join('\n', (await error).Split('\n').Where(line => line.Contains(" BCP", StringComparison.Ordinal))) : await output + await error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var objections = lines.Where(line => !line.EndsWith(" problems", StringComparison.Ordinal) && !line.EndsWith(NotInTheExtract, StringComparison.Ordinal)).ToList();
        Assert.True(objections.Count > 0 || process.ExitCode == 0 || lines.Any(line => line.EndsWith(NotInTheExtract, StringComparison.Ordinal)), $"{Name} ended with {process.ExitCode} and said nothing.");
        return objections;
    }

    static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
