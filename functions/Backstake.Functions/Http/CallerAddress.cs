using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>From where a call comes: its connection's address, or what the outermost proxy of our own put into X-Forwarded-For. What a client writes there itself stands left of that and counts for nothing.</summary>
public static class CallerAddress
{
    const int SubnetBytes = 8; // an IPv6 customer has a whole /64

    public static string Of(HttpContext http, int proxiesInFront)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (proxiesInFront > 0)
        {
            var hops = string.Join(',', http.Request.Headers["X-Forwarded-For"].ToArray()).Split(',', StringSplitOptions.TrimEntries);
            if (hops.Length >= proxiesInFront && IPEndPoint.TryParse(hops[^proxiesInFront], out var seen))
                address = seen.Address;
        }

        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, SubnetBytes)) : address.ToString();
    }
}
