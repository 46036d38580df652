using Spectre.Console;

namespace Backstake.Cli;

/// <summary>How far a long command has come, as bars on a terminal; where its output goes elsewhere, nothing of it is seen.</summary>
internal sealed class Steps
{
    private readonly ProgressContext? _bars;

    /// <summary>Nothing is shown.</summary>
    public static Steps None { get; } = new(null);

    private Steps(ProgressContext? bars) => _bars = bars;

    /// <param name="isQuiet">Asked for what programs read.</param>
    public static Task<T> Show<T>(bool isQuiet, Func<Steps, Task<T>> work)
    {
        if (isQuiet || Console.IsOutputRedirected || Console.IsErrorRedirected) return work(None);
        // Beside what is printed, not within it; gone when it is done.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(bars => work(new(bars)));
    }

    /// <param name="what">What is done.</param>
    /// <param name="most">How much there is of it; null: nobody knows.</param>
    public Step Begin(string what, double? most = null)
    {
        var bar = _bars?.AddTask(Markup.Escape(what), maxValue: most ?? 1);
        if (bar is not null) bar.IsIndeterminate = most is null;
        return new(bar);
    }

    /// <summary>One of them; it ends when it is disposed.</summary>
    public sealed class Step(ProgressTask? bar) : IDisposable
    {
        /// <param name="done">So much of it is done.</param>
        /// <param name="most">Of so much, where that is known by now.</param>
        public void Reach(double done, double? most = null)
        {
            if (bar is null) return;
            if (most is { } all) (bar.IsIndeterminate, bar.MaxValue) = (false, all);
            bar.Value = done;
        }

        public void Dispose()
        {
            if (bar is null) return;
            bar.IsIndeterminate = false;
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
    }
}
