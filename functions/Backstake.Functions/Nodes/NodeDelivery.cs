using Backstake.Functions.Hosting;
using Backstake.Functions.Identity;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Submissions;
using Backstake.Functions.Submissions.Intake;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Nodes;

/// <summary>
/// Has a vault's node make the round's predictions: calls it until they are stored or the deadline is over, with growing pauses. Its own queue: a slow node
/// delays no submission. What it answers goes the way of every upload.
/// </summary>
public sealed class NodeDelivery(
    NodeTable nodes, NodeCaller caller, NodeSignature signature, PredictionIntake intake, PredictionStore predictions, VaultRegistry registry, OpenRounds rounds,
    IOptions<IdentitySettings> identity, TimeProvider clock)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    readonly Gates gates = new();

    /// <summary>The vault's node, if it is to be called at all.</summary>
    public async Task<Node?> Callable(string vault, CancellationToken stop) =>
        signature.IsPossible && identity.Value.Origin.Length > 0 && await nodes.Find(vault, stop) is { Gone: false } node ? node : null;

    /// <summary>What came of the last call for a round; null: there was none.</summary>
    public async Task<NodeCall?> LastCall(string vault, int round, CancellationToken stop) => (await nodes.Calls(vault, stop)).FirstOrDefault(call => call.Round == round);

    /// <summary>Calls the node if it is due, at most once; whoever wants it called again sends another message. Of two messages at the same time the second sees what became of the first.</summary>
    public async Task Deliver(CallNode message, CancellationToken stop)
    {
        using var alone = await gates.Enter(message.Vault);
        await Call(message, stop);
    }

    async Task Call(CallNode message, CancellationToken stop)
    {
        if (await registry.Find(message.Vault, stop) is not { } vault || await Callable(vault.Id, stop) is not { } node
            || await rounds.Between(vault.Tournament, message.Round - 1, message.Round + 1, stop) is not [var round] || clock.GetUtcNow() >= round.CloseStakingTime
            || await predictions.Latest(vault.Id, vault.Tournament, round.Number, stop) is not null)
            return;
        var made = (await nodes.Calls(vault.Id, stop)).Where(call => call.Round == round.Number).ToList();
        if (!message.ByHand && made.Count > 0 && clock.GetUtcNow() < made[0].At + Pause(made.Count))
            return;
        var answer = await caller.Opened(node, vault.Tournament, vault.ModelId, round, stop);
        await nodes.Add(vault.Id, await Take(vault, answer, stop), stop);
        if (answer.Call.Outcome == "gone")
            await nodes.Put(node with { Gone = true }, stop);
    }

    /// <summary>After so many calls: 30 s, then twice as long each time, up to ten minutes.</summary>
    public static TimeSpan Pause(int calls) =>
        calls > 6 ? LongestPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << (calls - 1)));

    async Task<NodeCall> Take(RegisteredVault vault, NodeAnswer answer, CancellationToken stop)
    {
        if (answer.Call.Outcome != "ok")
            return answer.Call;
        if (answer.File is not { Length: > 0 } file)
            return answer.Call with { Outcome = "willUpload" };
        return await intake.Put(vault, $"{answer.Call.Round}", file, stop) is ObjectResult { Value: ProblemDetails problem }
            ? answer.Call with { Outcome = "rejected", Detail = Words(problem) }
            : answer.Call with { Outcome = NodeCall.Stored };
    }

    static string Words(ProblemDetails problem) => problem.Extensions.TryGetValue("errors", out var errors) && errors is IReadOnlyList<Backstake.Research.PredictionError> found
        ? string.Join(' ', found.Select(error => $"Line {error.Line}: {error.Message}"))
        : $"{problem.Title} {problem.Detail}";
}
