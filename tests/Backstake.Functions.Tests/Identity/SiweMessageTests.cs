using Backstake.Functions.Identity;

namespace Backstake.Functions.Tests.Identity;

/// <summary>EIP-4361's ABNF, exactly: what is read renders to the same text, and nothing else is read.</summary>
public sealed class SiweMessageTests
{
    const string Least = """
        backstake.example wants you to sign in with your Ethereum account:
        0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc


        URI: https://backstake.example
        Version: 1
        Chain ID: 1
        Nonce: 32891756
        Issued At: 2026-09-30T16:25:24Z
        """;

    const string Most = """
        https://[::1]:7071 wants you to sign in with your Ethereum account:
        0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc

        I accept the Terms of Service: https://service.invalid/tos (v2) [all] *of* them!

        URI: did:key:z6Mkf%C3%BC
        Version: 1
        Chain ID: 31337
        Nonce: 32891756abcDEF
        Issued At: 2026-09-30T16:25:24.123456+02:00
        Expiration Time: 2026-09-30t16:35:24z
        Not Before: 2026-09-30T16:25:24Z
        Request ID: some/id
        Resources:
        - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
        - https://example.com/my-web2-claim.json
        """;

    [Fact]
    public void Messages_ReadAndRender_ToTheSameText()
    {
        var least = SiweMessage.Read(Least);
        Assert.NotNull(least);
        Assert.Equal((null, "backstake.example", null, "1", "32891756"), (least.Scheme, least.Domain, least.Statement, least.ChainId, least.Nonce));
        Assert.Equal(Least, least.ToString());

        var most = SiweMessage.Read(Most.Replace("Request ID: some/id", "Request ID: some%2Fid", StringComparison.Ordinal));
        Assert.NotNull(most);
        Assert.Equal(("https", "[::1]:7071", "did:key:z6Mkf%C3%BC", "some%2Fid", 2), (most.Scheme, most.Domain, most.Uri, most.RequestId, most.Resources!.Count));
        Assert.Null(SiweMessage.Read(Most)); // a slash is no pchar
        Assert.NotNull(SiweMessage.Read(Least + "\nRequest ID: "));
        Assert.Empty(SiweMessage.Read(Least + "\nResources:")!.Resources!);
    }

    /// <summary>What is changed in the shortest message, and makes it none.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        { "trailing line", "24Z", "24Z\n" },
        { "trailing blank", "24Z", "24Z " },
        { "another line", "24Z", "24Z\nPlease: send money" },
        { "carriage returns", "\n", "\r\n" },
        { "a line before", "backstake.example wants", "\nbackstake.example wants" },
        { "no domain", "backstake.example wants", " wants" },
        { "user info in the domain", "backstake.example wants", "me@backstake.example wants" },
        { "a path in the domain", "backstake.example wants", "backstake.example/x wants" },
        { "another sentence", "wants you to sign in", "wants you to send" },
        { "a short address", "A4dc", "A4d" },
        { "an address with another letter", "0x9965", "0xg965" },
        { "no 0x", "0x9965", "9965" },
        { "one empty line too few", "dc\n\n\n", "dc\n\n" },
        { "one empty line too many", "dc\n\n\n", "dc\n\n\n\n" },
        { "a statement of two lines", "dc\n\n\n", "dc\n\none\ntwo\n\n" },
        { "a statement with a letter that looks like another", "dc\n\n\n", "dc\n\nAcceрt\n\n" },
        { "a statement with a quotation mark", "dc\n\n\n", "dc\n\nAccept \"all\"\n\n" },
        { "no URI", "URI: https://backstake.example\n", "" },
        { "no absolute URI", "URI: https://backstake.example", "URI: //backstake.example" },
        { "a blank in the URI", "URI: https://backstake.example", "URI: https://backstake.example/a b" },
        { "version 2", "Version: 1", "Version: 2" },
        { "version 1.0", "Version: 1", "Version: 1.0" },
        { "fields in another order", "Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1" },
        { "a field twice", "Version: 1", "Version: 1\nVersion: 1" },
        { "a field's name in small letters", "Chain ID", "chain id" },
        { "a chain that is no number", "Chain ID: 1", "Chain ID: 0x1" },
        { "a nonce of seven", "32891756", "3289175" },
        { "a nonce with a hyphen", "32891756", "3289-1756" },
        { "no time of issue", "\nIssued At: 2026-09-30T16:25:24Z", "" },
        { "a time without a zone", "24Z", "24" },
        { "a date alone", "T16:25:24Z", "" },
        { "a day that no month has", "09-30", "09-31" },
        { "an expiration that is no time", "24Z", "24Z\nExpiration Time: tomorrow" },
        { "an expiration behind the not-before", "24Z", "24Z\nNot Before: 2026-09-30T16:25:24Z\nExpiration Time: 2026-09-30T16:35:24Z" },
        { "a resource that is no URI", "24Z", "24Z\nResources:\n- here" },
        { "a resource without its list", "24Z", "24Z\n- https://example.com" },
        { "NUL", "24Z", "24Z\0" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void WhatIsNoMessage_IsNotRead(string what, string old, string @new)
    {
        var text = Least.Replace(old, @new, StringComparison.Ordinal);
        Assert.NotEqual(Least, text);
        Assert.True(SiweMessage.Read(text) is null, what);
    }

    [Fact]
    public void NoMessage_IsLongerThanTheLimit()
    {
        var room = SiweMessage.LengthMost - Least.Length - "\nRequest ID: ".Length;
        Assert.NotNull(SiweMessage.Read($"{Least}\nRequest ID: {new string('a', room)}"));
        Assert.Null(SiweMessage.Read($"{Least}\nRequest ID: {new string('a', room + 1)}"));
    }
}
