using System.Text.Json;
using Backstake.Chain.Vault;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Chain;

/// <summary>What Numerai's staking contract knows.</summary>
public interface INumeraiOnChain
{
    /// <summary>Reverts unless Numerai signed this stake.</summary>
    void CheckStake(VaultModel vault, uint round, BigInteger amount, byte[] authorisation, long time);

    /// <summary>What the round brings home of a stake; reverts unless Numerai's root says so.</summary>
    BigInteger Returned(VaultModel vault, uint round, BigInteger staked, BigInteger payout, BigInteger burn, long time);
}

/// <summary>A node's JSON-RPC in front of the chain: the methods that the app asks, with the answers that a node gives.</summary>
public sealed class ChainNodeModel(ChainModel chain, INumeraiOnChain numerai, NodeSetting setting)
{
    const long GasOfCall = 120_000;

    static readonly Dictionary<string, string> Selectors = new(StringComparer.Ordinal)
    {
        [Words.SelectorOf(new CreatedFunction { Vault = Addresses.Zero })] = "created",
        [Words.SelectorOf(new StateFunction { Vault = Addresses.Zero })] = "state",
        [Words.SelectorOf(new CompanionsFunction())] = "companions",
        [Words.SelectorOf(new FactoryOfFunction())] = "factory",
        [Words.SelectorOf(new ReaderOfFunction())] = "reader",
        [Words.SelectorOf(new NumeraiStakerFunction())] = "numeraiStaker",
        [Words.SelectorOf(new ClaimableFunction { Holder = Addresses.Zero })] = "claimable",
        [Words.SelectorOf(new CommitFunction { PredictionHash = new byte[32] })] = "commit",
        [Words.SelectorOf(new StakeFunction())] = "stake",
        [Words.SelectorOf(new CollectFunction())] = "collect",
        [Words.SelectorOf(new ProposeFunction { Week = new() { Books = new byte[32] } })] = "propose",
        [Words.SelectorOf(new AcceptFunction { Week = new() { Books = new byte[32] } })] = "accept",
        [Words.SelectorOf(new ClaimFunction { Holder = Addresses.Zero })] = "claim",
    };

    /// <summary>Told of every signed transaction that arrives, known or not.</summary>
    public Action<RawTransaction>? Arrived { get; set; }

