using System.Numerics;
using Azure;
using Azure.Data.Tables;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Servers;
using Microsoft.Extensions.DependencyInjection;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Faults.Tests.Rows;

/// <summary>FAULTS.md F-5 to F-10: transactions that are dropped, passed over, replaced, refused, or made by somebody else.</summary>
[Collection(StorageGround.Collection)]
public sealed class OutboxRows(StorageGround ground) : IAsyncLifetime
{
    const long Gwei = 1_000_000_000;
    static readonly DateTimeOffset Deadline = History.FirstCut;
    Anvil? anvil;
    ServiceProvider app = null!;
    Web3 web3 = null!;

    TransactionOutbox Outbox => app.GetRequiredService<TransactionOutbox>();

    TableClient Table => ground.Clients.Tables.GetTableClient(OutboxTable.TableName);

    public async Task InitializeAsync()
    {
        anvil = await Anvil.StartAsync(new AnvilOptions { ChainId = EchoChain.ChainId, NoMining = true });
        web3 = ChainNode.Connect(anvil.RpcUrl, TimeSpan.FromSeconds(20));
        app = Start();
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        await foreach (var row in Table.QueryAsync<TableEntity>()) // other tests' chains had other transactions of these keys
            await Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        if (anvil is not null)
            await anvil.DisposeAsync();
    }

    [Fact]
    public async Task F_05_DroppedTransaction_IsSentAgain_AndWhatWaitsBehindItFollows()
    {
        var (first, second) = (StorageGround.NewVault(), StorageGround.NewVault());
        await Send(Role.Settler, first, "propose|1|0");
        await Send(Role.Settler, second, "propose|1|0");
        var dropped = (await Entry(Role.Settler, first, "propose|1|0")).Hashes[0];
        await web3.Client.SendRequestAsync("anvil_dropTransaction", null, dropped);
        await Mine(1);
        Assert.Equal(0, await Count(Role.Settler)); // a gap: the second waits
        await Outbox.Tend(default); // nobody asks for the first any more
        await Mine(3);
        foreach (var vault in new[] { first, second })
            Assert.Equal(Sent.Succeeded, await Outbox.Look(Role.Settler, vault, "propose|1|0", default));
        Assert.Equal((2, dropped), (await Count(Role.Settler), (await Entry(Role.Settler, first, "propose|1|0")).MinedHash));
    }

    [Fact]
    public async Task F_06_PassedOverTransaction_IsReplaced_StepByStep_AndPaymentsWaitBehindDeadlines()
    {
        var vault = StorageGround.NewVault();
        await BaseFee(1 * Gwei);
        await Send(Role.Settler, vault, "accept|1|0");
        var first = await Entry(Role.Settler, vault, "accept|1|0");
        foreach (var fee in new long[] { 10, 40 }) // ten times as dear, and dearer
        {
            for (var block = 0; block < 4; block++)
                await BaseFee(fee * Gwei);
            var before = RawTransaction.Read((await Entry(Role.Settler, vault, "accept|1|0")).Raw);
            Assert.Equal(Sent.Pending, await Outbox.Look(Role.Settler, vault, "accept|1|0", default));
            var after = RawTransaction.Read((await Entry(Role.Settler, vault, "accept|1|0")).Raw);
            Assert.True(after.MaxFee >= fee * Gwei * 9 / 8 && after.MaxFee * 8 >= before.MaxFee * 9 && after.Tip * 8 >= before.Tip * 9, $"{before} {after}");
            Assert.Equal((before.Nonce, before.To, before.Gas, before.Data.ToHex()), (after.Nonce, after.To, after.Gas, after.Data.ToHex()));
            var waits = await Assert.ThrowsAsync<SignerWaitsException>(() => Outbox.Send(Role.Settler, StorageGround.NewVault(), "claim|1", Call(), deadline: null, default));
            Assert.Contains("accept|1|0", waits.Message, StringComparison.Ordinal);
        }

        var replaced = await Entry(Role.Settler, vault, "accept|1|0");
        Assert.Equal(3, replaced.Hashes.Count);
        var kept = (await Rows(Role.Settler)).Where(row => row.RowKey.StartsWith("t|", StringComparison.Ordinal)).ToList();
        Assert.Equal(replaced.Hashes.Skip(1).Reverse(), kept.Select(row => row.GetString("Hash")));
        Assert.Equal(first.Raw, kept[0].GetBinary("Raw"));
        await Mine(3);
        Assert.Equal(Sent.Succeeded, await Outbox.Look(Role.Settler, vault, "accept|1|0", default));
        Assert.Equal(1, await Count(Role.Settler));
        Assert.Equal(Sent.Now, await Outbox.Send(Role.Settler, StorageGround.NewVault(), "claim|1", Call(), deadline: null, default));
    }

