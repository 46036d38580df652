using System.Collections.Immutable;
using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>What the owner changes with 14 days' notice: cuts, and the generation of the staker.</summary>
internal sealed partial class Player
{
    private const long NoticeSeconds = 14 * DaySeconds;

    private ImmutableArray<(int FromWeek, int Shift)> cutMoves = [];
    private (int Generation, long AdoptableAt)? announced;
    private int generation;

    private long CutOf(int week) => CutOf(week, cutMoves);

    private long CutOf(int week, IReadOnlyList<(int FromWeek, int Shift)> moves) => firstCut + ((week - 1) * WeekSeconds) + moves.LastOrDefault(move => move.FromWeek <= week).Shift;

    /// <summary>With 14 days' notice, less than 3 days from the calendar of creation, one move at a time.</summary>
    private void MoveCut(Move move)
    {
        var fromWeek = CurrentWeek + 1 + (move.A % 4);
        var shift = move.C % 10 == 0 ? 3 * DaySeconds : (move.B % (6 * DaySeconds)) - (3 * DaySeconds) + 1;
        var moved = cutMoves.Add((fromWeek, shift));
        string?[] refusals =
        [
            shift >= 3 * DaySeconds ? "badCut" : null,
            !cutMoves.IsEmpty && cutMoves[^1].FromWeek > lastAccepted ? "pending" : null,
            Math.Min(CutOf(fromWeek), CutOf(fromWeek, moved)) < now + NoticeSeconds ? "tooEarly" : null,
        ];
        if (ChainAloneAt(chain.Notices, "moveCut", People.Owner, new MoveCutFunction { FromWeek = (uint)fromWeek, Shift = shift }, refusals)) cutMoves = moved;
    }

    private void RevokeCutMove(Move move)
    {
        var before = cutMoves.IsEmpty ? cutMoves : cutMoves.RemoveAt(cutMoves.Length - 1);
        var late = cutMoves.IsEmpty || Math.Min(CutOf(cutMoves[^1].FromWeek), CutOf(cutMoves[^1].FromWeek, before)) <= now;
        if (ChainAloneAt(chain.Notices, "revokeCutMove", move.A % 2 == 0 ? People.Guardian : People.Owner, new RevokeCutMoveFunction(), late ? "nothingPending" : null)) cutMoves = before;
    }

    /// <summary>Announces the other generation of stakers, revokes it, or adopts it, with the settlement of the last day of its notice accepted.</summary>
    private async Task ChangeStaker(Move move)
    {
        if (announced is not { } change)
        {
            announced = (1 - generation, now + NoticeSeconds);
            ChainAloneAt(chain.Notices, "announceStaker", People.Owner, new AnnounceStakerFunction { Next = chain.World.Generations[1 - generation] });
            return;
        }

        if (move.A % 9 == 0)
        {
            ChainAloneAt(chain.Notices, "revokeStaker", People.Guardian, new RevokeStakerFunction());
            announced = null;
            return;
        }

        var early = now < change.AdoptableAt || lastAccepted < WeekOf(change.AdoptableAt);
        if (!ChainAloneAt(chain.Notices, "adoptStaker", People.Owner, new AdoptStakerFunction(), early ? "tooEarly" : null)) return;
        (announced, generation, nonce) = (null, change.Generation, 0);
        await GoTo(now);
        await chain.SeeStaker(generation);
    }

    /// <summary>The first whose cut is later.</summary>
    private int WeekOf(long time)
    {
        var week = 1;
        while (CutOf(week) <= time) week++;
        return week;
    }
}