    public Answer Answer(HttpCall call)
    {
        var request = call.Json!.Value;
        var parameters = request.TryGetProperty("params", out var given) ? given : default;
        var id = request.GetProperty("id").GetRawText();
        try
        {
            return Engine.Answer.Json($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{Result(call.Name, parameters)}}}");
        }
        catch (Revert refusal)
        {
            return Engine.Answer.Json($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":3,\"message\":\"execution reverted\",\"data\":\"{refusal.Data4}\"}}}}");
        }
        catch (NodeRefusal refusal)
        {
            return Engine.Answer.Json($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":-32000,\"message\":\"{refusal.Message}\"}}}}");
        }
    }

    string Result(string method, JsonElement parameters) => method switch
    {
        "eth_chainId" => $"\"{Words.Hex(setting.ChainId)}\"",
        "eth_blockNumber" => $"\"{Words.Hex(chain.Latest)}\"",
        "eth_getBlockByNumber" => Block(NumberOf(parameters[0])),
        "eth_getLogs" => Logs(parameters[0]),
        "eth_getTransactionReceipt" => Receipt(parameters[0].GetString()!),
        "eth_getTransactionByHash" => Transaction(parameters[0].GetString()!),
        "eth_getTransactionCount" => $"\"{Words.Hex(Count(parameters))}\"",
        "eth_getBalance" => "\"0x56bc75e2d63100000\"", // 100 ETH: gas costs nothing here
        "eth_gasPrice" => $"\"{Words.Hex(chain.BaseFee(chain.TimeOf(chain.Latest)) + setting.TipWei)}\"",
        "eth_sendRawTransaction" => Send(Words.Bytes(parameters[0].GetString()!)),
        "eth_call" => Call(parameters),
        "eth_estimateGas" => Estimate(parameters[0]),
        _ => throw new NodeRefusal($"the method {method} does not exist/is not available"),
    };

    ulong? NumberOf(JsonElement tag) => tag.GetString() switch
    {
        "latest" or "pending" => chain.Latest,
        "finalized" or "safe" => chain.Finalized,
        "earliest" => 0,
        { } hex => (ulong)BigInteger.Parse("0" + hex[2..], NumberStyles.AllowHexSpecifier) is var number && number <= chain.Latest ? number : null,
        null => null,
    };

    string Block(ulong? number)
    {
        if (number is not { } at)
            return "null";
        var time = chain.TimeOf(at);
        var hashes = chain.Between(at, at).SelectMany(block => block.Transactions).Select(mined => $"\"{mined.Transaction.Hash}\"");
        return $"{{\"number\":\"{Words.Hex(at)}\",\"hash\":\"{chain.HashOf(at)}\",\"parentHash\":\"{chain.HashOf(at == 0 ? 0 : at - 1)}\",\"timestamp\":\"{Words.Hex(time.ToUnixTimeSeconds())}\","
            + $"\"gasLimit\":\"0x1c9c380\",\"gasUsed\":\"0x5208\",\"baseFeePerGas\":\"{Words.Hex(chain.BaseFee(time))}\",\"transactions\":[{string.Join(',', hashes)}]}}";
    }

    string Logs(JsonElement filter)
    {
        var (first, last) = (NumberOf(filter.GetProperty("fromBlock")) ?? chain.Latest + 1, NumberOf(filter.GetProperty("toBlock")) ?? chain.Latest);
        var asked = filter.GetProperty("address");
        var addresses = (asked.ValueKind == JsonValueKind.Array ? asked.EnumerateArray().Select(it => it.GetString()!) : [asked.GetString()!]).Select(it => it.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var found = chain.Between(first, last)
            .SelectMany(block => block.Transactions.SelectMany((mined, at) => mined.Logs.Select((log, index) => (block, mined, at, log, mined.FirstLog + index))))
            .Where(it => addresses.Contains(it.log.Address))
            .Select(it => LogJson(it.block, it.mined.Transaction.Hash, it.at, it.log, it.Item5));
        if (addresses.Contains(setting.Factory))
            found = setting.Created.Where(it => it.Block >= first && it.Block <= last).Select((it, index) => CreatedJson(it, index)).Concat(found);
        return $"[{string.Join(',', found)}]";
    }

    string LogJson(MinedBlock block, string transaction, int at, ModelLog log, int index) =>
        $"{{\"removed\":false,\"logIndex\":\"{Words.Hex(index)}\",\"transactionIndex\":\"{Words.Hex(at)}\",\"transactionHash\":\"{transaction}\",\"blockHash\":\"{chain.HashOf(block.Number)}\","
        + $"\"blockNumber\":\"{Words.Hex(block.Number)}\",\"address\":\"{log.Address}\",\"data\":\"{Words.Hex(log.Data)}\",\"topics\":[{string.Join(',', log.Topics.Select(topic => $"\"{topic}\""))}]}}";

    string CreatedJson(CreatedModel created, int index)
    {
        var log = new ModelLog(setting.Factory, [Words.Topic<VaultCreatedEvent>(), Words.Hex(Words.OfAddress(created.Facts.Vault)), Words.Hex(Words.OfAddress(created.Facts.Owner))],
            [.. Words.Of(created.Facts.Tournament), .. Backstake.Chain.Numerai.UuidWord.Of(created.Facts.ModelId)], "VaultCreated");
        return LogJson(new MinedBlock(created.Block, chain.TimeOf(created.Block), [], chain.World), Words.Hex(Words.Keccak(log.Data)), 0, log, index);
    }

    string Receipt(string hash)
    {
        if (chain.Find(hash) is not var (block, mined) || block.Number > chain.Latest)
            return "null";
        var at = block.Transactions.ToList().IndexOf(mined);
        var logs = mined.Logs.Select((log, index) => LogJson(block, hash, at, log, mined.FirstLog + index));
        return $"{{\"transactionHash\":\"{hash}\",\"transactionIndex\":\"{Words.Hex(at)}\",\"blockHash\":\"{chain.HashOf(block.Number)}\",\"blockNumber\":\"{Words.Hex(block.Number)}\","
            + $"\"from\":\"{mined.Transaction.Sender}\",\"to\":\"{mined.Transaction.To}\",\"gasUsed\":\"{Words.Hex(GasOfCall)}\",\"effectiveGasPrice\":\"{Words.Hex(chain.BaseFee(block.Time))}\","
            + $"\"contractAddress\":null,\"status\":\"{(mined.Refusal is null ? "0x1" : "0x0")}\",\"logs\":[{string.Join(',', logs)}]}}";
    }

    string Transaction(string hash)
    {
        var mined = chain.Find(hash);
        var transaction = mined?.Transaction.Transaction ?? chain.Pool.FirstOrDefault(it => it.Hash == hash);
        if (transaction is null)
            return "null";
        var place = mined is var (block, _) ? $"\"blockHash\":\"{chain.HashOf(block.Number)}\",\"blockNumber\":\"{Words.Hex(block.Number)}\"" : "\"blockHash\":null,\"blockNumber\":null";
        return $"{{\"hash\":\"{hash}\",\"type\":\"0x2\",{place},\"from\":\"{transaction.Sender}\",\"to\":\"{transaction.To}\",\"gas\":\"{Words.Hex(GasOfCall)}\","
            + $"\"maxFeePerGas\":\"{Words.Hex(transaction.MaxFee)}\",\"maxPriorityFeePerGas\":\"{Words.Hex(setting.TipWei)}\",\"value\":\"0x0\",\"input\":\"{Words.Hex(transaction.Data)}\",\"nonce\":\"{Words.Hex(transaction.Nonce ?? 0)}\"}}";
    }

    BigInteger Count(JsonElement parameters)
    {
        var sender = parameters[0].GetString()!.ToLowerInvariant();
        var next = (parameters.GetArrayLength() > 1 && NumberOf(parameters[1]) is { } number ? chain.At(number) : chain.World).Nonces.GetValueOrDefault(sender);
        if (parameters.GetArrayLength() > 1 && parameters[1].GetString() == "pending")
        {
            while (chain.Pool.Any(it => it.Sender == sender && it.Nonce == next))
                next++;
        }

        return next;
    }

    string Send(byte[] raw)
    {
        var transaction = RawTransaction.Of(raw, setting.ChainId);
        Arrived?.Invoke(transaction);
        var name = NameOf(transaction.Data);
        return chain.Add(new ModelTransaction(transaction.Hash, transaction.Sender, transaction.Nonce, transaction.MaxFee, transaction.To, transaction.Data, name,
            (vault, call) => Act(vault, call, transaction.Data))) is { } refusal
            ? throw new NodeRefusal(refusal)
            : $"\"{transaction.Hash}\"";
    }

    string Estimate(JsonElement call)
    {
        // A node estimates on the block that is being made.
        var vault = chain.World.Vaults[call.GetProperty("to").GetString()!.ToLowerInvariant()].Clone();
        var data = Words.Bytes((call.TryGetProperty("data", out var it) ? it : call.GetProperty("input")).GetString()!);
        Act(vault, new CallContext(call.GetProperty("from").GetString()!.ToLowerInvariant(), chain.TimeOf(chain.Latest + 1).ToUnixTimeSeconds(), []), data);
        return $"\"{Words.Hex(GasOfCall)}\"";
    }

    string Call(JsonElement parameters)
    {
        var number = NumberOf(parameters[1]) ?? throw new NodeRefusal("header not found");
        var (world, time) = (chain.At(number), chain.TimeOf(number).ToUnixTimeSeconds());
        var to = parameters[0].GetProperty("to").GetString()!.ToLowerInvariant();
        var data = Words.Bytes((parameters[0].TryGetProperty("data", out var it) ? it : parameters[0].GetProperty("input")).GetString()!);
        return $"\"{Words.Hex(NameOf(data) switch
        {
            "created" => world.Vaults[Words.AddressAt(data, 0)].CreatedWords(setting.Nmr),
            "state" => world.Vaults[Words.AddressAt(data, 0)].StateWords(time),
            "companions" => [.. Words.OfAddress(world.Vaults[to].Facts.Notices), .. Words.OfAddress(Addresses.Zero)],
            "factory" => Words.OfAddress(setting.Factory),
            "reader" => Words.OfAddress(setting.Reader),
            "numeraiStaker" => Words.OfAddress(to), // the contract itself
            "claimable" => Words.Of(world.Vaults[to].Claimable(Words.NumberAt(data, 0), (uint)Words.NumberAt(data, 1), Words.AddressAt(data, 2))),
            var name => throw new NodeRefusal($"the view {name} is none that the app was known to ask"),
        })}\"";
    }

    static string NameOf(byte[] data) => Selectors.TryGetValue(Convert.ToHexStringLower(data.AsSpan(0, 4)), out var name) ? name : "unknown";

    void Act(VaultModel vault, CallContext call, byte[] data)
    {
        switch (NameOf(data))
        {
            case "commit":
                vault.Commit(call, (uint)Words.NumberAt(data, 0), Words.WordAt(data, 1));
                break;
            case "stake":
                var (round, amount) = ((uint)Words.NumberAt(data, 0), Words.NumberAt(data, 1));
                vault.Stake(call, round, amount, (int)Words.NumberAt(data, 2), (uint)Words.NumberAt(data, 3));
                numerai.CheckStake(vault, round, amount, Dynamic(data, 4), call.Time);
                break;
            case "collect":
                var proof = Dynamic(data, 1);
                vault.Collect(call, (uint)Words.NumberAt(data, 0), staked => numerai.Returned(vault, (uint)Words.NumberAt(data, 0), staked,
                    new BigInteger(proof.AsSpan(0, 32), true, true), new BigInteger(proof.AsSpan(32, 32), true, true), call.Time));
                break;
            case "propose":
                vault.Propose(call, ModelWeek.Of(data));
                break;
            case "accept":
                vault.Accept(call, ModelWeek.Of(data));
                break;
            case "claim":
                vault.Claim(call, Words.NumberAt(data, 0), (uint)Words.NumberAt(data, 1), Words.AddressAt(data, 2));
                break;
            default:
                throw new Revert("NoSuchFunction");
        }
    }

    /// <summary>The bytes of a dynamic parameter.</summary>
    static byte[] Dynamic(byte[] data, int index)
    {
        var at = 4 + (int)Words.NumberAt(data, index);
        var length = (int)new BigInteger(data.AsSpan(at, 32), true, true);
        return data[(at + 32)..(at + 32 + length)];
    }
}

/// <summary>A vault that the factory made.</summary>
public sealed record CreatedModel(VaultFacts Facts, ulong Block);

public sealed record NodeSetting(long ChainId, string Factory, string Reader, string Nmr, IReadOnlyList<CreatedModel> Created)
{
    public BigInteger TipWei { get; } = 1_000_000_000;
}

sealed class NodeRefusal(string message) : Exception(message);
