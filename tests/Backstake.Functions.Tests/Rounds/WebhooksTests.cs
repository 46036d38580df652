using Backstake.Functions.Rounds;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Rounds;

/// <summary>A webhook's path is its only proof: each vault's own, under the deployment's key.</summary>
public sealed class WebhooksTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";

    [Fact]
    public void Secret_IsTheVaultsOwn()
    {
        var webhooks = Of("a key");
        var secret = webhooks.SecretOf(Vault);
        Assert.Equal(64, secret.Length);
        Assert.True(webhooks.Admits(Vault, secret));
        Assert.False(webhooks.Admits("0x2222222222222222222222222222222222222222", secret));
        Assert.False(Of("another key").Admits(Vault, secret));
    }

    [Fact]
    public void AnyOtherSecret_IsRefused()
    {
        var webhooks = Of("a key");
        var secret = webhooks.SecretOf(Vault);
        foreach (var wrong in new[] { "", "x", secret[..^1], secret + "0", secret.ToUpperInvariant(), (secret[0] == '0' ? '1' : '0') + secret[1..] })
            Assert.False(webhooks.Admits(Vault, wrong), wrong);
    }

    [Fact]
    public void WithoutAKey_NothingIsAdmitted()
    {
        var webhooks = Of("");
        Assert.False(webhooks.Admits(Vault, webhooks.SecretOf(Vault)));
    }

    static Webhooks Of(string key) => new(Options.Create(new WebhookSettings { Key = key }), TimeProvider.System);
}
