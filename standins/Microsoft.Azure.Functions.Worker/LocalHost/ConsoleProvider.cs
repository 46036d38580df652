using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// The host's console: one line a message, <c>time level category: text</c> in UTC, an exception below it. host.json's logging.logLevel applies on top
/// of the app's own filters, as in the real host; without it ASP.NET Core's, Azure's and the hosting's own messages begin at Warning.
/// </summary>
sealed class ConsoleProvider(HostFile hostFile) : ILoggerProvider
{
    static readonly string[] QuietCategories = ["Microsoft.AspNetCore", "Microsoft.Hosting", "Microsoft.Extensions", "Azure.", "System.Net.Http"];
    readonly ConcurrentDictionary<string, ILogger> loggers = new(StringComparer.Ordinal);
    readonly Lock writing = new();

    public ILogger CreateLogger(string categoryName) => loggers.GetOrAdd(categoryName, category => new Line(this, category, LeastLevel(category)));

    public void Dispose() => loggers.Clear();

    LogLevel LeastLevel(string category) =>
        hostFile.LevelNamedFor(category) ?? (QuietCategories.Any(prefix => category.StartsWith(prefix, StringComparison.Ordinal)) ? LogLevel.Warning : hostFile.DefaultLevel);

    void Write(string text)
    {
        lock (writing)
            Console.Out.WriteLine(text);
    }

    static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    sealed class Line(ConsoleProvider console, string category, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var line = $"{DateTime.UtcNow:HH:mm:ss.fff} {Short(logLevel)} {category}: {formatter(state, exception)}";
            console.Write(exception is null ? line : line + Environment.NewLine + exception);
        }
    }
}
