using System.Net;
using System.Net.Sockets;

namespace Backstake.Functions.Outgoing;

/// <summary>
/// Whether an IP address is one of the public Internet: what a delegate's node and a receiver of notifications may have (FAULTS.md section 6). What isn't known to be public is refused: private,
/// loopback, link-local, shared and reserved networks, the cloud's own addresses, and every IPv6 form that carries an IPv4 address inside.
/// </summary>
public static class PublicAddress
{
    // IANA's special-purpose registries; 168.63.129.16 is Azure's own host on every virtual network.
    static readonly IPNetwork[] Refused =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        // Warning: .NET doesn't turn ::ffff:a.b.c.d into IPv4 by itself.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.ScopeIdOrZero() == 0
            && (plain.AddressFamily == AddressFamily.InterNetwork || (plain.AddressFamily == AddressFamily.InterNetworkV6 && GlobalUnicast.Contains(plain)))
            && !Array.Exists(Refused, network => network.Contains(plain));
    }

    static long ScopeIdOrZero(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
