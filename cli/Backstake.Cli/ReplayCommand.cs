using System.CommandLine;
using System.Text;
using Backstake.Accounting;

namespace Backstake.Cli;

/// <summary>
/// <c>backstake replay FILE</c> prints the books of a history; <c>backstake replay --many DIR</c> writes N.mine.json beside each N.json of a folder.
/// A malformed file gives one line on standard error that names the place, and exit status 2.
/// </summary>
internal static class ReplayCommand
{
    private const string BooksSuffix = ".books.json";
    private const string MineSuffix = ".mine.json";

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "A history in the replay format.", Arity = ArgumentArity.ZeroOrOne };
        var many = new Option<DirectoryInfo?>("--many") { Description = $"Replay each N.json of this folder (not *{BooksSuffix}) and write N{MineSuffix} beside it.", HelpName = "DIR" };
        var command = new Command("replay", "Fold a vault's history from its beginning and print its books. A malformed file: exit status 2.") { file, many };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is null == result.GetValue(many) is null) result.AddError("Name one FILE, or --many DIR.");
        });
        command.SetAction(result =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            return result.GetValue(many) is { } folder ? ReplayMany(folder, error) : ReplayOne(result.GetValue(file)!, output, error);
        });
        return command;
    }

    private static int ReplayOne(FileInfo file, TextWriter output, TextWriter error) => Replay(file, "", books => output.Write(Encoding.UTF8.GetString(books)), error);

    private static int ReplayMany(DirectoryInfo folder, TextWriter error)
    {
        FileInfo[] files;
        try
        {
            files = folder.GetFiles("*.json");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{folder}: {e.Message}");
            return ExitStatus.Failed;
        }

        var histories = files.Where(file => !file.Name.EndsWith(BooksSuffix, StringComparison.Ordinal) && !file.Name.EndsWith(MineSuffix, StringComparison.Ordinal));
        var worst = ExitStatus.Done;
        foreach (var file in histories.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var mine = Path.ChangeExtension(file.FullName, null) + MineSuffix;
            File.Delete(mine);
            var status = ExitStatus.Done;
            try
            {
                WholeFiles.Write(mine, stream => status = Replay(file, $"{file.Name}: ", stream.Write, error));
                if (status == ExitStatus.Failed || new FileInfo(mine).Length == 0) File.Delete(mine); // it broke off, or there was nothing to replay
            }
            catch (IOException e)
            {
                error.WriteLine(e.Message);
                status = ExitStatus.Failed;
            }

            worst = Math.Max(worst, status);
        }

        return worst;
    }

    private static int Replay(FileInfo file, string prefix, Action<ReadOnlySpan<byte>> write, TextWriter error)
    {
        try
        {
            using var history = file.OpenRead();
            if (ReplayStream.Replay(history, write) is not { } malformed) return ExitStatus.Done;
            error.WriteLine($"{prefix}{malformed}");
            return ExitStatus.Malformed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{file}: {e.Message}");
            return ExitStatus.Failed;
        }
    }
}