    [Fact]
    public async Task F_07_GasAboveTheCap_IsNotPaid_WhateverTheDeadline()
    {
        var (vault, other) = (StorageGround.NewVault(), StorageGround.NewVault());
        await BaseFee(150 * Gwei);
        await Send(Role.Staker, vault, "stake|1|1");
        for (var block = 0; block < 4; block++)
            await BaseFee(900 * Gwei);
        Assert.Equal(Sent.Stuck, await Outbox.Look(Role.Staker, vault, "stake|1|1", default));
        var refusal = await Assert.ThrowsAsync<GasAboveCapException>(() => Send(Role.Staker, other, "stake|1|1"));
        Assert.Equal("gasAboveCap", refusal.Cause);
        Assert.All(await Rows(Role.Staker), row => Assert.True(row.GetBinary("Raw") is not { } raw || RawTransaction.Read(raw).MaxFee <= 200 * Gwei));
        Assert.Equal(Sent.No, await Outbox.Look(Role.Staker, other, "stake|1|1", default));
        for (var block = 0; block < 4; block++)
            await BaseFee(20 * Gwei);
        Assert.NotEqual(Sent.Stuck, await Outbox.Look(Role.Staker, vault, "stake|1|1", default)); // sent again: the node may have let it go
        await Mine(3);
        Assert.Equal(Sent.Succeeded, await Outbox.Look(Role.Staker, vault, "stake|1|1", default));
    }

    [Fact]
    public async Task F_08_WhicheverVersionIsMined_ClosesThePurpose_Once()
    {
        const int Purposes = 16;
        var vault = StorageGround.NewVault();
        for (var number = 0; number < Purposes; number++)
        {
            await BaseFee(1 * Gwei);
            var purpose = $"commit|{number}";
            await Send(Role.Committer, vault, purpose);
            for (var block = 0; block < 4; block++)
                await BaseFee(20 * Gwei);
            await Outbox.Look(Role.Committer, vault, purpose, default);
            var entry = await Entry(Role.Committer, vault, purpose);
            Assert.Equal(2, entry.Hashes.Count);
            var original = number % 2 == 0;
            if (original)
            {
                // The replacement is lost, and the base fee falls: the original is mined after all.
                await web3.Client.SendRequestAsync("anvil_dropTransaction", null, entry.Hashes[0]);
                await BaseFee(Gwei / 2);
                await web3.Client.SendRequestAsync("eth_sendRawTransaction", null, (await Rows(Role.Committer)).Single(row => row.GetString("Hash") == entry.Hashes[1]).GetBinary("Raw").ToHex(prefix: true));
            }

            await Mine(3);
            Assert.Equal(Sent.Succeeded, await Outbox.Look(Role.Committer, vault, purpose, default));
            Assert.Equal(entry.Hashes[original ? 1 : 0], (await Entry(Role.Committer, vault, purpose)).MinedHash);
            Assert.Equal(Sent.Succeeded, await Outbox.Send(Role.Committer, vault, purpose, Call(), Deadline, default));
        }

        Assert.Equal(Purposes, await Count(Role.Committer));
    }

    [Fact]
    public async Task F_09_EveryRefusalOfTheContract_IsRecordedByItsName()
    {
        var vaults = VaultRefusals.Errors.Select(error => (Error: error, Vault: StorageGround.NewVault())).ToList();
        foreach (var (_, vault) in vaults)
            await Send(Role.Settler, vault, "propose|1|0");
        foreach (var (error, vault) in vaults) // after the estimate, before the block
            await Code(vault, $"0x63{VaultRefusals.Selector(error)}5f526004601cfd");
        await Mine(3);
        foreach (var (error, vault) in vaults)
        {
            Assert.Equal(Sent.Failed, await Outbox.Look(Role.Settler, vault, "propose|1|0", default));
            Assert.Equal(char.ToLowerInvariant(error[0]) + error[1..], (await Entry(Role.Settler, vault, "propose|1|0")).Reason);
            var refused = await Assert.ThrowsAsync<ChainRefusedException>(() => Send(Role.Settler, vault, "propose|1|0")); // nothing changed: nothing is signed
            Assert.Equal(char.ToLowerInvariant(error[0]) + error[1..], refused.Cause);
        }

        Assert.Equal(vaults.Count, await Count(Role.Settler));
    }

