using System.Numerics;
using Azure.Data.Tables;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Functions.Tests.Ethereum;

/// <summary>
/// One purpose, one transaction (FAULTS.md B-4, F-5, F-9). The vault here is an address without code, which takes every call, or with code that
/// refuses every call: the outbox looks no further.
/// </summary>
[Collection(StorageGround.Collection)]
public sealed class TransactionOutboxTests(StorageGround ground) : IAsyncLifetime
{
    const int ChainId = 31337;
    static readonly DateTimeOffset Deadline = new(2026, 1, 6, 13, 0, 0, TimeSpan.Zero);
    Anvil? anvil;

    Web3 web3 = null!;

    public async Task InitializeAsync()
    {
        anvil = await Anvil.StartAsync(new AnvilOptions { ChainId = ChainId, NoMining = true });
        web3 = ChainNode.Connect(anvil.RpcUrl, TimeSpan.FromSeconds(20));
        await NewOutbox().Prepare(default);
        await new VaultQueues(ground.Clients).Prepare(default);
        foreach (var role in Enum.GetValues<Role>()) // signers of this anvil: others' rows are of other chains
            await Forget(role);
    }

    public async Task DisposeAsync()
    {
        if (anvil is not null)
            await anvil.DisposeAsync();
    }

    [Fact]
    public async Task Purpose_IsSentOnce_HoweverOften()
    {
        var (outbox, vault) = (NewOutbox(), StorageGround.NewVault());
        Assert.Equal(Sent.No, await outbox.Look(Role.Committer, vault, "commit|1", default));
        Assert.Equal(Sent.Now, await outbox.Send(Role.Committer, vault, "commit|1", Call(1), Deadline, default));
        Assert.Equal(Sent.Pending, await NewOutbox().Send(Role.Committer, vault, "commit|1", Call(1), Deadline, default));
        await Mine(1);
        Assert.Equal(Sent.Pending, await outbox.Look(Role.Committer, vault, "commit|1", default)); // mined, not final
        await Mine(2);
        Assert.Equal(Sent.Succeeded, await outbox.Look(Role.Committer, vault, "commit|1", default));
        Assert.Equal(Sent.Succeeded, await outbox.Send(Role.Committer, vault, "commit|1", Call(1), Deadline, default));
        Assert.Equal(1, await Transactions(Role.Committer));
    }

    [Fact]
    public async Task Purposes_FromTwoOutboxesAtOnce_HaveOneNonceEach_WithoutAGap()
    {
        string[] vaults = [StorageGround.NewVault(), StorageGround.NewVault()];
        TransactionOutbox[] outboxes = [NewOutbox(), NewOutbox()];
        await Task.WhenAll(
            from role in new[] { Role.Committer, Role.Settler }
            from vault in vaults
            from round in Enumerable.Range(1, 3)
            from outbox in outboxes
            select Until(() => outbox.Send(role, vault, $"commit|{round}", Call(round), Deadline, default)));
        await Mine(3);
        foreach (var role in new[] { Role.Committer, Role.Settler })
        {
            var rows = await Rows(role);
            Assert.Equal(6, rows.Count(row => row.RowKey.StartsWith("k|", StringComparison.Ordinal)));
            Assert.Equal(Enumerable.Range(0, 6).Select(nonce => $"n|{nonce:D12}"), rows.Select(row => row.RowKey).Where(key => key.StartsWith("n|", StringComparison.Ordinal)));
            Assert.Equal(6, await Transactions(role));
            foreach (var vault in vaults)
            {
                foreach (var round in Enumerable.Range(1, 3))
                    Assert.Equal(Sent.Succeeded, await outboxes[0].Look(role, vault, $"commit|{round}", default));
            }
        }
    }

    [Fact]
    public async Task ManyVaultsOfOneProcess_AtOnce_DontRaceEachOtherForANonce()
    {
        const int Vaults = 40; // of two that choose the same nonce one has to choose again, ten times at most
        var outbox = NewOutbox();
        var sent = await Task.WhenAll(Enumerable.Range(0, Vaults).Select(_ => outbox.Send(Role.Committer, StorageGround.NewVault(), "commit|1", Call(1), Deadline, default)));
        Assert.All(sent, it => Assert.Equal(Sent.Now, it));
        await Mine(1);
        Assert.Equal(Vaults, await Transactions(Role.Committer));
    }

    [Fact]
    public async Task LostTransaction_IsSentAgain_TheSameBytes()
    {
        var (outbox, vault) = (NewOutbox(), StorageGround.NewVault());
        await outbox.Send(Role.Staker, vault, "stake|1|1", Call(1), Deadline, default);
        var hash = (await Rows(Role.Staker)).Single(row => row.RowKey.StartsWith("k|", StringComparison.Ordinal)).GetString("Hash");
        await web3.Client.SendRequestAsync("anvil_dropTransaction", null, hash);
        Assert.Null(await Find(hash));
        Assert.Equal(Sent.Pending, await NewOutbox().Look(Role.Staker, vault, "stake|1|1", default));
        Assert.NotNull(await Find(hash));
        await Mine(3);
        Assert.Equal(Sent.Succeeded, await outbox.Look(Role.Staker, vault, "stake|1|1", default));
        Assert.Equal(1, await Transactions(Role.Staker));
    }

