using System.CommandLine;

namespace Backstake.Cli;

/// <summary>A running app, as the user names it.</summary>
internal static class AppAddress
{
    /// <summary>The option of commands that can't do without one.</summary>
    public static Option<Uri?> Required() => Named("A running app.", isRequired: true);

    /// <param name="description">What an app is for here.</param>
    public static Option<Uri?> Optional(string description) => Named(description, isRequired: false);

    /// <param name="app">With or without a slash at its end.</param>
    /// <param name="route">Behind <c>/api/</c>.</param>
    public static Uri Of(Uri app, string route) => new($"{app.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/{route}");

    /// <summary>Null: a key may be sent there. Over plain HTTP it would be everybody's on the way.</summary>
    public static string? WhyNoKey(Uri app) => app.Scheme == Uri.UriSchemeHttp && !app.IsLoopback ? $"{app.Host}: the key is sent over https only." : null;

    private static Option<Uri?> Named(string description, bool isRequired) => new("--app") { Description = description, HelpName = "URL", Required = isRequired, CustomParser = HttpAddress.Parse };
}
