using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Notifications;

/// <summary><c>backstake notifications</c>: where the calls go that tell somebody what happens to what is theirs.</summary>
internal static class NotificationsCommand
{
    private const string KeyFor = "a key with the scope notify, or a session's token";

    public static Command Create() => new("notifications", "Where you are told what happens to what is yours (docs/notifications.md).") { Set(), Show(), Test(), Rotate(), Resend(), Off() };

    private static Command Set()
    {
        var url = new Argument<string>("URL") { Description = "The receiver: an https:// address with a public host name." };
        var events = new Option<string[]>("--events") { Description = "Of which events, by name; without it of all.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        return Of("set", HttpMethod.Put, "", """
            Set the receiver of your notifications, and of which events. The first time its secret is printed, and never again.

            Example:
              BACKSTAKE_KEY=bst_… backstake notifications set https://receiver.example.org/hook --app https://… --events roundMissed weekSettled

            Exit status 0: it is set; 1: the app or the key can't be used, or the address is refused.
            """, [url, events], Told, result => JsonSerializer.SerializeToUtf8Bytes(new { url = result.GetValue(url), events = result.GetValue(events) is { Length: > 0 } named ? named : null }, JsonSerializerOptions.Web));
    }

    private static Command Show() => Of("show", HttpMethod.Get, "", """
        Show the receiver of your notifications, and what became of the last ones, the newest first.

        Example:
          BACKSTAKE_KEY=bst_… backstake notifications show --app https://…

        Exit status 0: shown; 1: the app or the key can't be used, or no receiver is set; 3: the receiver answered 410, and is called no more.
        """, [], (output, answer) =>
        {
            output.WriteLine($"{answer.GetProperty("url")}{(answer.GetProperty("gone").GetBoolean() ? ", which is gone: set it again, or test it" : "")}");
            output.WriteLine($"  {string.Join(' ', answer.GetProperty("events").EnumerateArray())}");
            foreach (var one in answer.GetProperty("deliveries").EnumerateArray()) output.WriteLine(Line(one));
            return answer.GetProperty("gone").GetBoolean() ? ExitStatus.Refused : ExitStatus.Done;
        });

    private static Command Test() => Of("test", HttpMethod.Post, "/test", """
        Have the app call your receiver now, signed as every call is, and tell what came of it.

        Example:
          BACKSTAKE_KEY=bst_… backstake notifications test --app https://…

        Exit status 0: it answered with 2xx; 1: the app or the key can't be used, or no receiver is set; 3: it was called and didn't answer so.
        """, [], (output, call) =>
        {
            var outcome = call.GetProperty("outcome").GetString();
            output.WriteLine($"{outcome}{Status(call)} after {call.GetProperty("milliseconds")} ms. {call.GetProperty("detail").GetString()}".TrimEnd());
            return outcome == "ok" ? ExitStatus.Done : ExitStatus.Refused;
        }, _ => []);

    private static Command Rotate() => Of("rotate", HttpMethod.Post, "/secret", """
        Get another secret, printed here alone; for a day calls are signed with both.

        Example:
          BACKSTAKE_KEY=bst_… backstake notifications rotate --app https://…

        Exit status 0: the secret is printed; 1: the app or the key can't be used, or no receiver is set.
        """, [], Told, _ => []);

    private static Command Resend()
    {
        var id = new Argument<string>("ID") { Description = "Of the delivery, as show lists it." };
        return Of("resend", HttpMethod.Post, "/resend", """
            Have the app call your receiver with one delivery now, whatever became of it before.

            Example:
              BACKSTAKE_KEY=bst_… backstake notifications resend 0x…/17/roundMissed --app https://…

            Exit status 0: it was delivered; 1: the app or the key can't be used, or there is no such delivery; 3: the receiver didn't take it.
            """, [id], (output, one) =>
            {
                output.WriteLine(Line(one));
                return one.GetProperty("outcome").GetString() == "ok" ? ExitStatus.Done : ExitStatus.Refused;
            }, result => JsonSerializer.SerializeToUtf8Bytes(new { delivery = result.GetValue(id) }, JsonSerializerOptions.Web));
    }

    private static Command Off() => Of("off", HttpMethod.Delete, "", """
        Take your receiver away: nobody is called any more, and its secret is nobody's.

        Example:
          BACKSTAKE_KEY=bst_… backstake notifications off --app https://…

        Exit status 0: it is gone; 1: the app or the key can't be used, or no receiver is set.
        """, [], (output, _) =>
        {
            output.WriteLine("Nobody is called any more.");
            return ExitStatus.Done;
        });

    private static Command Of(string name, HttpMethod method, string route, string about, IReadOnlyList<Symbol> symbols, Func<TextWriter, JsonElement, int> said, Func<ParseResult, byte[]>? body = null)
    {
        var app = AppAddress.Required();
        var json = new Option<bool>("--json") { Description = "Print the app's answer as it came." };
        var command = new Command(name, about) { app, json };
        foreach (var argument in symbols.OfType<Argument>()) command.Add(argument);
        foreach (var option in symbols.OfType<Option>()) command.Add(option);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var url = result.GetValue(app)!;
            var answer = await new AppCall(url, method, $"notifications{route}") { KeyFor = KeyFor, Body = body?.Invoke(result) }.Send(stop);
            if (!answer.IsDone) throw new IOException(answer.Words(url));
            var (output, isJson) = (result.InvocationConfiguration.Output, result.GetValue(json));
            if (isJson && answer.Body.Length > 0) output.WriteLine(Encoding.UTF8.GetString(answer.Body));
            return said(isJson ? TextWriter.Null : output, answer.Body.Length == 0 ? default : JsonDocument.Parse(answer.Body).RootElement);
        }));
        return command;
    }

    private static int Told(TextWriter output, JsonElement answer)
    {
        output.WriteLine($"{answer.GetProperty("url")} is told of {answer.GetProperty("events").GetArrayLength()} kinds of events.");
        output.WriteLine(answer.GetProperty("secret").GetString() is { } secret ? $"Its secret, which is told here alone: {secret}" : "It keeps its secret.");
        return ExitStatus.Done;
    }

    private static string Line(JsonElement one) =>
        $"  {one.GetProperty("at").GetString()}  {one.GetProperty("state").GetString()}{Status(one)}  {one.GetProperty("id").GetString()}  {one.GetProperty("detail").GetString()}".TrimEnd();

    private static string Status(JsonElement one) => one.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? $" ({status})" : "";
}
