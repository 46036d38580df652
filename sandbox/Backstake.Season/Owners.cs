using Backstake.Chain.Vault;

namespace Backstake.Season;

/// <summary>
/// What the owners change in the season, each with their own wallet and with the notice that the contract asks for: the first moves his cuts an hour forward, the last goes over to the next
/// generation of stakers, while rounds of the old one are open.
/// </summary>
public sealed class Owners(Ground ground, IReadOnlyList<SeasonVault> vaults)
{
    /// <summary>From this week on the first vault's cuts lie an hour earlier.</summary>
    public const int MovedFromWeek = 4;

    public static readonly TimeSpan Shift = TimeSpan.FromHours(-1);

    SeasonVault First => vaults[0];

    SeasonVault Last => vaults[^1];

    public Task MoveCut(CancellationToken stop) => Send(First, new MoveCutFunction { FromWeek = MovedFromWeek, Shift = (int)Shift.TotalSeconds }, stop);

    public Task AnnounceStaker(CancellationToken stop) => Send(Last, new AnnounceStakerFunction { Next = ground.NextStakers }, stop);

    public Task AdoptStaker(CancellationToken stop) => Send(Last, new AdoptStakerFunction(), stop);

    async Task Send<TFunction>(SeasonVault vault, TFunction call, CancellationToken stop)
        where TFunction : Nethereum.Contracts.FunctionMessage, new()
    {
        var state = await (await ground.Latest(vault.Address, stop)).State(stop);
        await vault.Owner.Send(state.Notices, call, stop);
    }
}
