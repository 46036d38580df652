namespace Backstake.Functions.Identity;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class IdentitySettings
{
    /// <summary>
    /// The origin by which people know the app (<c>https://example.org</c>): what a message to sign in must name. Never taken from a request's Host, which whoever asks chooses
    /// (FAULTS.md 7). Empty: nobody can sign in.
    /// </summary>
    public string Origin { get; set; } = "";

    /// <summary>The origin, or null: nobody can sign in.</summary>
    internal Uri? Site => Origin.Length == 0 ? null : new Uri(Origin);
}
