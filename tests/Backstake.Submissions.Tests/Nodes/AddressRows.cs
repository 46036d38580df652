using System.Globalization;
using System.Net;
using Backstake.Functions.Outgoing;
using Microsoft.Extensions.Options;

namespace Backstake.Submissions.Tests.Nodes;

/// <summary>FAULTS.md I-1, I-2 and I-5: where a node may not be.</summary>
public sealed class AddressRows
{
    const string Origin = "https://app.backstake.net";

    static readonly string[] PrivateV4 =
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.1.2.3", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    ];

    static readonly string[] PrivateV6 =
    [
        "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "2002:c0a8:1::1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "::7f00:1", "::ffff:0:127.0.0.1", "3fff::1", "4000::1", "5f00::1", "e000::1",
    ];

    static readonly string[] Public = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "9.255.255.255", "11.0.0.0", "169.253.255.255", "169.255.0.0", "223.255.255.255", "198.17.255.255", "198.20.0.0", "2606:4700:4700::1111", "2a00:1450:4001::1"];

    /// <summary>Every way to write the private addresses in a URL that people have tried.</summary>
    static IEnumerable<string> Spellings()
    {
        foreach (var address in PrivateV4)
        {
            var bytes = IPAddress.Parse(address).GetAddressBytes();
            var number = (uint)((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
            yield return address;
            yield return address + ".";
            yield return number.ToString(CultureInfo.InvariantCulture);
            yield return $"0x{number:x8}";
            yield return string.Join('.', bytes.Select(part => "0" + Convert.ToString(part, 8)));
            yield return string.Join('.', bytes.Select(part => $"0x{part:x}"));
            yield return $"{bytes[0]}.{(bytes[1] << 16) | (bytes[2] << 8) | bytes[3]}";
            yield return $"{bytes[0]}.{bytes[1]}.{(bytes[2] << 8) | bytes[3]}";
            yield return $"[::ffff:{address}]";
            yield return $"[64:ff9b::{address}]";
        }

        foreach (var address in PrivateV6)
            yield return $"[{address}]";
        foreach (var name in new[]
        {
            "localhost", "localhost.", "LOCALHOST", "app.localhost", "metadata.google.internal", "node.local", "printer.lan", "router.home", "x.corp", "1.0.0.127.in-addr.arpa", "intranet", "db", "app.backstake.net", "APP.backstake.NET",
            "app.backstake.net.", "ex\u00E4mple.com", "\u2460.\u2461.\u2462.\u2463", "127\u30020\u30020\u30021", "exa_mple.com", "-", ".", "..", "a..com", "example.123", "example.0x7f", "user@node.example.com", "user:pass@node.example.com", "node.example.com@10.0.0.1",
            "node.example.com#@10.0.0.1", "node.example.com\\@10.0.0.1", "node.example.com%2f@10.0.0.1", "[fe80::1%25eth0]", "[::1", "%31%32%37.0.0.1", "node.example.com:0", "node.example.com:65536",
        })
        {
            yield return name;
        }
    }

    [Fact]
    public void I_01_AnyWritingOfAnAddressThatIsNotPublic_IsRefusedAtRegistration()
    {
        var spellings = Spellings().Distinct().ToList();
        Assert.True(spellings.Count >= 300, $"{spellings.Count}");
        Assert.All(spellings, host => Assert.True(OutgoingUrl.Fault($"https://{host}/hook", new OutgoingSettings(), Origin) is not null, host));
        Assert.Null(OutgoingUrl.Fault("https://node.numerati.com/hook?model=1", new OutgoingSettings(), Origin));
        Assert.Null(OutgoingUrl.Fault("https://xn--exmple-cua.com", new OutgoingSettings(), Origin));
    }

    [Fact]
    public void I_01_AddressesThatAreNotPublic_AreKnown()
    {
        Assert.All(PrivateV4.Concat(PrivateV6), text => Assert.False(PublicAddress.Is(IPAddress.Parse(text)), text));
        Assert.All(PrivateV4, text => Assert.False(PublicAddress.Is(IPAddress.Parse($"::ffff:{text}")), text));
        Assert.All(Public, text => Assert.True(PublicAddress.Is(IPAddress.Parse(text)), text));
        Assert.True(PublicAddress.Is(IPAddress.Parse("::ffff:8.8.8.8")));
    }

    [Fact]
    public async Task I_01_AtConnect_OneBadAddressAmongGoodOnes_IsEnough()
    {
        foreach (var bad in PrivateV4.Concat(PrivateV6))
        {
            var connected = 0;
            var transport = Transport((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse(bad), IPAddress.Parse("1.1.1.1")]), _ => connected++);
            await Assert.ThrowsAsync<HostRefusedException>(() => transport.Open(new DnsEndPoint("node.example.com", 443), default));
            Assert.Equal(0, connected);
        }

        foreach (var (host, port) in new[] { ("8.8.8.8", 443), ("127.0.0.1", 443), ("::1", 443), ("node.example.com", 80), ("node.example.com", 22) })
            await Assert.ThrowsAsync<HostRefusedException>(() => Transport((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8")]), _ => { }).Open(new DnsEndPoint(host, port), default));
        await Assert.ThrowsAsync<HostRefusedException>(() => Transport((_, _) => Task.FromResult<IPAddress[]>([]), _ => { }).Open(new DnsEndPoint("node.example.com", 443), default));
    }

    [Fact]
    public async Task I_02_NameThatChangesItsAddress_IsConnectedToAsItWasClassified_OrNotAtAll()
    {
        const int Flips = 1000;
        var (asked, connected, refused) = (0, new List<IPAddress>(), 0);
        var transport = Transport((_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse(asked % 2 == 0 ? "127.0.0.1" : "93.184.216.34")]);
        }, connected.Add);
        for (var i = 0; i < Flips; i++)
        {
            try
            {
                await transport.Open(new DnsEndPoint("node.example.com", 443), default);
            }
            catch (HostRefusedException)
            {
                refused++;
            }
        }

        Assert.Equal((Flips, Flips / 2, Flips / 2), (asked, connected.Count, refused)); // looked up once a connection
        Assert.All(connected, address => Assert.True(PublicAddress.Is(address)));
    }

    [Theory]
    [InlineData("http://node.example.com/"), InlineData("https://node.example.com:22/"), InlineData("https://node.example.com:25/"), InlineData("https://node.example.com:6379/"), InlineData("https://node.example.com:8443/")]
    [InlineData("file:///etc/passwd"), InlineData("gopher://node.example.com/_x"), InlineData("ftp://node.example.com/"), InlineData("ws://node.example.com/"), InlineData("data:text/plain,x"), InlineData("javascript:alert(1)")]
    [InlineData("https://node.example.com/\r\nX-Injected: 1"), InlineData("https://node.example.com/\nx"), InlineData("https://node.example.com/\tx"), InlineData(" https://node.example.com/"), InlineData("https://node.example.com/ x")]
    [InlineData("https://node.example.com/\0"), InlineData("//node.example.com/"), InlineData("node.example.com"), InlineData(""), InlineData("https://"), InlineData("https:///x"), InlineData("https://node.example.com/#x"), InlineData("https:\\\\node.example.com")]
    public void I_05_OnlyHttps_OnItsPort_WithoutTricks(string url) => Assert.NotNull(OutgoingUrl.Fault(url, new OutgoingSettings(), Origin));

    [Fact]
    public void I_05_AllowedHosts_AreTheOnesThatAreNamed()
    {
        var settings = new OutgoingSettings { Allowed = "127.0.0.1:5005, node.local:80" };
        Assert.Null(OutgoingUrl.Fault("http://127.0.0.1:5005/x", settings, Origin));
        Assert.Null(OutgoingUrl.Fault("http://node.local/x", settings, Origin));
        Assert.All(new[] { "http://127.0.0.1:5006/", "http://127.0.0.2:5005/", "https://node.local/", "ftp://node.local:80/" }, url => Assert.NotNull(OutgoingUrl.Fault(url, settings, Origin)));
    }

    static OutgoingTransport Transport(Func<string, CancellationToken, Task<IPAddress[]>> resolve, Action<IPAddress> connected) => new(Options.Create(new OutgoingSettings()))
    {
        Resolve = resolve,
        Connect = (endpoint, _) =>
        {
            connected(endpoint.Address);
            return Task.FromResult<Stream>(new MemoryStream());
        },
    };
}
