using System.Net;
using System.Net.Sockets;

namespace Backstake.Servers;

/// <summary>TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    // Below the range from which systems take the ports of outgoing connections (32768 and up on Linux), and at random,
    // so that a port stays free between the look and its use, even when several processes look at once.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;
    private const int TriesMax = 200;

    /// <exception cref="ServerUnavailableException">Every port that was tried is busy.</exception>
    public static int Next()
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            if (IsFree(port))
                return port;
        }

        throw new ServerUnavailableException($"No free port was found between {Lowest} and {Highest} on 127.0.0.1: end programs that listen there.");
    }

    /// <summary>A port that was asked for, or a free one for 0.</summary>
    /// <exception cref="ServerUnavailableException">Somebody listens on it: without this look, their answer would pass for our server's.</exception>
    public static int Checked(int port)
    {
        if (port == 0)
            return Next();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Not a bind: that would also refuse a port whose last connections are still in TIME_WAIT.
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            return port;
        }

        throw new ServerUnavailableException($"Port {port} is busy: end the program that listens there, or take another port.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
