using Nethereum.Hex.HexTypes;
using Newtonsoft.Json;

namespace Nethereum.RPC.Eth.DTOs;

public class Transaction
{
    [JsonProperty("hash")]
    public string TransactionHash { get; set; }

    [JsonProperty("transactionIndex")]
    public HexBigInteger TransactionIndex { get; set; }

    [JsonProperty("type")]
    public HexBigInteger Type { get; set; }

    [JsonProperty("blockHash")]
    public string BlockHash { get; set; }

    [JsonProperty("blockNumber")]
    public HexBigInteger BlockNumber { get; set; }

    [JsonProperty("from")]
    public string From { get; set; }

    [JsonProperty("to")]
    public string To { get; set; }

    [JsonProperty("gas")]
    public HexBigInteger Gas { get; set; }

    [JsonProperty("gasPrice")]
    public HexBigInteger GasPrice { get; set; }

    [JsonProperty("maxFeePerGas")]
    public HexBigInteger MaxFeePerGas { get; set; }

    [JsonProperty("maxPriorityFeePerGas")]
    public HexBigInteger MaxPriorityFeePerGas { get; set; }

    [JsonProperty("value")]
    public HexBigInteger Value { get; set; }

    [JsonProperty("input")]
    public string Input { get; set; }

    [JsonProperty("nonce")]
    public HexBigInteger Nonce { get; set; }
}

public class TransactionReceipt
{
    [JsonProperty("transactionHash")]
    public string TransactionHash { get; set; }

    [JsonProperty("transactionIndex")]
    public HexBigInteger TransactionIndex { get; set; }

    [JsonProperty("blockHash")]
    public string BlockHash { get; set; }

    [JsonProperty("blockNumber")]
    public HexBigInteger BlockNumber { get; set; }

    [JsonProperty("from")]
    public string From { get; set; }

    [JsonProperty("to")]
    public string To { get; set; }

    [JsonProperty("gasUsed")]
    public HexBigInteger GasUsed { get; set; }

    [JsonProperty("effectiveGasPrice")]
    public HexBigInteger EffectiveGasPrice { get; set; }

    [JsonProperty("contractAddress")]
    public string ContractAddress { get; set; }

    [JsonProperty("status")]
    public HexBigInteger Status { get; set; }

    [JsonProperty("logs")]
    public FilterLog[] Logs { get; set; }

    /// <summary>Null if the receipt has no status.</summary>
    public bool? HasErrors() => Status?.HexValue is null ? null : Status.Value.IsZero;
}

public class FilterLog
{
    [JsonProperty("removed")]
    public bool Removed { get; set; }

    [JsonProperty("logIndex")]
    public HexBigInteger LogIndex { get; set; }

    [JsonProperty("transactionHash")]
    public string TransactionHash { get; set; }

    [JsonProperty("transactionIndex")]
    public HexBigInteger TransactionIndex { get; set; }

    [JsonProperty("blockHash")]
    public string BlockHash { get; set; }

    [JsonProperty("blockNumber")]
    public HexBigInteger BlockNumber { get; set; }

    [JsonProperty("address")]
    public string Address { get; set; }

    [JsonProperty("data")]
    public string Data { get; set; }

    [JsonProperty("topics")]
    public object[] Topics { get; set; }
}

public class NewFilterInput
{
    [JsonProperty("fromBlock")]
    public BlockParameter FromBlock { get; set; } = new();

    [JsonProperty("toBlock")]
    public BlockParameter ToBlock { get; set; } = new();

    [JsonProperty("address")]
    public string[] Address { get; set; }

    [JsonProperty("topics")]
    public object[] Topics { get; set; }
}

public class Block
{
    [JsonProperty("number")]
    public HexBigInteger Number { get; set; }

    [JsonProperty("hash")]
    public string BlockHash { get; set; }

    [JsonProperty("parentHash")]
    public string ParentHash { get; set; }

    [JsonProperty("gasLimit")]
    public HexBigInteger GasLimit { get; set; }

    [JsonProperty("gasUsed")]
    public HexBigInteger GasUsed { get; set; }

    [JsonProperty("timestamp")]
    public HexBigInteger Timestamp { get; set; }

    [JsonProperty("baseFeePerGas")]
    public HexBigInteger BaseFeePerGas { get; set; }
}

public class BlockWithTransactionHashes : Block
{
    [JsonProperty("transactions")]
    public string[] TransactionHashes { get; set; }
}
