using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Newtonsoft.Json;

namespace Nethereum.RPC.Eth.DTOs;

public class CallInput
{
    private string from;
    private string to;
    private string data;

    public CallInput()
    {
    }

    public CallInput(string data, string addressTo)
    {
        Data = data;
        To = addressTo;
    }

    [JsonProperty("from")]
    public string From
    {
        get => from.EnsureHexPrefix();
        set => from = value;
    }

    [JsonProperty("to")]
    public string To
    {
        get => to.EnsureHexPrefix();
        set => to = value;
    }

    [JsonProperty("gas")]
    public HexBigInteger Gas { get; set; }

    [JsonProperty("gasPrice")]
    public HexBigInteger GasPrice { get; set; }

    [JsonProperty("value")]
    public HexBigInteger Value { get; set; }

    [JsonProperty("data")]
    public string Data
    {
        get => data.EnsureHexPrefix();
        set => data = value;
    }

    [JsonProperty("maxFeePerGas")]
    public HexBigInteger MaxFeePerGas { get; set; }

    [JsonProperty("maxPriorityFeePerGas")]
    public HexBigInteger MaxPriorityFeePerGas { get; set; }

    [JsonProperty("type")]
    public HexBigInteger Type { get; set; }

    [JsonProperty("chainId")]
    public HexBigInteger ChainId { get; set; }
}

public class TransactionInput : CallInput
{
    public TransactionInput()
    {
    }

    public TransactionInput(string data, string addressTo) : base(data, addressTo)
    {
    }

    [JsonProperty("nonce")]
    public HexBigInteger Nonce { get; set; }
}
