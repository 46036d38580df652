using System.Collections.Immutable;

namespace Backstake.BooksEqualChain.Histories;

internal enum Kind
{
    Wait,
    BeforeCut,
    Cut,
    Propose,
    ProposeFalsely,
    Veto,
    Accept,
    Deposit,
    Cancel,
    Exit,
    CancelExit,
    Transfer,
    Claim,
    AddHouse,
    AskHouse,
    TakeHouse,
    AddReserve,
    AskReserve,
    TakeReserve,
    Round,
    Collect,
    Donate,
    Sync,
    Pause,
    Resume,
    MoveCut,
    RevokeCutMove,
    ChangeStaker,
    WithdrawOffer,
    WindDown,
    WindDownByAnybody,
    Stranger,
}

/// <summary>One step of a history: numbers that <see cref="Player"/> turns into an act that fits the books at that point (mostly) or doesn't. So a history without some of its moves is a history again.</summary>
internal sealed record Move(Kind Kind, int A, int B, int C);

/// <param name="Seed">Of the vault's settings and terms.</param>
internal sealed record History(int Seed, ImmutableArray<Move> Moves);