    [Fact]
    public async Task F_09_TransactionOutOfGas_IsMadeAgainWithMore_OnceItWouldSucceed()
    {
        var vault = StorageGround.NewVault();
        await Send(Role.Settler, vault, "collect|1");
        var gas = RawTransaction.Read((await Entry(Role.Settler, vault, "collect|1")).Raw).Gas;
        await Code(vault, "0x5b5f56"); // for ever
        await Mine(3);
        Assert.Equal(Sent.Failed, await Outbox.Look(Role.Settler, vault, "collect|1", default));
        Assert.Equal(OutboxEntry.OutOfGas, (await Entry(Role.Settler, vault, "collect|1")).Reason);
        await Code(vault, "0x");
        await Send(Role.Settler, vault, "collect|1");
        Assert.True(RawTransaction.Read((await Entry(Role.Settler, vault, "collect|1|again 2")).Raw).Gas >= 2 * gas);
        await Mine(3);
        Assert.Equal(Sent.Succeeded, await Outbox.Send(Role.Settler, vault, "collect|1", Call(), Deadline, default));
    }

    [Theory]
    [InlineData("behind"), InlineData("atOurs")]
    public async Task F_10_NonceUsedBySomebodyElse_HaltsTheSigner_UntilAnOperatorResumesIt(string where)
    {
        var (vault, other) = (StorageGround.NewVault(), StorageGround.NewVault());
        await Send(Role.Staker, vault, "stake|1|1");
        var ours = await Entry(Role.Staker, vault, "stake|1|1");
        if (where is "atOurs")
            await web3.Client.SendRequestAsync("anvil_dropTransaction", null, ours.Hashes[0]);
        await Foreign(Role.Staker, where is "atOurs" ? 0 : 1);
        await Mine(2);
        Assert.Equal(where is "atOurs" ? 1 : 2, await Count(Role.Staker));

        var halted = await Assert.ThrowsAsync<SignerHaltedException>(() => Send(Role.Staker, where is "atOurs" ? vault : other, "stake|1|1"));
        Assert.Equal("signerHalted", halted.Cause);
        Assert.Contains("somebody else uses the key", halted.Message, StringComparison.Ordinal);
        var (made, rows) = (await Count(Role.Staker), (await Rows(Role.Staker)).Count);
        for (var tries = 0; tries < 3; tries++)
        {
            await Assert.ThrowsAsync<SignerHaltedException>(() => Send(Role.Staker, StorageGround.NewVault(), "stake|1|1"));
            await Outbox.Tend(default);
            await Mine(1);
        }

        Assert.Equal((made, rows), (await Count(Role.Staker), (await Rows(Role.Staker)).Count));
        Assert.Equal(Sent.Now, await Outbox.Send(Role.Committer, vault, "commit|1", Call(), Deadline, default)); // another key works on

        await Outbox.Resume(Role.Staker, "somebody", "the key was changed", default);
        await Send(Role.Staker, other, "stake|2|1");
        if (where is "atOurs") // what can never be mined gets another transaction
            Assert.Equal(Sent.Now, await Outbox.Send(Role.Staker, vault, "stake|1|1", Call(), Deadline, default));
        await Mine(3);
        Assert.Equal(Sent.Succeeded, await Outbox.Send(Role.Staker, vault, "stake|1|1", Call(), Deadline, default));
        Assert.Equal(Sent.Succeeded, await Outbox.Look(Role.Staker, other, "stake|2|1", default));
    }

