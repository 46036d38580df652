using System.Globalization;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Sandbox.Scores;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>Rounds' results recomputed from the score files alone: ⌊stake · clip(0.5·CORR20 + 2·MMC20, −1, +1)⌋, in whole numbers.</summary>
sealed class RoundScores(string folder)
{
    /// <summary>Scores are taken with so many decimals; the files have far fewer.</summary>
    const int Decimals = 40;
    static readonly BigInteger One = BigInteger.Pow(10, Decimals);

    readonly Dictionary<(string Model, int Round), BigInteger> corr20 = Read(Path.Combine(folder, SandboxScores.Corr20File));
    readonly Dictionary<(string Model, int Round), BigInteger> mmc20 = Read(Path.Combine(folder, SandboxScores.Mmc20File));

    public Nmr Payout(string model, int round, Nmr stake)
    {
        var scaled = corr20[(model, round)] / 2 + 2 * mmc20[(model, round)];
        var (result, remainder) = BigInteger.DivRem(stake.Wei * BigInteger.Clamp(scaled, -One, One), One, out var left) is var quotient ? (quotient, left) : default;
        return new Nmr(remainder.Sign < 0 ? result - 1 : result);
    }

    static Dictionary<(string, int), BigInteger> Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var models = lines[0].Split(',');
        return lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))
            .SelectMany(cells => Enumerable.Range(1, models.Length - 1).Where(i => cells[i].Length > 0)
                .Select(i => ((models[i], int.Parse(cells[0], CultureInfo.InvariantCulture)), Scaled(cells[i]))))
            .ToDictionary(cell => cell.Item1, cell => cell.Item2);
    }

    /// <summary>A plain decimal number or one with an exponent, times 10^<see cref="Decimals"/>.</summary>
    static BigInteger Scaled(string text)
    {
        var parts = text.Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var places = point < 0 ? 0 : parts[0].Length - point - 1;
        var exponent = Decimals - places + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        Assert.True(exponent > 0, text); // so that halving loses nothing
        return BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) * BigInteger.Pow(10, exponent);
    }
}
