using System.Numerics;
using Backstake.Servers;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using Nethereum.Util;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.StandIns.Nethereum.Tests;

[Collection("chain")]
public sealed class ContractTests(ChainFixture chain)
{
    private readonly Web3 web3 = chain.AsAccount(0);

    private static EchoFunction Everything => new()
    {
        Inners = [new Inner { Amount = BigInteger.Pow(2, 96) - 1, Tag = [.. Enumerable.Range(1, 28).Select(i => (byte)i)], Note = "é" }, new Inner { Tag = new byte[28], Note = new string('x', 33) }],
        Points = [new Point { X = -1, Y = long.MaxValue }, new Point { X = long.MinValue, Y = 0 }],
        Data = [.. Enumerable.Range(0, 65).Select(i => (byte)i)],
        Word = [.. Enumerable.Repeat((byte)0xAB, 32)],
        Flag = true,
        Who = Anvil.Addresses[3],
        Signed = -BigInteger.Pow(2, 255),
        Texts = ["", "one", new string('y', 64)],
    };

    [Fact]
    public async Task Solidity_ReadsWhatWeWrite_AndWeReadWhatItWrites()
    {
        var sent = Everything;
        var raw = await web3.Eth.GetContractQueryHandler<EchoFunction>().QueryRawAsync(chain.Echo, sent);
        Assert.Equal(sent.GetCallData()[4..].ToHex(true), raw);

        var back = await web3.Eth.GetContractQueryHandler<EchoFunction>().QueryDeserializingToObjectAsync<EchoOutput>(Everything, chain.Echo);
        Assert.Equivalent(new { sent.Inners, sent.Points, sent.Data, sent.Word, sent.Flag, sent.Who, sent.Signed, sent.Texts }, back);
        Assert.Equivalent(new { sent.Inners, sent.Points, sent.Texts }, new EchoFunction().DecodeInput(sent.GetCallData().ToHex(true)));
    }

    [Fact]
    public void Selectors_AreTheCompilers()
    {
        Assert.Equal(EchoContract.Selectors["echo((uint96,bytes28,string)[],(int64,int64)[2],bytes,bytes32,bool,address,int256,string[])"], ABITypedRegistry.GetFunctionABI<EchoFunction>().Sha3Signature);
        Assert.Equal(EchoContract.Selectors["see(int64,string,(uint96,bytes28,string),bytes,uint64[])"], ABITypedRegistry.GetFunctionABI<SeeFunction>().Sha3Signature);
    }

    [Fact]
    public async Task Queries_ReadSimpleValuesAndStructs()
    {
        Assert.Equal("a name of more than thirty-two bytes of text", await web3.Eth.GetContractQueryHandler<NameFunction>().QueryAsync<string>(chain.Echo));
        Assert.Equal(Anvil.Addresses[0], await web3.Eth.GetContractQueryHandler<SenderFunction>().QueryAsync<string>(chain.Echo));
        var point = await web3.Eth.GetContractQueryHandler<PointFunction>().QueryDeserializingToObjectAsync<PointOutput>(new PointFunction { X = -5, Y = 6 }, chain.Echo);
        Assert.Equal((-5, 6), (point.Point.X, point.Point.Y));
        Assert.True(BigInteger.Zero == await web3.Eth.GetContractQueryHandler<CounterFunction>().QueryAsync<BigInteger>(Anvil.Addresses[9])); // no contract there: the default, as the package
    }

    [Fact]
    public async Task Query_IsAnsweredAtTheBlockAsked()
    {
        var counter = web3.Eth.GetContractQueryHandler<CounterFunction>();
        var before = await web3.Eth.Blocks.GetBlockNumber.SendRequestAsync();
        var was = await counter.QueryAsync<BigInteger>(chain.Echo);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var receipt = await web3.Eth.GetContractTransactionHandler<BumpFunction>().SendRequestAndWaitForReceiptAsync(chain.Echo, new BumpFunction(), limit.Token);
        Assert.False(receipt.HasErrors());
        Assert.Equal(was, await counter.QueryAsync<BigInteger>(chain.Echo, new CounterFunction(), new BlockParameter(before)));
        Assert.Equal(was + 1, await counter.QueryAsync<BigInteger>(chain.Echo, new CounterFunction(), new BlockParameter(receipt.BlockNumber)));
    }

