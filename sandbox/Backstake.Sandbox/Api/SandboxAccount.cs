namespace Backstake.Sandbox.Api;

/// <summary>An account at the sandbox's Numerai, with its one API key.</summary>
/// <param name="WalletAddress">0x and 40 hex digits.</param>
public sealed record SandboxAccount(string Username, ApiKey Key, string WalletAddress)
{
    /// <summary>The account that a sandbox has by itself. Its key protects nothing: the sandbox listens on loopback only.</summary>
    public static SandboxAccount Default { get; } = new("backstake", new ApiKey("SANDBOXPUBLICID", "SANDBOXSECRETKEY", ApiKey.AllScopes), "0x00000000000000000000000000000000000313bc");
}

/// <summary>An API key; it holds for all models of its account (NUMERAI.md, API).</summary>
public sealed record ApiKey(string PublicId, string SecretKey, IReadOnlyList<string> Scopes)
{
    public const string StakeScope = "web3_staking";
    public const string UploadScope = "upload_submission";

    public static readonly IReadOnlyList<string> AllScopes = [UploadScope, "read_submission_info", "read_user_info", "stake", StakeScope];

    /// <summary>The value of the Authorization header.</summary>
    public string Header => $"Token {PublicId}${SecretKey}";
}
