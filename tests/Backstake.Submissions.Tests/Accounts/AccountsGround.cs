using System.Text.Json;
using Azure.Core.Pipeline;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Submissions.Accounts;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Backstake.Submissions.Tests.Flow;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using ApiKey = Backstake.Sandbox.Api.ApiKey;

namespace Backstake.Submissions.Tests.Accounts;

/// <summary>A tournament with several accounts, and an app that keeps keys of owners.</summary>
public abstract class AccountsGround(StorageGround ground) : SubmissionGround(ground)
{
    static SandboxAccount Account(string name, params string[] scopes) => new(name, new ApiKey(name.ToUpperInvariant() + "PUBLIC", $"{name}-secret-{Guid.NewGuid():N}", scopes), "0x00000000000000000000000000000000000313bd");

    protected readonly SandboxAccount anna = Account("anna", ApiKey.UploadScope, ApiKey.StakeScope);
    protected readonly SandboxAccount bert = Account("bert", ApiKey.UploadScope, ApiKey.StakeScope, "read_submission_info", "stake");
    protected readonly SandboxAccount lax = Account("lax", [.. ApiKey.AllScopes]);
    protected readonly SandboxAccount weak = Account("weak", ApiKey.UploadScope);
    private protected readonly SecretVault secrets = new();
    private protected readonly WatchedNumerai numerai = new();
    private protected readonly WatchedStorage storage = new();

    protected override IReadOnlyList<SandboxAccount> Accounts => [SandboxAccount.Default, anna, bert, lax, weak];

    protected override IEnumerable<(string, string)> Settings => [("Numerai:OwnersVault", SecretVault.Address)];

    protected override Transports Ways => new(options => options.Transport = new HttpClientTransport(storage), numerai, new QuietNode()) { KeyVault = secrets.Lead, Credential = new SecretVault.Token() };

    protected SandboxModel ModelOf(SandboxAccount account) => Tournament.FindModel(account.Username) ?? Tournament.AddModel(account.Username, TournamentKind.Classic, account);

    protected Task<RegisteredVault> In(SandboxAccount account) => Begin(ModelOf(account));

    protected NumeraiKeyFunctions Keys => ActivatorUtilities.CreateInstance<NumeraiKeyFunctions>(App);

    protected Task<IActionResult> Bring(RegisteredVault vault, ApiKey key) => Keys.Put(As(Owner, false, Body(key)), vault.Id, default);

    protected async Task<string> Whose(RegisteredVault vault)
    {
        using var told = JsonDocument.Parse(Assert.IsType<RenderedAnswer>(await Keys.Get(As(Owner, false), vault.Id, default)).Body);
        return Assert.Single(told.RootElement.EnumerateObject()).Value.GetString()!;
    }

    protected static string Refusal(IActionResult answer)
    {
        Assert.Equal("numeraiKeyRefused", Code(answer));
        return ((ProblemDetails)((ObjectResult)answer).Value!).Detail!;
    }

    protected static byte[] Body(ApiKey key) => JsonSerializer.SerializeToUtf8Bytes(new { publicId = key.PublicId, secretKey = key.SecretKey });

    protected static HttpRequest As(string? caller, bool isKey, byte[]? body = null)
    {
        var request = Request(body ?? []);
        if (caller is not null)
            request.HttpContext.Items[typeof(KnownCaller)] = new KnownCaller(caller, isKey ? null : "a session", isKey ? [ApiScope.ReadOwn] : null);
        return request;
    }
}
