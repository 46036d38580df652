namespace Backstake.Sandbox.Submissions;

/// <summary>Numerai's tournaments, by their numbers.</summary>
public enum TournamentKind
{
    Classic = 8,
    Signals = 11,
    Crypto = 12,
}
