using Azure.Data.Tables;
using Backstake.Accounting;
using Backstake.Functions.Notifications;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Notifications;

/// <summary>FAULTS.md I-8 for notifications: whatever the receiver or the app does, what happened is told at least once, and nobody waits for anybody else's receiver.</summary>
[Collection(StorageGround.Collection)]
public sealed class NotificationRows(StorageGround ground) : NotificationGround(ground)
{
    static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    [Theory]   // down for so many hours, with this answer
    [InlineData(0, 500), InlineData(0.5, 500), InlineData(30, 503), InlineData(71.9, 500), InlineData(71.9, 302)]
    public async Task I_08_WhatHappened_IsDeliveredAtLeastOnce_WhereTheReceiverIsUpWithinThreeDays(double hours, int status)
    {
        var (vault, backer) = (await NewVault(), NewBacker());
        await Set(backer, Receiver);
        var taken = new List<string>();
        Receiver.Answer = http =>
        {
            http.Response.StatusCode = Clock.Now < Begin.AddHours(hours) ? status : 204;
            return Task.CompletedTask;
        };
        for (var happened = 0; Clock.Now < Begin.AddDays(7); Clock.Now += Step)
        {
            if (happened < 12 && Clock.Now >= Begin.AddHours(6 * happened))
            {
                await Deposit(vault, backer); // news for three days
                await Tell(vault);
                happened++;
            }

            var before = Receiver.Calls.Count;
            await Deliver(backer);
            if (Clock.Now >= Begin.AddHours(hours))
                taken.AddRange(Receiver.Calls.Skip(before).Select(IdOf));
        }

        var told = (await Storage.NewMachine().ReadAll(vault)).Where(entry => entry.Event is Booked).Select(entry => $"{vault}/{entry.Sequence}/depositAccepted").ToList();
        Assert.Equal(12, told.Count);
        Assert.Empty(told.Except(taken));
        Assert.All(await Deliveries(backer), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        if (hours == 0)
            Assert.Equal(12, Receiver.Calls.Count);
    }

    [Fact]
    public async Task I_08_ReceiverThatStaysDown_IsCalledWithGrowingPauses_ThenGivenUp_AndByHandAgain()
    {
        var (vault, backer) = (await NewVault(), NewBacker());
        await Set(backer, Receiver);
        await Deposit(vault, backer);
        await Tell(vault);
        Receiver.Answer = Status(500);
        var called = new List<double>();
        for (; Clock.Now < Begin.AddDays(5); Clock.Now += Step)
        {
            var before = Receiver.Calls.Count;
            await Deliver(backer);
            if (Receiver.Calls.Count > before)
                called.Add((Clock.Now - Begin).TotalMinutes);
        }

        Assert.Equal([0, 5, 10, 40, 160, 460, 1060, 1660, 2260, 2860, 3460, 4060, 4660], called); // 10 hours after the last growing one; the last is beyond three days
        var given = Assert.Single(await Deliveries(backer));
        Assert.Equal((DeliveryState.GivenUp, called.Count, 500, "status"), (given.State, given.Attempts, given.Status, given.Outcome));
        Receiver.Answer = Status(204);
        var resent = await The<NotificationDelivery>().Resend((await The<SubscriberTable>().Find(backer.Address, default))!, (await The<DeliveryTable>().Find(backer.Address, given.Id, default))!, default);
        Assert.Equal(DeliveryState.Delivered, resent.State);
        Assert.Equal(given.Id, IdOf(Receiver.Calls.Last()));
        Assert.Single(Receiver.Calls.Select(call => call.Id).Distinct());
    }

    [Fact]
    public async Task I_08_ReceiverThatIsGone_IsCalledNoMore_AndSaysSo_UntilATestSucceeds()
    {
        var (vault, backer) = (await NewVault(), NewBacker());
        await Set(backer, Receiver);
        await Deposit(vault, backer);
        await Deposit(vault, backer);
        await Tell(vault);
        Receiver.Answer = Status(410);
        await Deliver(backer);
        Assert.Single(Receiver.Calls);
        Assert.All(await Deliveries(backer), delivery => Assert.Equal(DeliveryState.Stopped, delivery.State));
        Assert.True((await The<SubscriberTable>().Find(backer.Address, default))!.Gone);
        await Deposit(vault, backer);
        await Tell(vault);
        Clock.Now += TimeSpan.FromDays(1);
        await Deliver(backer);
        Assert.Equal((1, 2), (Receiver.Calls.Count, (await Deliveries(backer)).Count));

        Receiver.Answer = Status(200);
        Assert.Equal("ok", (await The<NotificationDelivery>().Test((await The<SubscriberTable>().Find(backer.Address, default))!, default)).Outcome);
        await Deposit(vault, backer);
        await Tell(vault);
        await Deliver(backer);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Stopped, DeliveryState.Stopped], (await Deliveries(backer)).Select(delivery => delivery.State).Order());
    }

    /// <summary>What a call says of its receiver changes nothing of one that was set, or of a secret that was made, while it was on its way.</summary>
    [Fact]
    public async Task ReceiverThatIsSetDuringACall_IsNotTheOneThatIsGone()
    {
        var (vault, backer) = (await NewVault(), NewBacker());
        await Set(backer, Receiver);
        await Deposit(vault, backer);
        await Tell(vault);
        Receiver.Answer = async http =>
        {
            http.Response.StatusCode = 410;
            await The<NotificationSettings>().Rotate((await The<SubscriberTable>().Find(backer.Address, default))!, default);
            await Set(backer, Other);
        };
        await Deliver(backer);
        var now = (await The<SubscriberTable>().Find(backer.Address, default))!;
        Assert.Equal(($"{Other.Address}hook", 2, false), (now.Url, now.Secret, now.Gone));
    }

    [Fact]
    public async Task I_08_ReceiverThatNeverAnswers_DelaysNobodyElse()
    {
        var (vault, slow, quick) = (await NewVault(), NewBacker(), NewBacker());
        await Set(slow, Receiver);
        await Set(quick, Other);
        await Deposit(vault, slow);
        await Deposit(vault, quick);
        await Tell(vault);
        var (hangs, isCalled) = (new TaskCompletionSource(), new TaskCompletionSource());
        Receiver.Answer = async _ =>
        {
            isCalled.SetResult();
            await hangs.Task;
        };
        using var end = new CancellationTokenSource();
        var waiting = The<NotificationDelivery>().Deliver(slow.Address, end.Token);
        await isCalled.Task;
        await Deliver(quick);
        await Deposit(vault, quick);
        await Tell(vault);
        await Deliver(quick);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, Other.Calls.Count);
        await Deliver(slow); // its turn is another worker's: nothing is called twice at the same time
        Assert.Single(Receiver.Calls);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        hangs.SetResult();

        // Whoever had the turn is dead: it is found again, and nothing is lost.
        Receiver.Answer = Status(204);
        Clock.Now += TimeSpan.FromMinutes(11);
        Assert.Contains(await Due(), address => address == slow.Address);
        await Deliver(slow);
        Assert.All(await Deliveries(slow), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
    }

    [Fact]
    public async Task I_08_MessageThatAReceiverCannotDigest_HoldsUpNoOther()
    {
        var (vault, backer) = (await NewVault(), NewBacker());
        await Set(backer, Receiver);
        for (var i = 0; i < 4; i++)
            await Deposit(vault, backer);
        await Tell(vault);
        var bad = $"{vault}/6/depositAccepted"; // which is tried first
        Receiver.Answer = http => Status(http.Request.Headers[StandardWebhooks.IdHeader] == bad ? 500 : 200)(http);
        for (; Clock.Now < Begin.AddHours(1); Clock.Now += Step)
            await Deliver(backer);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Delivered, DeliveryState.Delivered, DeliveryState.Waiting], (await Deliveries(backer)).Select(delivery => delivery.State).OrderBy(state => state == DeliveryState.Waiting));
        Assert.Equal(bad, (await Deliveries(backer)).Single(delivery => delivery.State == DeliveryState.Waiting).Id);
    }

    /// <summary>The process that goes through the log, and the one that calls, die at each of their calls to storage; the next ones do the rest.</summary>
    [Fact]
    public async Task I_08_DeathAtAnyCallToStorage_LosesNothing()
    {
        var deaths = 0;
        for (var call = 1; ; call++)
        {
            var (vault, backer) = (await NewVault(), NewBacker());
            await Set(backer, Receiver);
            await Deposit(vault, backer);
            await Deposit(vault, backer);
            var before = Receiver.Calls.Count;
            var died = false;
            await using (var dying = Start(DyingAt(call)))
            {
                try
                {
                    await dying.GetRequiredService<VaultTelling>().Tell(vault, default);
                    await dying.GetRequiredService<NotificationDelivery>().Deliver(backer.Address, default);
                }
                catch (Exception)
                {
                    (died, deaths) = (true, deaths + 1);
                }
            }

            Clock.Now += TimeSpan.FromMinutes(11);
            await Tell(vault);
            await Deliver(backer);
            Assert.Equal([$"{vault}/3/depositAccepted", $"{vault}/4/depositAccepted"], Receiver.Calls.Skip(before).Select(IdOf).Distinct().Order(StringComparer.Ordinal));
            Assert.DoesNotContain(await Due(), address => address == backer.Address);
            if (!died)
                break;
        }

        Assert.True(deaths >= 15, $"{deaths} deaths");
    }

    [Fact]
    public async Task I_09_Notifications_AreSigned_ByTheSecretThatWasTold_AndForADayByTheOneBefore()
    {
        var (vault, backer, secrets) = (await NewVault(), NewBacker(), The<OutgoingSecrets>());
        var (subscriber, isNew) = await The<NotificationSettings>().Set(backer.Address, $"{Receiver.Address}hook", null, default);
        Assert.True(isNew);
        var old = secrets.Of(Subscriber.ReceiverOf(backer.Address), 1);
        await The<NotificationSettings>().Rotate(subscriber, default);
        var secret = secrets.Of(Subscriber.ReceiverOf(backer.Address), 2);
        async Task<(bool Old, bool New)> Verified()
        {
            await Deposit(vault, backer);
            await Tell(vault);
            await Deliver(backer);
            var asked = Receiver.Calls.Last();
            bool By(string by) => StandardWebhooks.Verify(by, asked.Id, asked.Time, asked.Signature, asked.Body, Clock.Now);
            return (By(old), By(secret));
        }

        Assert.Equal((true, true), await Verified());
        Clock.Now += StandardWebhooks.Overlap;
        Assert.Equal((false, true), await Verified());
    }

    /// <summary>Who holds nothing in a vault is neither told of it nor looked at for it.</summary>
    [Fact]
    public async Task Vaults_AreToldToThoseWhoHaveSomethingInThem_FromWhenTheySetAReceiver()
    {
        var (vault, foreign, backer, stranger) = (await NewVault(), await NewVault(), NewBacker(), NewBacker());
        await Set(stranger, Other);
        await Deposit(vault, backer); // before a receiver was set
        await Tell(vault);
        await Set(backer, Receiver, "roundMissed", "depositAccepted");
        foreach (var id in new[] { vault, foreign })
        {
            await Append(id, "missed|1", new RoundMissed(1, Cause.NoPredictions));
            await Append(id, "withdraw|1", new TermsWithdrawn(History.TermsOne)); // a kind that wasn't asked
            await Tell(id);
        }

        Assert.Equal([$"{vault}/4/roundMissed"], (await Deliveries(backer)).Select(delivery => delivery.Id));
        Assert.Empty(await Deliveries(stranger));
        Assert.Equal([backer.Address], (await The<SubscriberTable>().Cursor(vault, default)).Followers.Select(follower => follower.Address));
        Assert.Empty((await The<SubscriberTable>().Cursor(foreign, default)).Followers);
        await The<NotificationSettings>().End((await The<SubscriberTable>().Find(backer.Address, default))!, default);
        Assert.Empty((await The<SubscriberTable>().Cursor(vault, default)).Followers);
        await Deliver(backer);
        Assert.Empty(Receiver.Calls);
        Assert.Equal(DeliveryState.Stopped, Assert.Single(await Deliveries(backer)).State);
    }

    /// <summary>A vault that nobody follows has no messages but those that name somebody; whoever sets a receiver is told of all that is appended afterwards, also by who doesn't know of it yet.</summary>
    [Fact]
    public async Task VaultThatNobodyFollows_SendsNoNews_UntilSomebodyDoes()
    {
        var (vault, backer) = (await NewVault(), NewBacker());
        await Deposit(vault, backer);
        await Tell(vault);
        Assert.False(await Sends(vault, new RoundMissed(1, Cause.NoPredictions)));
        Assert.True(await Sends(vault, new Booked(new Deposit(NewBacker(), new TermsId(History.TermsOne), new Units(1)))));
        await Tell(vault);
        Assert.False(await Sends(vault, new RoundMissed(2, Cause.NoPredictions)));

        await Set(backer, Receiver);
        Assert.Contains(vault, await News());
        await Tell(vault);
        Assert.Empty(await Deliveries(backer)); // what was before
        Assert.True(await Sends(vault, new RoundMissed(3, Cause.NoPredictions)));
        await Tell(vault);
        Assert.Equal([$"{vault}/7/roundMissed"], (await Deliveries(backer)).Select(delivery => delivery.Id));
    }

    /// <summary>Versions before this one didn't write on a cursor whether anybody follows.</summary>
    [Fact]
    public async Task CursorThatDoesNotSayWhoFollows_IsTakenForOneThatIsFollowed()
    {
        var vault = await NewVault();
        await Tell(vault);
        Assert.False(await Sends(vault, new RoundMissed(1, Cause.NoPredictions)));
        var cursor = new TableEntity(VaultPartition.Of(vault), "cursor") { ["Sequence"] = 2L };
        await Storage.Clients.Tables.GetTableClient(SubscriberTable.TableName).UpsertEntityAsync(cursor, TableUpdateMode.Replace);
        Assert.True(await Sends(vault, new RoundMissed(2, Cause.NoPredictions)));
        await Tell(vault);
        Assert.Equal(new Told(4, IsFollowed: false), await The<SubscriberTable>().Told(vault, default));
    }

    /// <summary>This process appends; whether it sends a message of that.</summary>
    async Task<bool> Sends(string vault, LogEvent happened)
    {
        await News();
        await The<VaultStore>().Run(vault, work => work.Append(default, new NewEntry($"{Guid.NewGuid():N}", happened, Clock.Now)), default);
        await The<VaultTelling>().Send(await The<VaultStore>().Load(vault, default), default);
        return (await News()).Contains(vault);
    }

    /// <summary>Whose messages wait; they are taken.</summary>
    async Task<IEnumerable<string>> News() => (await Storage.Taken<TellVault>(VaultQueues.News)).Select(message => message.Vault);

    async Task<List<string>> Due()
    {
        var due = new List<string>();
        await foreach (var (address, _) in The<DeliveryTable>().Due(Clock.Now, default))
            due.Add(address);
        return due;
    }

    static Func<HttpContext, Task> Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
