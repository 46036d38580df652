using System.Numerics;
using Nethereum.Hex.HexTypes;
using Newtonsoft.Json;

namespace Nethereum.RPC.Eth.DTOs;

[JsonConverter(typeof(BlockParameterJsonConverter))]
public class BlockParameter
{
    public enum BlockParameterType
    {
        latest,
        earliest,
        pending,
        finalized,
        safe,
        blockNumber,
    }

    public BlockParameter() => ParameterType = BlockParameterType.latest;

    public BlockParameter(HexBigInteger blockNumber) => SetValue(blockNumber);

    public BlockParameter(ulong blockNumber) : this(new HexBigInteger(blockNumber))
    {
    }

    public HexBigInteger BlockNumber { get; private set; }

    public BlockParameterType ParameterType { get; private set; }

    public static BlockParameter CreateLatest() => new();

    public static BlockParameter CreateEarliest() => Tag(BlockParameterType.earliest);

    public static BlockParameter CreatePending() => Tag(BlockParameterType.pending);

    public void SetValue(BlockParameterType parameterType)
    {
        if (parameterType == BlockParameterType.blockNumber)
            throw new ArgumentException("Please provide the blockNumber when setting the type as blockNumber", nameof(parameterType));
        ParameterType = parameterType;
        BlockNumber = null;
    }

    public void SetValue(HexBigInteger blockNumber)
    {
        ParameterType = BlockParameterType.blockNumber;
        BlockNumber = blockNumber;
    }

    public void SetValue(BigInteger blockNumber) => SetValue(new HexBigInteger(blockNumber));

    public string GetRPCParam() => ParameterType == BlockParameterType.blockNumber ? BlockNumber.HexValue : ParameterType.ToString();

    private static BlockParameter Tag(BlockParameterType type)
    {
        var parameter = new BlockParameter();
        parameter.SetValue(type);
        return parameter;
    }
}

internal sealed class BlockParameterJsonConverter : JsonConverter<BlockParameter>
{
    public override bool CanRead => false;

    public override void WriteJson(JsonWriter writer, BlockParameter value, JsonSerializer serializer) => writer.WriteValue(value.GetRPCParam());

    public override BlockParameter ReadJson(JsonReader reader, Type objectType, BlockParameter existingValue, bool hasExistingValue, JsonSerializer serializer) =>
        throw new NotSupportedException();
}