    [Fact]
    public async Task Finalized_IsTwoBlocksBehindTheHead()
    {
        for (var i = 0; i < 3; i++) await web3.Client.SendRequestAsync("evm_mine");
        var finalized = new BlockParameter();
        finalized.SetValue(BlockParameter.BlockParameterType.finalized);
        var head = await web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(BlockParameter.CreateLatest());
        var final = await web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(finalized);
        Assert.Equal(head.Number.Value - 2, final.Number.Value);
        Assert.True(final.Timestamp.Value <= head.Timestamp.Value);
        var byNumber = await web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(final.Number);
        Assert.Equal(final.BlockHash, byNumber.BlockHash);
        Assert.Null(await web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(new HexBigInteger(head.Number.Value + 1000)));
    }

    [Fact]
    public async Task Events_AreDecoded_AndOthersPassedOver()
    {
        var see = new SeeFunction { Id = -7, Text = "hidden", Inner = new Inner { Amount = 5, Tag = new byte[28], Note = "note" }, Data = [1, 2, 3], List = [1, ulong.MaxValue] };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var receipt = await web3.Eth.GetContractTransactionHandler<SeeFunction>().SendRequestAndWaitForReceiptAsync(chain.Echo, see, limit.Token);

        var seen = Assert.Single(receipt.DecodeAllEvents<SeenEvent>());
        Assert.Equal((Anvil.Addresses[0], -7, Sha3Keccack.Current.CalculateHash("hidden").EnsureHexPrefix()), (seen.Event.Who, seen.Event.Id, seen.Event.TextHash));
        Assert.Equivalent(new { see.Inner, see.Data, see.List }, seen.Event);
        Assert.Equal(1, seen.Log.LogIndex.Value);
        Assert.Equal(receipt.TransactionHash, seen.Log.TransactionHash);
        Assert.Null(seen.Log.DecodeEvent<OtherEvent>());
        Assert.True(receipt.Logs[0].IsLogForEvent<OtherEvent>());

        var seenEvent = web3.Eth.GetEvent<SeenEvent>(chain.Echo);
        var at = new BlockParameter(receipt.BlockNumber);
        Assert.Single(await seenEvent.GetAllChangesAsync(seenEvent.CreateFilterInput(at, at)));
        Assert.Single(await seenEvent.GetAllChangesAsync(seenEvent.CreateFilterInput(Anvil.Addresses[0], -7L, at, at)));
        Assert.Empty(await seenEvent.GetAllChangesAsync(seenEvent.CreateFilterInput(Anvil.Addresses[1], at, at)));
        await Assert.ThrowsAsync<FilterInputNotForEventException>(() => seenEvent.GetAllChangesAsync(web3.Eth.GetEvent<OtherEvent>(chain.Echo).CreateFilterInput(at, at)));

        var all = await web3.Eth.Filters.GetLogs.SendRequestAsync(new NewFilterInput { Address = [chain.Echo], FromBlock = at, ToBlock = at });
        Assert.Equal(2, all.Length);
    }

