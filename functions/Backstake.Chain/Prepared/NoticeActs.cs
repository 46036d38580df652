using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Nethereum.Web3;

namespace Backstake.Chain.Prepared;

/// <summary>What an owner changes with the contract's notice: when weeks end, and through which stakers the vault stakes. The books know nothing of it; why the contract refuses is told with its dates.</summary>
public static class NoticeActs
{
    private const int WeeksOfNotice = 3; // 14 days, with cuts that lie less than 3 days from their calendar
    private static readonly TimeSpan Notice = TimeSpan.FromDays(14);
    private static readonly TimeSpan WeekLength = TimeSpan.FromDays(7);

    /// <param name="web3">The node.</param>
    /// <param name="vault">The vault's address.</param>
    /// <param name="act">One that <see cref="OwnerAct.IsNotice"/>.</param>
    public static async Task<PreparedAct> Prepare(IWeb3 web3, string vault, OwnerAct act, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(act);
        var block = await ChainBlock.Latest(web3, stop);
        var reader = new VaultReader(web3, vault, block.Number);
        var (created, state) = (await reader.Created(stop), await reader.State(stop));
        var prepared = await ChainActs.Checked(web3, [Call(state.Notices, created, act)], created.Owner, stop);
        if (prepared.Refusal is not { } refusal) return prepared;
        var why = (act.Name, refusal.Reason) switch
        {
            (_, "notAllowed") => $"Only the owner may, {created.Owner}.",
            ("moveCut", "tooEarly") => await WhyTooEarly(reader, created, state, act, block.Time, stop),
            ("moveCut", "pending") => "A move is pending: there is one at a time. The next can be made once a settlement from the moved week on is accepted, or the pending one revoked.",
            ("moveCut", "badCut") => "A cut lies less than 3 days from the calendar of the vault's creation, and weeks end at 65535.",
            ("revokeCutMove", "nothingPending") => "No move is pending, or the first moved cut has passed.",
            ("announceStaker", "unknownStakers") => await WhyUnknown(web3, state.Notices, act.Stakers!, stop),
            ("adoptStaker" or "revokeStaker", "nothingPending") => "No stakers are announced.",
            ("adoptStaker", "tooEarly") => await WhyNotAdoptable(web3, state, block.Time, stop),
            _ => null,
        };
        return why is null ? prepared : new([], refusal with { Explanation = $"The contract answers {refusal.Reason}. {why}" });
    }

    /// <summary>The call, to the contract that is the vault's for these.</summary>
    public static PreparedCall Call(string notices, CreateVault created, OwnerAct act)
    {
        ArgumentNullException.ThrowIfNull(created);
        ArgumentNullException.ThrowIfNull(act);
        return act.Name switch
        {
            "moveCut" => PreparedCall.Of(
                $"End weeks {Shifted(act.ShiftSeconds)} from week {act.FromWeek} on: that one at {UtcText.Of(Moved(created, act, (uint)act.FromWeek))}. Deposits, exits and settlements go by it; it can be revoked until then.",
                notices, "moveCut(uint32 fromWeek, int32 shift)", new MoveCutFunction { FromWeek = (uint)act.FromWeek, Shift = act.ShiftSeconds }),
            "revokeCutMove" => PreparedCall.Of("Take back the move of cuts that is pending.", notices, "revokeCutMove()", new RevokeCutMoveFunction()),
            "announceStaker" => PreparedCall.Of(
                $"Announce the stakers {act.Stakers}: they can be adopted 14 days later, once the settlement of that week is accepted. Who doesn't want them can leave until then. It replaces what was announced before.",
                notices, "announceStaker(address next)", new AnnounceStakerFunction { Next = act.Stakers! }),
            "revokeStaker" => PreparedCall.Of("Take back the stakers that are announced.", notices, "revokeStaker()", new RevokeStakerFunction()),
            "adoptStaker" => PreparedCall.Of("Stake rounds from now on through the stakers that were announced. Open rounds come home through those that staked them.", notices, "adoptStaker()", new AdoptStakerFunction()),
            _ => throw new ArgumentException($"{act.Name} is no notice.", nameof(act)),
        };
    }

    private static string Shifted(int seconds) =>
        seconds == 0 ? "as in the calendar of the vault's creation" : $"{TimeSpan.FromSeconds(Math.Abs(seconds)):c} {(seconds < 0 ? "before" : "after")} the calendar of the vault's creation";

    private static DateTimeOffset Moved(CreateVault created, OwnerAct act, uint week) => created.FirstCutTime + (WeekLength * (week - 1.0)) + TimeSpan.FromSeconds(act.ShiftSeconds);

    private static async Task<string> WhyTooEarly(VaultReader reader, CreateVault created, ChainState state, OwnerAct act, DateTimeOffset now, CancellationToken stop)
    {
        async Task<DateTimeOffset> Earlier(uint week) => await reader.Cut(week, stop) is var cut && cut < Moved(created, act, week) ? cut : Moved(created, act, week);
        var first = state.CurrentWeek;
        for (var later = 0; later <= WeeksOfNotice && await Earlier(first) < now + Notice; later++) first++;
        return $"A move has 14 days' notice: both the cut that week {act.FromWeek} has and the one that it would have must be so far away. The first week that can be named now is {first}.";
    }

    private static async Task<string> WhyUnknown(IWeb3 web3, string notices, string stakers, CancellationToken stop)
    {
        var factory = await web3.Eth.GetContractQueryHandler<FactoryOfFunction>().QueryAsync<string>(notices, new FactoryOfFunction()).WaitAsync(stop);
        return await FactoryActs.WhyUnlisted(web3, factory, stakers, stop);
    }

    private static async Task<string> WhyNotAdoptable(IWeb3 web3, ChainState state, DateTimeOffset now, CancellationToken stop)
    {
        var announced = await web3.Eth.GetContractQueryHandler<AnnouncedFunction>().QueryDeserializingToObjectAsync<AnnouncedOutput>(new AnnouncedFunction(), state.Notices).WaitAsync(stop);
        return now < DateTimeOffset.FromUnixTimeSeconds((long)announced.AdoptableAt)
            ? $"{announced.Next} can be adopted from {At(announced.AdoptableAt)} on, once the settlement of that week is accepted; the last accepted is week {state.LastAccepted}."
            : $"The 14 days are over since {At(announced.AdoptableAt)}; the settlement of the week in which they ended isn't accepted yet, the last accepted is week {state.LastAccepted}.";
    }

    private static string At(ulong seconds) => UtcText.Of(DateTimeOffset.FromUnixTimeSeconds((long)seconds));
}