    [Fact]
    public async Task F_10_SignersLostHead_IsNamed_NotGuessed()
    {
        var vault = StorageGround.NewVault();
        await Send(Role.Staker, vault, "stake|1|1");
        await Table.DeleteEntityAsync(OutboxTable.Partition(AddressOf(Role.Staker)), "head", ETag.All);
        var damage = await Assert.ThrowsAsync<OutboxDamagedException>(() => Send(Role.Staker, StorageGround.NewVault(), "stake|1|1"));
        Assert.Contains($"outbox/{OutboxTable.Partition(AddressOf(Role.Staker))}/head", damage.Message, StringComparison.Ordinal);
        await Outbox.Resume(Role.Staker, "somebody", "made again from the nonces", default);
        await Send(Role.Staker, StorageGround.NewVault(), "stake|1|1");
        Assert.Equal(["n|000000000000", "n|000000000001"], (await Rows(Role.Staker)).Select(row => row.RowKey).Where(key => key.StartsWith("n|", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task K_07_RestoredBackup_RepeatsNoTransaction()
    {
        var vaults = Enumerable.Range(0, 5).Select(_ => StorageGround.NewVault()).ToList();
        await Send(Role.Settler, vaults[0], "propose|1|0");
        await Mine(3);
        await Outbox.Tend(default);
        var backup = await Rows(Role.Settler);
        foreach (var vault in vaults.Skip(1))
            await Send(Role.Settler, vault, "propose|1|0");
        await Mine(3);
        foreach (var row in await Rows(Role.Settler))
            await Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
        foreach (var row in backup)
            await Table.UpsertEntityAsync(row, TableUpdateMode.Replace);

        // What was sent since the backup is on chain and not in the table: nothing is signed before a person has looked.
        foreach (var vault in vaults.Skip(1))
            await Assert.ThrowsAsync<SignerHaltedException>(() => Send(Role.Settler, vault, "propose|1|0"));
        Assert.Equal(Sent.Succeeded, await Outbox.Look(Role.Settler, vaults[0], "propose|1|0", default));
        Assert.Equal(5, await Count(Role.Settler));
        // Then the contract itself refuses what it has already: the estimate says so, and nothing is signed.
        await Outbox.Resume(Role.Settler, "somebody", "restored from a backup", default);
        foreach (var vault in vaults.Skip(1))
        {
            await Code(vault, $"0x63{VaultRefusals.Selector("Pending")}5f526004601cfd");
            await Assert.ThrowsAsync<ChainRefusedException>(() => Send(Role.Settler, vault, "propose|1|0"));
        }

        Assert.Equal(5, await Count(Role.Settler));
        await Send(Role.Settler, StorageGround.NewVault(), "propose|1|0");
        await Mine(1);
        Assert.Equal(6, await Count(Role.Settler));
    }

    ServiceProvider Start() => App.Start(ground.ConnectionString, TimeProvider.System, new Transports(),
    [
        ("Ethereum:RpcUrl", anvil!.RpcUrl.ToString()), ("Ethereum:ChainId", $"{EchoChain.ChainId}"), ("Ethereum:CommitterKey", Anvil.PrivateKeys[2]),
        ("Ethereum:StakerKey", Anvil.PrivateKeys[3]), ("Ethereum:SettlerKey", Anvil.PrivateKeys[4]),
    ]);

    Task<Sent> Send(Role role, string vault, string purpose) => Outbox.Send(role, vault, purpose, Call(), Deadline, default);

    static CommitFunction Call() => new() { Round = 1, PredictionHash = new byte[32] };

    static string AddressOf(Role role) => Anvil.Addresses[role switch { Role.Committer => 2, Role.Staker => 3, _ => 4 }];

    async Task<OutboxEntry> Entry(Role role, string vault, string purpose) => (await app.GetRequiredService<OutboxTable>().Find(AddressOf(role), vault, purpose, default))!;

    async Task<List<TableEntity>> Rows(Role role)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {OutboxTable.Partition(AddressOf(role))}")))
            rows.Add(row);
        return rows;
    }

    async Task<int> Count(Role role) => (int)(await web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(AddressOf(role))).Value;

    /// <summary>Somebody else signs with the key.</summary>
    Task Foreign(Role role, int nonce)
    {
        var key = Anvil.PrivateKeys[role switch { Role.Committer => 2, Role.Staker => 3, _ => 4 }];
        var signed = SignedTransaction.Of(new Account(key, EchoChain.ChainId), EchoChain.ChainId, AddressOf(role), [], new TransactionChoices(nonce, 21_000, 500 * Gwei, Gwei));
        return web3.Client.SendRequestAsync("eth_sendRawTransaction", null, signed.Raw);
    }

    Task Code(string vault, string code) => web3.Client.SendRequestAsync("anvil_setCode", null, vault, code);

    Task Mine(int blocks) => web3.Client.SendRequestAsync("anvil_mine", null, $"0x{blocks:x}", "0x1");

    /// <summary>One block with this base fee.</summary>
    async Task BaseFee(long wei)
    {
        await web3.Client.SendRequestAsync("anvil_setNextBlockBaseFeePerGas", null, $"0x{wei:x}");
        await Mine(1);
    }
}
