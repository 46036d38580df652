using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>A worker stands still in the middle of an upload, while another brings a newer file of the delegate's to Numerai and the chain (FAULTS.md B-8).</summary>
[Collection(StorageGround.Collection)]
public sealed class ZombieRows(StorageGround ground) : SubmissionGround(ground)
{
    [Theory]
    [InlineData("submissionUploadAuth"), InlineData("PUT"), InlineData("createSubmission"), InlineData("model")]
    public async Task B_08_UploadOfAWorkerThatWasGivenUp_NeverStandsForANewerFile(string call)
    {
        var numerai = new Sleeper(call);
        await using var zombie = Start(new Transports(null, numerai, new QuietNode()));
        var (vault, round) = (await Begin(), await Open());
        await Put(vault, File("older"));
        var asleep = zombie.GetRequiredService<VaultSubmission>().Submit(RoundOpening.Message(vault.Id, round, null), default);
        await numerai.Asleep;
        Clock.Advance(TimeSpan.FromMinutes(11)); // its message was given to another
        await Put(vault, File("newer"));
        await Run(vault, round);
        var newer = Convert.ToHexStringLower(SHA256.HashData(File("newer")));
        await Append(vault, $"commit|{Number}", new PredictionsCommitted(Number, newer));
        numerai.Wake();
        await asleep;

        var isReplaced = Tournament.Selected(Model, Number)!.Sha256 != newer;
        Assert.Equal(call != "model", isReplaced); // where it wakes before it has created its submission, the older file is the last that Numerai got
        var record = await Record(vault);
        Assert.Equal((newer, newer, 1), (record.Hash, record.CommittedHash, record.Versions));
        Assert.Equal([newer], (await Events(vault)).OfType<PredictionsSubmitted>().Select(it => it.Hash));
        Assert.DoesNotContain(await Events(vault), it => it is AttemptFailed or VaultHalted);
        Clock.MoveTo(round.CloseStakingTime - TimeSpan.FromMinutes(9)); // the first look
        await Run(vault, round);
        Assert.Equal(newer, Tournament.Selected(Model, Number)!.Sha256);
        Assert.False((await Record(vault)).Stale);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task B_08_WorkerThatWakesAfterItsRoundIsOver_DoesNothingMore(bool fails)
    {
        var numerai = new Sleeper("model", fails); // its submission is created, and isn't read back yet
        await using var zombie = Start(new Transports(null, numerai, new QuietNode()));
        var (vault, round) = (await Begin(), await Open());
        await Put(vault, File("one"));
        var asleep = zombie.GetRequiredService<VaultSubmission>().Submit(RoundOpening.Message(vault.Id, round, null), default);
        await numerai.Asleep;
        await Run(vault, round);
        await Append(vault, $"close|{Number}", new Booked(new Close(new Round(Number), BasisPoints.Zero)));
        await Append(vault, $"resolve|{Number}", new Booked(new Resolve(new Round(Number), Nmr.Zero)));
        var events = await Events(vault);
        numerai.Wake();
        await asleep;

        Assert.Equal(events, await Events(vault));
        Assert.Single(events.OfType<PredictionsSubmitted>());
    }

    /// <summary>The way to Numerai of a worker that stands still before its first call of this name, which all fail then or don't.</summary>
    sealed class Sleeper(string call, bool fails = false) : DelegatingHandler(new HttpClientHandler())
    {
        readonly TaskCompletionSource asleep = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asleep => asleep.Task;

        public void Wake() => woken.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (await NameOf(request) == call)
            {
                if (asleep.TrySetResult())
                    await woken.Task;
                if (fails)
                    throw new HttpRequestException("The connection was lost meanwhile.");
            }

            return await base.SendAsync(request, cancellationToken);
        }

        static async Task<string> NameOf(HttpRequestMessage request)
        {
            if (request.Method != HttpMethod.Post)
                return request.Method.Method;
            var query = JsonNode.Parse(await request.Content!.ReadAsStringAsync())!["query"]!.GetValue<string>();
            return query[(query.IndexOf('{', StringComparison.Ordinal) + 1)..].Trim().Split('(', '{', ' ')[0];
        }
    }
}
