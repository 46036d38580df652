using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>Echo.sol's messages, and its code, compiled by the solc of node_modules.</summary>
public static class EchoContract
{
    private const string Compile = """
        const path = require('path'), fs = require('fs');
        let folder = process.argv[1];
        while (!fs.existsSync(path.join(folder, 'node_modules', 'solc'))) folder = path.dirname(folder);
        const solc = require(path.join(folder, 'node_modules', 'solc'));
        const input = { language: 'Solidity', sources: { 'Echo.sol': { content: fs.readFileSync(process.argv[2], 'utf8') } },
          settings: { evmVersion: 'cancun', viaIR: true, optimizer: { enabled: true }, outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.methodIdentifiers'] } } } };
        const output = JSON.parse(solc.compile(JSON.stringify(input)));
        const wrong = (output.errors || []).filter(e => e.severity === 'error');
        if (wrong.length) { console.error(wrong.map(e => e.formattedMessage).join('\n')); process.exit(1); }
        const evm = output.contracts['Echo.sol'].Echo.evm;
        console.log(JSON.stringify({ code: evm.bytecode.object, selectors: evm.methodIdentifiers }));
        """;

    private static readonly Lazy<Compiled> Once = new(Run);

    public static string Code => Once.Value.Code;

    /// <summary>Selectors, 8 hex digits, by signature.</summary>
    public static IReadOnlyDictionary<string, string> Selectors => Once.Value.Selectors;

    private static Compiled Run()
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["-e", Compile, "--", AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "Echo.sol")]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors.Result);
        return JsonSerializer.Deserialize<Compiled>(output, JsonSerializerOptions.Web)!;
    }

    private sealed record Compiled(string Code, Dictionary<string, string> Selectors);
}

public sealed class EchoDeployment() : ContractDeploymentMessage(EchoContract.Code)
{
    [Parameter("string", "name", 1)]
    public string Name { get; set; } = "";

    [Parameter("uint256", "counter", 2)]
    public BigInteger Counter { get; set; }
}

[Struct("Inner")]
public sealed class Inner
{
    [Parameter("uint96", "amount", 1)]
    public BigInteger Amount { get; set; }

    [Parameter("bytes28", "tag", 2)]
    public byte[] Tag { get; set; } = [];

    [Parameter("string", "note", 3)]
    public string Note { get; set; } = "";
}

[Struct("Point")]
public sealed class Point
{
    [Parameter("int64", "x", 1)]
    public long X { get; set; }

    [Parameter("int64", "y", 2)]
    public long Y { get; set; }
}

[Function("echo", typeof(EchoOutput))]
public sealed class EchoFunction : FunctionMessage
{
    [Parameter("tuple[]", "inners", 1)]
    public List<Inner> Inners { get; set; } = [];

    [Parameter("tuple[2]", "points", 2)]
    public List<Point> Points { get; set; } = [];

    [Parameter("bytes", "data", 3)]
    public byte[] Data { get; set; } = [];

    [Parameter("bytes32", "word", 4)]
    public byte[] Word { get; set; } = [];

    [Parameter("bool", "flag", 5)]
    public bool Flag { get; set; }

    [Parameter("address", "who", 6)]
    public string Who { get; set; } = "";

    [Parameter("int256", "signed", 7)]
    public BigInteger Signed { get; set; }

    [Parameter("string[]", "texts", 8)]
    public List<string> Texts { get; set; } = [];
}

[FunctionOutput]
public sealed class EchoOutput : IFunctionOutputDTO
{
    [Parameter("tuple[]", "", 1)]
    public List<Inner> Inners { get; set; } = [];

    [Parameter("tuple[2]", "", 2)]
    public List<Point> Points { get; set; } = [];

    [Parameter("bytes", "", 3)]
    public byte[] Data { get; set; } = [];

    [Parameter("bytes32", "", 4)]
    public byte[] Word { get; set; } = [];

    [Parameter("bool", "", 5)]
    public bool Flag { get; set; }

    [Parameter("address", "", 6)]
    public string Who { get; set; } = "";

    [Parameter("int256", "", 7)]
    public BigInteger Signed { get; set; }

    [Parameter("string[]", "", 8)]
    public List<string> Texts { get; set; } = [];
}

[Function("point", typeof(PointOutput))]
public sealed class PointFunction : FunctionMessage
{
    [Parameter("int64", "x", 1)]
    public long X { get; set; }

    [Parameter("int64", "y", 2)]
    public long Y { get; set; }
}

[FunctionOutput]
public sealed class PointOutput : IFunctionOutputDTO
{
    [Parameter("tuple", "", 1)]
    public Point Point { get; set; } = new();
}

[Function("see")]
public sealed class SeeFunction : FunctionMessage
{
    [Parameter("int64", "id", 1)]
    public long Id { get; set; }

    [Parameter("string", "text", 2)]
    public string Text { get; set; } = "";

    [Parameter("tuple", "inner", 3)]
    public Inner Inner { get; set; } = new();

    [Parameter("bytes", "data", 4)]
    public byte[] Data { get; set; } = [];

    [Parameter("uint64[]", "list", 5)]
    public List<ulong> List { get; set; } = [];
}

[Event("Seen")]
public sealed class SeenEvent : IEventDTO
{
    [Parameter("address", "who", 1, true)]
    public string Who { get; set; } = "";

    [Parameter("int64", "id", 2, true)]
    public long Id { get; set; }

    [Parameter("string", "text", 3, true)]
    public string TextHash { get; set; } = "";

    [Parameter("tuple", "inner", 4, false)]
    public Inner Inner { get; set; } = new();

    [Parameter("bytes", "data", 5, false)]
    public byte[] Data { get; set; } = [];

    [Parameter("uint64[]", "list", 6, false)]
    public List<ulong> List { get; set; } = [];
}

[Event("Other")]
public sealed class OtherEvent : IEventDTO
{
    [Parameter("uint256", "value", 1, false)]
    public BigInteger Value { get; set; }
}

[Function("bump")]
public sealed class BumpFunction : FunctionMessage;

[Function("counter", "uint256")]
public sealed class CounterFunction : FunctionMessage;

[Function("name", "string")]
public sealed class NameFunction : FunctionMessage;

[Function("sender", "address")]
public sealed class SenderFunction : FunctionMessage;

[Function("refuse")]
public sealed class RefuseFunction : FunctionMessage
{
    [Parameter("uint256", "needed", 1)]
    public BigInteger Needed { get; set; }
}

[Function("refuseWith")]
public sealed class RefuseWithFunction : FunctionMessage
{
    [Parameter("string", "why", 1)]
    public string Why { get; set; } = "";
}

[Function("panic")]
public sealed class PanicFunction : FunctionMessage;

[Error("Refused")]
public sealed class RefusedError : IErrorDTO
{
    [Parameter("uint256", "needed", 1)]
    public BigInteger Needed { get; set; }

    [Parameter("string", "why", 2)]
    public string Why { get; set; } = "";
}

[Error("Bare")]
public sealed class BareError : IErrorDTO;
