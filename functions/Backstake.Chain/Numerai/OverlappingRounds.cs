namespace Backstake.Chain.Numerai;

/// <summary>How many rounds of a tournament overlap at most (NUMERAI.md, "Rounds"): a vault's <c>concurrentRounds</c>.</summary>
public static class OverlappingRounds
{
    private const int Crypto = 12;

    public static int Of(int tournament) => tournament == Crypto ? 24 : 64;
}
