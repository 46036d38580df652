using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Backstake.Servers;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Azurite and anvil as tests and sandbox start them.</summary>
public sealed class ServerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AzuriteWithAFolder_KeepsWhatWasWritten_AndComesBackOnItsPorts(bool apart)
    {
        var folder = Directory.CreateTempSubdirectory("backstake-azurite-").FullName;
        try
        {
            var first = await Azurite.StartAsync(new AzuriteOptions { Folder = folder, Apart = apart });
            await using (first)
            {
                var table = new TableServiceClient(first.ConnectionString).GetTableClient("books");
                await table.CreateIfNotExistsAsync();
                await table.AddEntityAsync(new TableEntity("p", "r"));
                await new QueueClient(first.ConnectionString, "releases").CreateIfNotExistsAsync();
            }

            Assert.False(await Listens(first.TablePort));
            await using var second = await Azurite.StartAsync(
                new AzuriteOptions { Folder = folder, BlobPort = first.BlobPort, QueuePort = first.QueuePort, TablePort = first.TablePort, Apart = apart });
            Assert.Equal(first.ConnectionString, second.ConnectionString);
            await new TableServiceClient(second.ConnectionString).GetTableClient("books").GetEntityAsync<TableEntity>("p", "r");
            Assert.True(await new QueueClient(second.ConnectionString, "releases").ExistsAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Anvil_HasTheChainTheOptionsSay()
    {
        var time = new DateTimeOffset(2026, 1, 4, 18, 0, 0, TimeSpan.Zero);
        await using var anvil = await Anvil.StartAsync(new AnvilOptions { ChainId = 4242, NoMining = true, Timestamp = time });

        Assert.Equal("0x1092", (await Call(anvil, "eth_chainId")).GetString());
        Assert.Equal(Anvil.Addresses.Select(address => address.ToLowerInvariant()), (await Call(anvil, "eth_accounts")).EnumerateArray().Select(address => address.GetString()));
        Assert.Equal($"0x{time.ToUnixTimeSeconds():x}", (await Call(anvil, "eth_getBlockByNumber", "latest", false)).GetProperty("timestamp").GetString());
        for (var block = 0; block < 5; block++)
            await Call(anvil, "evm_mine");
        Assert.Equal("0x3", (await Call(anvil, "eth_getBlockByNumber", "finalized", false)).GetProperty("number").GetString());
    }

    [Fact]
    public async Task Anvil_MinesOnlyWhenTold_WithoutMining()
    {
        await using var anvil = await Anvil.StartAsync(new AnvilOptions { NoMining = true });

        var hash = (await Call(anvil, "eth_sendTransaction", new { from = Anvil.Addresses[0], to = Anvil.Addresses[1], value = "0x1" })).GetString();

        Assert.Equal(JsonValueKind.Null, (await Call(anvil, "eth_getTransactionReceipt", hash!)).ValueKind);
        await Call(anvil, "evm_mine");
        Assert.Equal("0x1", (await Call(anvil, "eth_getTransactionReceipt", hash!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task ADisposedAnvil_IsGone_AndABusyPortIsSaid()
    {
        var first = await Anvil.StartAsync();
        await using (first)
        {
            var failure = await Assert.ThrowsAsync<ServerUnavailableException>(() => Anvil.StartAsync(new AnvilOptions { Port = first.Port }));
            Assert.DoesNotContain('\n', failure.Message);
        }

        Assert.False(await Listens(first.Port));
    }

    [Fact]
    public async Task AServer_EndsWithItsParent_EvenIfThatIsKilled()
    {
        using var parent = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, ArgumentList = { "exec", ParentProgram(), }, UseShellExecute = false },
        };
        parent.Start();
        var port = int.Parse((await parent.StandardOutput.ReadLineAsync())!);
        Assert.True(await Listens(port));

        parent.Kill();

        await parent.WaitForExitAsync();
        var since = Stopwatch.StartNew();
        while (await Listens(port))
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(10), "the server outlives its parent");
            await Task.Delay(20);
        }
    }

    // A program of its own that starts anvil, prints its port and waits for ever.
    private static string ParentProgram() => Path.Combine(AppContext.BaseDirectory, "Backstake.StandIns.Storage.Parent.dll");

    private static async Task<bool> Listens(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<JsonElement> Call(Anvil anvil, string method, params object[] parameters)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(anvil.RpcUrl, new { jsonrpc = "2.0", id = 1, method, @params = parameters });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result").Clone();
    }
}
