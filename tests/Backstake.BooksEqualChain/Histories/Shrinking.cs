using Backstake.BooksEqualChain.Chain;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>Looks for a shorter history in which books and contract part as well.</summary>
internal static class Shrinking
{
    private const int MostTries = 400;   // about two minutes

    public static async Task<(History History, Difference Difference)> Shrink(World world, History history, Difference difference, Disturbance disturbance)
    {
        var tries = 0;
        for (var length = history.Moves.Length / 2; length > 0; length = Math.Min(length / 2, history.Moves.Length))
        {
            for (var first = 0; first + length <= history.Moves.Length && tries < MostTries; tries++)
            {
                var shorter = history with { Moves = history.Moves.RemoveRange(first, length) };
                if (await Player.Compare(world, shorter, disturbance) is { } found) (history, difference) = (shorter, found);
                else first += length;
            }
        }

        return (history, difference);
    }
}
