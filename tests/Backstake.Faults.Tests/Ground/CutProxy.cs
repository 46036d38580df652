using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Backstake.Faults.Tests.Ground;

/// <summary>How an answer ends early.</summary>
public enum Cut
{
    Close,
    Reset,

    /// <summary>Nothing more comes, and the connection stays.</summary>
    Hang,

    /// <summary>All of it comes, in slices of a byte or few.</summary>
    Slice,
}

/// <summary>A TCP proxy on loopback that cuts some of the server's answers after some bytes.</summary>
public sealed class CutProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource ended = new();
    readonly ConcurrentBag<TcpClient> connections = [];
    readonly Uri server;
    readonly Func<(Cut Cut, int After)?> decide;
    int cuts;

    CutProxy(Uri server, Func<(Cut, int)?> decide) => (this.server, this.decide) = (server, decide);

    public int Cuts => cuts;

    public string Authority => listener.LocalEndpoint.ToString()!;

    /// <param name="server">Whom it stands before.</param>
    /// <param name="decide">For each answer: how it is cut, and after how many bytes; null: not at all.</param>
    public static CutProxy Start(Uri server, Func<(Cut Cut, int After)?> decide)
    {
        var proxy = new CutProxy(server, decide);
        proxy.listener.Start();
        _ = proxy.Accept();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        foreach (var connection in connections)
            connection.Dispose();
        ended.Dispose();
    }

    async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync(ended.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task Serve(TcpClient client)
    {
        var upstream = new TcpClient();
        connections.Add(client);
        connections.Add(upstream);
        try
        {
            await upstream.ConnectAsync(server.Host, server.Port, ended.Token);
            var up = client.GetStream().CopyToAsync(upstream.GetStream(), ended.Token);
            await Down(client, upstream.GetStream());
            await up;
        }
        catch (Exception over) when (over is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
    }

    async Task Down(TcpClient client, NetworkStream answer)
    {
        var (down, buffer) = (client.GetStream(), new byte[16 * 1024]);
        client.NoDelay = true;
        while (await answer.ReadAsync(buffer, ended.Token) is > 0 and var read)
        {
            var rule = decide();
            if (rule is { Cut: Cut.Slice, After: var size })
            {
                Interlocked.Increment(ref cuts);
                for (var at = 0; at < read; at += size)
                    await down.WriteAsync(buffer.AsMemory(at, Math.Min(size, read - at)), ended.Token);
                continue;
            }

            if (rule is { } cut && read > cut.After)
            {
                Interlocked.Increment(ref cuts);
                await down.WriteAsync(buffer.AsMemory(0, cut.After), ended.Token);
                if (cut.Cut is Cut.Hang)
                    await Task.Delay(Timeout.Infinite, ended.Token);
                if (cut.Cut is Cut.Reset)
                    client.Client.LingerState = new LingerOption(enable: true, 0);
                client.Close();
                return;
            }

            await down.WriteAsync(buffer.AsMemory(0, read), ended.Token);
        }
    }
}
