using Backstake.Accounting;

namespace Backstake.Functions.Identity;

/// <summary>
/// What a key may be used for: <c>read</c> (to see what is its holder's), <c>notify</c> (to say where its holder's notifications go), or <c>submit:&lt;vault&gt;</c> (to store predictions for a vault, if its
/// holder may).
/// </summary>
/// <param name="Vault">0x and 40 lower-case hex digits; null: the scope is of no vault.</param>
public sealed record ApiScope(string Name, string? Vault = null)
{
    public static readonly ApiScope ReadOwn = new("read");
    public static readonly ApiScope Notify = new("notify");

    const string SubmitName = "submit";

    public static ApiScope Submit(string vault) => new(SubmitName, vault);

    /// <summary>Null for any other text.</summary>
    public static ApiScope? Read(string text) =>
        text == ReadOwn.Name ? ReadOwn
        : text == Notify.Name ? Notify
        : text.StartsWith(SubmitName + ":", StringComparison.Ordinal) && Backer.IsAddress(text[(SubmitName.Length + 1)..]) ? Submit(text[(SubmitName.Length + 1)..])
        : null;

    public override string ToString() => Vault is null ? Name : $"{Name}:{Vault}";
}
