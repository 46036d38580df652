using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Outgoing;

/// <summary>
/// The way to addresses that others gave us: delegates' nodes, receivers of notifications. A name is resolved once, when it is connected to; every address that it has must be public, and one of just these is connected
/// to: nothing can change in between. No redirects, no proxy, no cookies, no credentials, no decompression (FAULTS.md section 6).
/// </summary>
public sealed class OutgoingTransport(IOptions<OutgoingSettings> settings)
{
    const int HeadersMostKiB = 16;
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>Name to addresses; tests have their own.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>To one address; tests have their own.</summary>
    public Func<IPEndPoint, CancellationToken, Task<Stream>> Connect { get; init; } = ConnectTo;

    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = HeadersMostKiB,
        ConnectTimeout = ConnectLimit,
        PooledConnectionLifetime = TimeSpan.Zero, // each call is looked at anew
        ConnectCallback = async (context, stop) => await Open(context.DnsEndPoint, stop),
    };

    /// <exception cref="HostRefusedException">The host isn't one that may be called.</exception>
    public async Task<Stream> Open(DnsEndPoint host, CancellationToken stop)
    {
        var isAllowed = settings.Value.Allows(host.Host, host.Port);
        if (!isAllowed && (host.Port != 443 || IPAddress.TryParse(host.Host, out _)))
            throw new HostRefusedException("Only a host name, on port 443, is called.");
        var addresses = await Resolve(host.Host, stop);
        if (!isAllowed && (addresses.Length == 0 || !Array.TrueForAll(addresses, PublicAddress.Is)))
            throw new HostRefusedException("The host has an address that isn't public.");
        SocketException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await Connect(new IPEndPoint(address, host.Port), stop);
            }
            catch (SocketException failure)
            {
                last = failure;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    static async Task<Stream> ConnectTo(IPEndPoint address, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The host may not be called.</summary>
public sealed class HostRefusedException(string message) : Exception(message);
