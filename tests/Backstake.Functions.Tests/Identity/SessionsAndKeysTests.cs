using Azure.Data.Tables;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Backstake.Functions.Tests.Identity;

/// <summary>FAULTS.md J-4: only what was given out and still holds says who is calling; and storage knows no secret.</summary>
[Collection(StorageGround.Collection)]
public sealed class SessionsAndKeysTests(StorageGround ground) : IAsyncLifetime
{
    static readonly string Vault = StorageGround.NewVault();

    readonly IdentityGround people = new(ground, new HandClock(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)));
    readonly string anna = StorageGround.NewVault(); // an address that no other test has

    public Task InitializeAsync() => people.Table.Prepare(default);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ASession_IsItsHolders_UntilItsEnd()
    {
        var (token, session) = await people.Sessions.Begin(anna, Sessions.OfKey, default);
        Assert.Equal(new KnownCaller(anna, token, null), await Caller($"Bearer {token}"));
        Assert.True((await Caller($"bearer {token}"))!.May(ApiScope.ReadOwn));
        people.Clock.Now = session.Ends - TimeSpan.FromSeconds(1);
        Assert.NotNull(await Caller($"Bearer {token}"));
        people.Clock.Now = session.Ends;
        Assert.Null(await Caller($"Bearer {token}"));
    }

    [Fact]
    public async Task ASession_EndsWhenItsHolderSignsOut_OnEveryMachine()
    {
        var (token, _) = await people.Sessions.Begin(anna, Sessions.OfKey, default);
        await new IdentityGround(ground, people.Clock).Sessions.End(token, default);
        await people.Sessions.End(token, default);
        Assert.Null(await Caller($"Bearer {token}"));
    }

    [Fact]
    public async Task ASession_OfAnotherSite_IsNone()
    {
        var (token, _) = await new IdentityGround(ground, people.Clock, origin: "https://other.example").Sessions.Begin(anna, Sessions.OfKey, default);
        Assert.Null(await Caller($"Bearer {token}"));
    }

    [Fact]
    public async Task NothingElse_SaysWhoIsCalling()
    {
        var (token, _) = await people.Sessions.Begin(anna, Sessions.OfKey, default);
        var (key, _) = (await people.Keys.Make(anna, "mine", [ApiScope.ReadOwn], null, default))!.Value;
        string[] others =
        [
            "", " ", "Bearer", "Bearer ", token, $"Basic {token}", $"Bearer  {token}", $"Bearer {token} ", $"Bearer {token},Bearer {token}", $"Bearer {token}\t", "Bearer null",
            $"Bearer {token[..^1]}", $"Bearer {token}A", $"Bearer {token.ToUpperInvariant()}", $"Bearer bss_ffffffff{token[12..]}", $"Bearer {Last(token)}",
            $"Bearer {key[..^1]}", $"Bearer {key}A", $"Bearer {Last(key)}", $"Bearer bst_{key[4..8]}000000000000{key[20..]}", $"Bearer bst_{new string('/', 16)}{key[20..]}", "Bearer eyJhbGciOiJub25lIn0.e30.",
        ];
        foreach (var header in others)
            Assert.True(await Caller(header) is null, header);
        Assert.Null(await Caller());
        Assert.Null(await Caller($"Bearer {token}", $"Bearer {token}"));

        var request = new DefaultHttpContext().Request;
        (request.Headers["X-MS-CLIENT-PRINCIPAL-ID"], request.Headers["X-MS-CLIENT-PRINCIPAL-NAME"], request.Headers.Cookie) = (anna, anna, $"session={token}");
        Assert.Null(await new Callers(people.Sessions, people.Keys).Of(request, default));
    }

    [Fact]
    public async Task AKey_IsItsHolders_AndNarrower()
    {
        var (text, key) = (await people.Keys.Make(anna, "node", [ApiScope.Submit(Vault)], null, default))!.Value;
        Assert.Matches("^bst_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$", text);
        var caller = (await Caller($"Bearer {text}"))!;
        Assert.Equal((anna, null), (caller.Address, caller.Session));
        Assert.True(caller.May(ApiScope.Submit(Vault)));
        Assert.False(caller.May(ApiScope.ReadOwn));
        Assert.False(caller.May(ApiScope.Submit(StorageGround.NewVault())));
        Assert.Equal([key.Id], (await people.Keys.Of(anna, default)).Select(one => one.Id));
    }

    [Fact]
    public async Task AKey_IsRevokedByItsHolderAlone_AndAtOnce()
    {
        var (text, key) = (await people.Keys.Make(anna, "mine", [ApiScope.ReadOwn], null, default))!.Value;
        Assert.False(await people.Keys.Revoke(StorageGround.NewVault(), key.Id, default));
        Assert.False(await people.Keys.Revoke(anna, "../" + key.Id[3..], default));
        Assert.NotNull(await Caller($"Bearer {text}"));
        Assert.True(await people.Keys.Revoke(anna, key.Id, default));
        Assert.False(await people.Keys.Revoke(anna, key.Id, default));
        Assert.Null(await Caller($"Bearer {text}"));
        Assert.Empty(await people.Keys.Of(anna, default));
    }

    [Fact]
    public async Task AKey_EndsAtItsTime()
    {
        var ends = people.Clock.Now.AddDays(30);
        var (text, _) = (await people.Keys.Make(anna, "mine", [ApiScope.ReadOwn], ends, default))!.Value;
        people.Clock.Now = ends.AddTicks(-1);
        Assert.NotNull(await Caller($"Bearer {text}"));
        people.Clock.Now = ends;
        Assert.Null(await Caller($"Bearer {text}"));
        await Assert.ThrowsAsync<ArgumentException>(() => people.Keys.Make(anna, "late", [ApiScope.ReadOwn], ends, default));
    }

    [Fact]
    public async Task AHolder_HasTwentyKeysAtMost()
    {
        for (var i = 0; i < ApiKeys.KeysMost; i++)
            Assert.NotNull(await people.Keys.Make(anna, $"{i}", [ApiScope.ReadOwn], null, default));
        Assert.Null(await people.Keys.Make(anna, "one more", [ApiScope.ReadOwn], null, default));
    }

    [Fact]
    public async Task Storage_KnowsNoSecret()
    {
        var (token, _) = await people.Sessions.Begin(anna, Sessions.OfKey, default);
        var (key, _) = (await people.Keys.Make(anna, "mine", [ApiScope.ReadOwn], null, default))!.Value;
        var rows = 0;
        await foreach (var row in ground.Clients.Tables.GetTableClient(IdentityTable.TableName).QueryAsync<TableEntity>())
        {
            rows++;
            var text = string.Join('|', row.Select(property => property.Value is byte[] bytes ? Convert.ToBase64String(bytes) : property.Value));
            Assert.DoesNotContain(token[12..], text, StringComparison.Ordinal);
            Assert.DoesNotContain(key[^43..], text, StringComparison.Ordinal);
        }

        Assert.InRange(rows, 2, int.MaxValue);
    }

    [Theory]
    [InlineData("read", "read")]
    [InlineData("submit:0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "submit:0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("submit:0xAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("submit:", null)]
    [InlineData("submit:*", null)]
    [InlineData("submit", null)]
    [InlineData("Read", null)]
    [InlineData("read ", null)]
    [InlineData("", null)]
    public void AScope_IsReadStrictly(string text, string? scope) => Assert.Equal(scope, ApiScope.Read(text)?.ToString());

    static string Last(string text) => text[..^1] + (text[^1] == 'A' ? 'B' : 'A');

    Task<KnownCaller?> Caller(params string[] headers)
    {
        var request = new DefaultHttpContext().Request;
        if (headers.Length > 0)
            request.Headers.Authorization = new StringValues(headers);
        return new Callers(people.Sessions, people.Keys).Of(request, default);
    }
}
