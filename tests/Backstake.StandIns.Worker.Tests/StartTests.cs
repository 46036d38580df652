using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Backstake.StandIns.Worker.Tests;

/// <summary>Settings at the start, and the refusals: one line that says what to do, and exit status 1.</summary>
public sealed class StartTests(Storage storage) : IClassFixture<Storage>
{
    [Theory]
    [InlineData("OrdersQueue", null, "Function Orders: '%OrdersQueue%' does not resolve to a value: set the application setting OrdersQueue.")]
    [InlineData("TickSchedule", "every day", "Function Tick: the schedule 'every day' is no NCRONTAB expression")]
    [InlineData("TickSchedule", "00:05:00", "Function Tick: the schedule '00:05:00' is no NCRONTAB expression")]
    [InlineData("AzureWebJobsStorage", null, "no storage connection: set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__accountName.")]
    [InlineData("AzureFunctionsJobHost__extensions__queues__batchSize", "33", "host.json: extensions.queues.batchSize is 33; give a number from 1 to 32.")]
    [InlineData("AzureFunctionsJobHost__extensions__queues__maxPollingInterval", "00:00:00.050", "host.json: extensions.queues.maxPollingInterval is 00:00:00.050")]
    public async Task WrongSetting_RefusesToStart(string name, string? value, string message)
    {
        await using var app = App.Launch(storage, (name, value));

        Assert.Equal(1, await app.Exit());
        await app.Until("the message", () => Task.FromResult(app.Output.Contains(message, StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BusyPort_RefusesToStart()
    {
        await using var first = await App.Start(storage);
        await using var second = App.Launch(storage, ("arguments", $"--port {first.Http.BaseAddress!.Port}"));

        Assert.Equal(1, await second.Exit());
        await second.Until("the message", () => Task.FromResult(second.Output.Contains($"Port {first.Http.BaseAddress.Port} can't be listened on", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task UnsetKeys_OpenNothing()
    {
        await using var app = await App.Start(storage, ("Host__FunctionKey", null), ("Host__MasterKey", null));

        using var function = await app.Http.GetAsync("api/NeedsFunctionKey?code=");
        using var admin = await app.Admin("Sweep", """{"input":""}""", key: "");

        Assert.Equal(401, (int)function.StatusCode);
        Assert.Equal(401, (int)admin.StatusCode);
    }

    [Fact]
    public async Task LocalSettings_OfAFolderAbove_FillWhatTheEnvironmentLacks()
    {
        var folder = Directory.CreateTempSubdirectory("backstake-settings-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "local.settings.json"),
                """{ "IsEncrypted": false, "Values": { "Host__FunctionKey": "from the file", "Host__MasterKey": "not this one" } /* a comment */, }""");
            var inner = folder.CreateSubdirectory("inner");
            await using var app = await App.Start(storage, ("cwd", inner.FullName), ("Host__FunctionKey", null));

            using var fromFile = await app.Http.GetAsync("api/NeedsFunctionKey?code=from%20the%20file");
            using var fromEnvironment = await app.Http.GetAsync("api/NeedsMasterKey?code=" + App.MasterKey);
            Assert.Equal(204, (int)fromFile.StatusCode);
            Assert.Equal(204, (int)fromEnvironment.StatusCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task StorageThatDoesNotAnswer_DoesNotKeepRequestsFromBeingServed()
    {
        await using var app = await App.Start(storage, ("AzureWebJobsStorage", "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=bm90aGluZw==;BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;QueueEndpoint=http://127.0.0.1:9/devstoreaccount1;"));

        var answer = await app.Http.GetFromJsonAsync<JsonElement>("api/ping?say=still");

        Assert.Equal("still", answer.GetProperty("pong").GetString());
        Assert.Equal(0, await app.Stop());
    }
}