    [Fact]
    public async Task StoredBytes_AreTheTransaction_WhateverIsAskedAgain()
    {
        var vault = StorageGround.NewVault();
        var outbox = NewOutbox();
        await outbox.Send(Role.Staker, vault, "stake|1|1", Call(1), Deadline, default);
        var row = (await Rows(Role.Staker)).Single(it => it.RowKey.StartsWith("k|", StringComparison.Ordinal));
        // The process ends here: dropping the transaction is what a crash between storing and sending leaves.
        await web3.Client.SendRequestAsync("anvil_dropTransaction", null, row.GetString("Hash"));
        Assert.Equal(Sent.Pending, await NewOutbox().Send(Role.Staker, vault, "stake|1|1", Call(2), Deadline, default)); // even with another call
        var sent = await Find(row.GetString("Hash"));
        Assert.Equal(0, (int)sent!.Nonce.Value);
        Assert.Equal(row.GetString("Hash"), Nethereum.Util.Sha3Keccack.Current.CalculateHash(row.GetBinary("Raw")).ToHex(prefix: true));
    }

    [Fact]
    public async Task RevertedTransaction_IsFailed_OnceItsBlockIsFinal()
    {
        var (outbox, vault) = (NewOutbox(), StorageGround.NewVault());
        await outbox.Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default);
        await Refuse(vault, "NotAllowed"); // after the estimate, before the block
        await Mine(1);
        Assert.Equal(Sent.Pending, await outbox.Look(Role.Settler, vault, "propose|1|0", default));
        await Mine(2);
        Assert.Equal(Sent.Failed, await outbox.Look(Role.Settler, vault, "propose|1|0", default));
        await Assert.ThrowsAsync<ChainRefusedException>(() => outbox.Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default));
        Assert.Equal(1, await Transactions(Role.Settler));
    }

    [Fact]
    public async Task RevertedTransaction_IsMadeAgain_OnceTheCallWouldSucceed()
    {
        var (outbox, vault) = (NewOutbox(), StorageGround.NewVault());
        await outbox.Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default);
        await Refuse(vault, "NotAllowed");
        await Mine(1);
        await Take(vault);
        Assert.Equal(Sent.Pending, await outbox.Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default)); // reverted, but not for certain yet
        await Mine(2);
        Assert.Equal(Sent.Now, await outbox.Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default));
        Assert.Equal(Sent.Pending, await NewOutbox().Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default));
        await Mine(3);
        Assert.Equal(Sent.Succeeded, await outbox.Send(Role.Settler, vault, "propose|1|0", Call(1), Deadline, default));
        Assert.Equal(2, await Transactions(Role.Settler));
    }

    [Theory]
    [InlineData("NotAllowed", "notAllowed")]
    [InlineData("BooksMoved", "booksMoved")]
    [InlineData("BeyondInstruction", "beyondInstruction")]
    public async Task RefusedCall_SignsNothing(string error, string cause)
    {
        var (outbox, vault, open) = (NewOutbox(), StorageGround.NewVault(), StorageGround.NewVault());
        await Refuse(vault, error);
        var refusal = await Assert.ThrowsAsync<ChainRefusedException>(() => outbox.Send(Role.Staker, vault, "stake|1|1", Call(1), Deadline, default));
        Assert.Equal(cause, refusal.Cause);
        Assert.Empty(await Rows(Role.Staker));
        Assert.Equal(Sent.No, await outbox.Look(Role.Staker, vault, "stake|1|1", default));
        // The nonce that wasn't used is the next one's.
        await outbox.Send(Role.Staker, open, "stake|1|1", Call(1), Deadline, default);
        Assert.Single(await Rows(Role.Staker), row => row.RowKey == "n|000000000000");
    }

    TransactionOutbox NewOutbox()
    {
        var settings = Options.Create(new EthereumSettings
        {
            RpcUrl = anvil!.RpcUrl.ToString(), ChainId = ChainId,
            CommitterKey = Anvil.PrivateKeys[2], StakerKey = Anvil.PrivateKeys[3], SettlerKey = Anvil.PrivateKeys[4],
        });
        return new(
            new OutboxTable(ground.Clients), new EthereumNode(settings, new Transports()), new Signers(settings, new ConfigurationBuilder().Build(), new Transports()),
            new WatchAfterwards(new VaultQueues(ground.Clients), settings), settings, NullLogger<TransactionOutbox>.Instance);
    }

    static CommitFunction Call(int round) => new() { Round = (uint)round, PredictionHash = new byte[32] };

    static string AddressOf(Role role) => Anvil.Addresses[role switch { Role.Committer => 2, Role.Staker => 3, _ => 4 }];

    TableClient Table => ground.Clients.Tables.GetTableClient(OutboxTable.TableName);

    async Task<List<TableEntity>> Rows(Role role)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {AddressOf(role).ToLowerInvariant()}")))
            rows.Add(row);
        return rows;
    }

    async Task Forget(Role role)
    {
        foreach (var row in await Rows(role))
            await Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, Azure.ETag.All);
    }

    async Task<int> Transactions(Role role) => (int)(await web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(AddressOf(role))).Value;

    async Task<Transaction?> Find(string hash) => await web3.Eth.Transactions.GetTransactionByHash.SendRequestAsync(hash);

    async Task Mine(int blocks)
    {
        for (var i = 0; i < blocks; i++)
            await web3.Client.SendRequestAsync("evm_mine");
    }

    /// <summary>Code that reverts with the vault's custom error: PUSH4 selector, PUSH0, MSTORE, PUSH1 4, PUSH1 28, REVERT.</summary>
    Task Refuse(string vault, string error) =>
        web3.Client.SendRequestAsync("anvil_setCode", null, vault, $"0x63{VaultRefusals.Selector(error)}5f526004601cfd");

    /// <summary>No code: every call is taken.</summary>
    Task Take(string vault) => web3.Client.SendRequestAsync("anvil_setCode", null, vault, "0x");

    /// <summary>What the queue does with a message whose signer was busy: it comes back.</summary>
    static async Task Until(Func<Task> step)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (SignerBusyException) when (tries < 20)
            {
                // Again.
            }
        }
    }
}
