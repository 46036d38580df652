using System.Diagnostics;
using System.Text.Json.Nodes;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Storage;
using Backstake.Season;

namespace Backstake.Functions.Tests.Notifications;

/// <summary><c>backstake notifications</c> as its user runs it, against the app as a process of its own.</summary>
[Collection(StorageGround.Collection)]
public sealed class NotificationCommandTests(ApiGround ground) : IClassFixture<ApiGround>
{
    [Fact]
    public async Task Receiver_IsSet_Shown_Tested_Rotated_AndTakenAway()
    {
        await using var app = await ground.Start(("Webhook__Key", "a key for tests"), ("Nodes__Allowed", "127.0.0.1:9")); // nobody listens there
        var key = await ground.KeyOf(StorageGround.NewVault(), ApiScope.Notify);
        Task<(int Status, string Output, string Error)> Run(params string[] arguments) => Command(key, [.. arguments, "--app", app.Address.ToString()]);

        var none = await Run("show");
        Assert.Equal((1, true), (none.Status, none.Error.StartsWith("noNotifications: ", StringComparison.Ordinal)));
        var set = await Run("set", "http://127.0.0.1:9/hook", "--events", "roundMissed", "weekSettled");
        Assert.Equal((0, ""), (set.Status, set.Error));
        Assert.Contains("http://127.0.0.1:9/hook is told of 2 kinds of events.", set.Output, StringComparison.Ordinal);
        Assert.Contains("told here alone: whsec_", set.Output, StringComparison.Ordinal);
        Assert.Contains("It keeps its secret.", (await Run("set", "http://127.0.0.1:9/hook")).Output, StringComparison.Ordinal);
        var shown = await Run("show");
        Assert.Equal((0, true), (shown.Status, shown.Output.StartsWith("http://127.0.0.1:9/hook", StringComparison.Ordinal)));
        Assert.False((bool)JsonNode.Parse((await Run("show", "--json")).Output)!["gone"]!);
        var test = await Run("test");
        Assert.Equal((3, true), (test.Status, test.Output.StartsWith("unreachable after ", StringComparison.Ordinal)));
        Assert.Contains("told here alone: whsec_", (await Run("rotate")).Output, StringComparison.Ordinal);
        Assert.StartsWith("unknownDelivery: ", (await Run("resend", "0x1/1/roundMissed")).Error, StringComparison.Ordinal);
        var refused = await Run("set", "https://169.254.169.254/");
        Assert.Equal((1, true), (refused.Status, refused.Error.StartsWith("receiverUrlRefused: ", StringComparison.Ordinal)));
        var off = await Run("off");
        Assert.Equal((0, "Nobody is called any more."), (off.Status, off.Output.Trim()));
        Assert.Equal(1, (await Run("off")).Status);
        var without = await Command("", "show", "--app", app.Address.ToString());
        Assert.Equal((1, true), (without.Status, without.Error.StartsWith("BACKSTAKE_KEY is not set", StringComparison.Ordinal)));
    }

    static async Task<(int Status, string Output, string Error)> Command(string key, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, ["notifications", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BACKSTAKE_KEY"] = key;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
