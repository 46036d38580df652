using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Moq;
using VaultState = Backstake.Functions.Vaults.VaultState;

namespace Backstake.Functions.Tests.Rounds;

/// <summary>What the chain has of rounds that the log has lost: they are opened again, as Numerai has them, where they belong (FAULTS.md K-7).</summary>
[Collection(StorageGround.Collection)]
public sealed class PassedRoundsTests(StorageGround ground)
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const int Unknown = 99;

    [Theory] // the log's last round, what the chain says, which rounds are opened, those that nobody saw in time
    [InlineData(1, "staked 4", "2 3 4", "2 3")]
    [InlineData(1, "committed 2", "2", "")]
    [InlineData(1, "committed 6", "", "")]  // it opens only after that block
    [InlineData(1, "committed 99", "", "")] // nobody knows it
    [InlineData(3, "staked 3", "", "")]
    [InlineData(3, "committed 2", "", "")]
    [InlineData(0, "staked 4", "4", "")] // when the vault's rounds began nobody knows
    [InlineData(1, "proposed 3", "2", "2")] // the next one closes after that cut
    [InlineData(1, "proposed 2", "", "")]
    [InlineData(1, "proposed 1", "", "")]   // settled before
    [InlineData(2, "proposed 3", "", "")]
    [InlineData(1, "accepted 2", "", "")]
    public async Task RoundsThatTheLogLost_AreOpened_AsTheyWere(int last, string seen, string opened, string missed)
    {
        var news = (await Passed().UpTo(StateAfter(last), Seen(seen), default)).ToList();
        Assert.Equal(opened, string.Join(' ', news.Select(entry => entry.Event).OfType<RoundOpened>().Select(it => it.Round)));
        Assert.Equal(missed, string.Join(' ', news.Select(entry => entry.Event).OfType<AttemptFailed>().Where(it => it.Cause == Cause.RoundNotSeen).Select(it => it.Subject)));
        Assert.All(news.Where(entry => entry.Event is RoundOpened), entry => Assert.Equal(History.Opened(((RoundOpened)entry.Event).Round), entry));
    }

    [Fact]
    public async Task WhatTheLogHasTaken_OpensNothing() =>
        Assert.Empty(await Passed().UpTo(StateAfter(1), Seen("staked 4") with { LogIndex = 1, Block = new(10, "0xb10c", History.FirstCut) }, default));

    [Fact]
    public async Task RoundThatNumeraiDoesNotKnow_IsRefused() =>
        await Assert.ThrowsAsync<NumeraiException>(() => Passed().UpTo(StateAfter(1), Seen($"staked {Unknown}"), default));

    /// <summary>A vault's webhook brings it rounds that no poll has seen: what passed between two of those nobody remembered (the simulator's seed 1386).</summary>
    [Fact]
    public async Task RoundsThatNobodyRemembered_AreAskedOfNumerai_AndThenRemembered()
    {
        var asked = new List<int>();
        await new OpenRounds(ground.Clients).Prepare(default);
        await new OpenRounds(ground.Clients).Remember(8, RoundOf(33), default);
        foreach (var vault in new[] { "the first", "the next" })
        {
            var news = (await Passed(asked).Before(StateAfter(31), 36, default)).Select(entry => entry.Event).ToList();
            Assert.Equal([32, 33, 34, 35], news.OfType<RoundOpened>().Select(it => it.Round));
            Assert.Equal([32, 33, 34, 35], news.OfType<AttemptFailed>().Where(it => it.Cause == Cause.RoundNotSeen).Select(it => it.Subject));
            Assert.True(asked is [32, 34, 35], vault);
        }

        Assert.Empty(await Passed(asked).Before(StateAfter(31), 32, default));
        Assert.Empty(await Passed(asked).Before(StateAfter(0), 36, default)); // when the vault's rounds began nobody knows
        Assert.Equal(3, asked.Count);
    }

    PassedRounds Passed(List<int>? asked = null)
    {
        var numerai = new Mock<INumerai>(MockBehavior.Strict);
        numerai.Setup(it => it.Round(8, It.IsAny<int>(), It.IsAny<CancellationToken>())).Callback((int _, int number, CancellationToken _) => asked?.Add(number))
            .ReturnsAsync((int _, int number, CancellationToken _) => number >= Unknown ? null : RoundOf(number));
        return new(numerai.Object, new OpenRounds(ground.Clients));
    }

    static NumeraiRound RoundOf(int number) => new(number, History.OpensAt(number), History.OpensAt(number).AddHours(1), History.OpensAt(number).AddDays(31));

    /// <summary>Week 1 is settled, and the last round is open; a deposit in block 11 is the last log that was taken.</summary>
    static VaultState StateAfter(int last)
    {
        List<NewEntry> news = [History.Added(Vault), History.Offered(), History.Deposited(1), new("settle|1", new VaultSettled(1, "", "", "", "", "", default), History.FirstCut)];
        if (last > 0)
            news.Add(History.Opened(last));
        return news.Aggregate(VaultState.Empty(Vault), (state, entry) => state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain)));
    }

    static VaultLogEntry Seen(string what)
    {
        var number = uint.Parse(what.Split(' ')[1]);
        return new(new ChainBlock(70, "0xb10c", History.OpensAt(5)), "0xfeed", 0, what.Split(' ')[0] switch
        {
            "staked" => new StakedEvent { Round = number },
            "committed" => new CommittedEvent { Round = number },
            "proposed" => new ProposedEvent { Week = number },
            _ => new SettledEvent { Week = number },
        });
    }
}
