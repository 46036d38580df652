using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Eth.Filters;

namespace Nethereum.Contracts;

public class EventLog<T>(T eventObject, FilterLog log)
{
    public T Event { get; } = eventObject;

    public FilterLog Log { get; } = log;
}

public class FilterInputNotForEventException() : Exception(
    "Invalid filter input for current event, the event signatures (abi types, names), or contract addresses do not match, please use the method CreateFilterInput from this class");

public class Event<TEventMessage>
    where TEventMessage : IEventDTO, new()
{
    private readonly IEthGetLogs logs;

    public Event(IClient client, string contractAddress)
    {
        logs = new EthRequests(client);
        ContractAddress = contractAddress;
        EventABI = ABITypedRegistry.GetEvent<TEventMessage>();
    }

    public Event(IClient client) : this(client, null)
    {
    }

    public string ContractAddress { get; }

    public EventABI EventABI { get; }

    public static List<EventLog<TEventMessage>> DecodeAllEvents(FilterLog[] logs) => logs.DecodeAllEvents<TEventMessage>();

    public static EventLog<TEventMessage> DecodeEvent(FilterLog log) => log.DecodeEvent<TEventMessage>();

    public static EventABI GetEventABI() => ABITypedRegistry.GetEvent<TEventMessage>();

    public List<EventLog<TEventMessage>> DecodeAllEventsForEvent(FilterLog[] logs) => DecodeAllEvents(logs);

    public bool IsLogForEvent(FilterLog log) => EventABI.IsLogForEvent(log);

    public NewFilterInput CreateFilterInput(BlockParameter fromBlock = null, BlockParameter toBlock = null) => Filter([Signature], fromBlock, toBlock);

    public NewFilterInput CreateFilterInput<T>(T firstIndexedParameterValue, BlockParameter fromBlock = null, BlockParameter toBlock = null) =>
        Filter([Signature, Topic(0, firstIndexedParameterValue)], fromBlock, toBlock);

    public NewFilterInput CreateFilterInput<T1, T2>(T1 firstIndexedParameterValue, T2 secondIndexedParameterValue, BlockParameter fromBlock = null, BlockParameter toBlock = null) =>
        Filter([Signature, Topic(0, firstIndexedParameterValue), Topic(1, secondIndexedParameterValue)], fromBlock, toBlock);

    public async Task<List<EventLog<TEventMessage>>> GetAllChangesAsync(NewFilterInput filterInput)
    {
        if (!IsForThis(filterInput)) throw new FilterInputNotForEventException();
        return DecodeAllEvents(await logs.SendRequestAsync(filterInput).ConfigureAwait(false));
    }

    private string Signature => EventABI.Sha3Signature.EnsureHexPrefix();

    private NewFilterInput Filter(object[] topics, BlockParameter fromBlock, BlockParameter toBlock)
    {
        var filter = new NewFilterInput { Address = ContractAddress is null ? null : [ContractAddress], Topics = topics };
        if (fromBlock is not null) filter.FromBlock = fromBlock;
        if (toBlock is not null) filter.ToBlock = toBlock;
        return filter;
    }

    private object[] Topic(int indexed, object value) =>
        value is null ? null : [EventABI.Members.Where(member => member.Indexed).ElementAt(indexed).Shape.Encode(value).ToHex(prefix: true)];

    private bool IsForThis(NewFilterInput filter) =>
        (ContractAddress is null || filter.Address is null || Array.Exists(filter.Address, address => address.IsTheSameHex(ContractAddress)))
        && filter.Topics is [string signature, ..] && signature.IsTheSameHex(Signature);
}

public static class EventExtensions
{
    /// <summary>The events of this type among the logs; others are passed over.</summary>
    public static List<EventLog<TEventDTO>> DecodeAllEvents<TEventDTO>(this FilterLog[] logs)
        where TEventDTO : new() => [.. (logs ?? []).Select(log => log.DecodeEvent<TEventDTO>()).Where(found => found is not null)];

    public static List<EventLog<TEventDTO>> DecodeAllEvents<TEventDTO>(this TransactionReceipt transactionReceipt)
        where TEventDTO : new() => transactionReceipt.Logs.DecodeAllEvents<TEventDTO>();

    /// <summary>Null if the log is of another event.</summary>
    public static EventLog<TEventDTO> DecodeEvent<TEventDTO>(this FilterLog log)
        where TEventDTO : new()
    {
        var abi = ABITypedRegistry.GetEvent<TEventDTO>();
        return abi.IsLogForEvent(log) ? new EventLog<TEventDTO>(Decode(abi, log, new TEventDTO()), log) : null;
    }

    public static bool IsLogForEvent<TEventDTO>(this FilterLog log) => ABITypedRegistry.GetEvent<TEventDTO>().IsLogForEvent(log);

    public static bool IsLogForEvent(this EventABI eventABI, FilterLog log) =>
        log.Topics is { Length: > 0 } topics && eventABI.Sha3Signature.IsTheSameHex(topics[0].ToString());

    private static T Decode<T>(EventABI abi, FilterLog log, T holder)
    {
        var indexed = abi.Members.Where(member => member.Indexed).ToArray();
        if (indexed.Length != log.Topics.Length - 1)
            throw new ArgumentException($"Number of indexes don't match the number of topics. Indexed Properties {indexed.Length}, Topics : {log.Topics.Length - 1}", nameof(log));
        for (var index = 0; index < indexed.Length; index++)
        {
            // Of an indexed dynamic value the log holds only the hash: its property is a string.
            var (shape, property, topic) = (indexed[index].Shape, indexed[index].Property, log.Topics[index + 1].ToString());
            property.SetValue(holder, shape.IsDynamic ? topic : shape.Decode(topic.HexToByteArray(), 0, property.PropertyType));
        }

        return AbiTuple.DecodeInto(abi.Members.Where(member => !member.Indexed), log.Data.HexToByteArray(), holder);
    }
}