    [Fact]
    public async Task Reverts_AreToldApart()
    {
        var refuse = web3.Eth.GetContractQueryHandler<RefuseFunction>();
        var custom = await Assert.ThrowsAsync<SmartContractCustomErrorRevertException>(() => refuse.QueryRawAsync(chain.Echo, new RefuseFunction { Needed = 5 }));
        Assert.True(custom.IsCustomErrorFor<RefusedError>());
        Assert.False(custom.IsCustomErrorFor<BareError>());
        Assert.Null(custom.DecodeError<BareError>());
        Assert.Equivalent(new RefusedError { Needed = 5, Why = "not today" }, custom.DecodeError<RefusedError>());

        var estimate = await Assert.ThrowsAsync<SmartContractCustomErrorRevertException>(() => web3.Eth.GetContractTransactionHandler<RefuseFunction>().EstimateGasAsync(chain.Echo, new RefuseFunction()));
        Assert.True(estimate.IsCustomErrorFor<BareError>());

        var message = await Assert.ThrowsAsync<SmartContractRevertException>(() => web3.Eth.GetContractQueryHandler<RefuseWithFunction>().QueryRawAsync(chain.Echo, new RefuseWithFunction { Why = "closed" }));
        Assert.Equal(("closed", "Smart contract error: closed"), (message.RevertMessage, message.Message));

        var panic = await Assert.ThrowsAsync<SmartContractCustomErrorRevertException>(() => web3.Eth.GetContractQueryHandler<PanicFunction>().QueryRawAsync(chain.Echo));
        Assert.StartsWith("0x4e487b71", panic.ExceptionEncodedData, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transaction_SignedOffline_IsSentWithItsNonceAndKnownByItsHash()
    {
        var account = new Account(EthECKey.GenerateKey(), 31337);
        await web3.Client.SendRequestAsync("anvil_setBalance", null, account.Address, "0xde0b6b3a7640000");
        var input = new BumpFunction { Nonce = 0, Gas = 100_000, MaxFeePerGas = 3_000_000_000, MaxPriorityFeePerGas = 1, TransactionType = 2, AmountToSend = 9 }.CreateTransactionInput(chain.Echo);
        var raw = new AccountOfflineTransactionSigner().SignTransaction(account, input);
        var hash = Sha3Keccack.Current.CalculateHash(raw.HexToByteArray()).ToHex(true);

        Assert.Null(await web3.Eth.Transactions.GetTransactionByHash.SendRequestAsync(hash));
        Assert.Equal(hash, await web3.Eth.Transactions.SendRawTransaction.SendRequestAsync(raw));
        var receipt = await web3.TransactionReceiptPolling.PollForReceiptAsync(hash, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        Assert.False(receipt.HasErrors());
        var seen = await web3.Eth.Transactions.GetTransactionByHash.SendRequestAsync(hash);
        Assert.True(seen.From.IsTheSameAddress(account.Address));
        Assert.Equal((2, 0, 9, 100_000), ((int)seen.Type.Value, (int)seen.Nonce.Value, (int)seen.Value.Value, (int)seen.Gas.Value));
        Assert.True(seen.IsTransactionForFunctionMessage<BumpFunction>());
        Assert.Equal(9, seen.DecodeTransactionToFunctionMessage<BumpFunction>().AmountToSend);
        Assert.Throws<ArgumentException>(() => seen.DecodeTransactionToFunctionMessage<SeeFunction>());
        Assert.Equal(1, (await web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(account.Address)).Value);

        var again = await Assert.ThrowsAsync<RpcResponseException>(() => web3.Eth.Transactions.SendRawTransaction.SendRequestAsync(raw));
        Assert.Equal(-32003, again.RpcError.Code);
        Assert.Contains("nonce too low", again.Message, StringComparison.Ordinal);
        Assert.EndsWith(": eth_sendRawTransaction", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Legacy_TransactionsAreSignedWithTheChainId()
    {
        var other = chain.AsAccount(4);
        other.TransactionManager.UseLegacyAsDefault = true;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var receipt = await other.TransactionManager.SendTransactionAndWaitForReceiptAsync(
            new TransactionInput { From = Anvil.Addresses[4], To = Anvil.Addresses[5], Value = new HexBigInteger(1) }, limit.Token);
        Assert.Equal(0, (await other.Eth.Transactions.GetTransactionByHash.SendRequestAsync(receipt.TransactionHash)).Type.Value);
    }

    [Fact]
    public async Task Nonces_OfConcurrentSendersFollowEachOther()
    {
        var sender = chain.AsAccount(6);
        var first = (await sender.Eth.Transactions.GetTransactionCount.SendRequestAsync(Anvil.Addresses[6])).Value;
        var handler = sender.Eth.GetContractTransactionHandler<BumpFunction>();
        var signed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => handler.SignTransactionAsync(chain.Echo, new BumpFunction { Gas = 100_000 })));
        Assert.Equal(5, signed.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(first + 5, (await sender.TransactionManager.Account.NonceService.GetNextNonceAsync()).Value);
    }

    [Fact]
    public async Task Balance_Code_ChainAndGasPriceAreRead()
    {
        Assert.Equal(31337, (await web3.Eth.ChainId.SendRequestAsync()).Value);
        Assert.True((await web3.Eth.GasPrice.SendRequestAsync()).Value > 0);
        Assert.Equal(BigInteger.Pow(10, 22), (await web3.Eth.GetBalance.SendRequestAsync(Anvil.Addresses[9])).Value);
        Assert.Equal("0x", await web3.Eth.GetCode.SendRequestAsync(Anvil.Addresses[9]));
        Assert.NotEqual("0x", await web3.Eth.GetCode.SendRequestAsync(chain.Echo));
    }
}
