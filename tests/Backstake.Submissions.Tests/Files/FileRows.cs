using System.Globalization;
using System.Text;
using Backstake.Research;
using Xunit.Abstractions;

namespace Backstake.Submissions.Tests.Files;

/// <summary>FAULTS.md H: prediction files that aren't.</summary>
public sealed class FileRows(ITestOutputHelper output)
{
    const long BytesMost = 64L * 1024 * 1024; // H-1
    static readonly HashSet<string> Live = ["n1", "n2", "n3"];

    [Fact]
    public void H_01_WhateverIsLarge_IsStopped_InLittleMemory() => Assert.All(OfRow("H-1"), bad =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(bad);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < BytesMost, bad.Name);
    });

    [Fact]
    public void H_02_WhatIsNoNumberFromZeroToOne_IsRefusedInItsLine() => Assert.All(OfRow("H-2"), AssertRefused);

    [Fact]
    public void H_03_IdsThatAreTwiceOrMissing_AreNamed() => Assert.All(OfRow("H-3"), AssertRefused);

    [Fact]
    public void H_04_ValuesThatAreAllEqual_AreRefused() => Assert.All(OfRow("H-4"), AssertRefused);

    [Fact]
    public void H_05_TextThatIsNoCsv_IsRefused() => Assert.All(OfRow("H-5"), AssertRefused);

    [Fact]
    public void H_07_WhatItIs_IsSeenByItsBytes() => Assert.All(OfRow("H-7"), AssertRefused);

    [Fact]
    public void Corpus_IsLarge_AndEveryFileInItAnother()
    {
        Assert.True(BadFiles.All.Count >= 200, $"{BadFiles.All.Count}");
        Assert.Equal(BadFiles.All.Count, BadFiles.All.Select(bad => (bad.Row, bad.Name)).Distinct().Count());
        output.WriteLine($"{BadFiles.All.Count} bad files");
    }

    /// <summary>A good file, mutated: whatever comes out, the check ends, in an answer that makes sense. <c>BACKSTAKE_FILES</c> is how many, <c>BACKSTAKE_SEED</c> the first one's seed.</summary>
    [Fact]
    public void H_05_MutatedFiles_NeverCrashIt()
    {
        var (files, seed) = (Number("BACKSTAKE_FILES", 20_000), Number("BACKSTAKE_SEED", 1));
        var (fit, foreign) = (0, 0);
        for (var i = 0; i < files; i++)
        {
            var file = Mutated(new Random(seed + i));
            if (ForeignFormat.Of(file) is not null)
            {
                foreign++;
                continue;
            }

            var found = PredictionCheck.Of(file, PredictionRules.Classic, Live);
            var sense = found.IsFit
                ? found.Ids.Order().SequenceEqual(Live.Order()) && found.Values.All(value => value is >= 0 and <= 1) && found.Values.Distinct().Count() > 1 && found.Statistics is { Rows: 3 }
                : found.Errors.Count <= PredictionCheck.ErrorsShown && found.Errors.All(error => error.Line >= 1 && error.Message.Length < 600) && found.Errors.Select(error => error.Line).Order().SequenceEqual(found.Errors.Select(error => error.Line));
            Assert.True(sense, $"seed {seed + i}: {Convert.ToHexString(file)}");
            fit += found.IsFit ? 1 : 0;
        }

        output.WriteLine($"{files} files from seed {seed}: {fit} fit, {foreign} of another format");
        Assert.True(fit > files / 100 && fit < files / 2, $"{fit} of {files} fit: the mutations are too mild or too wild.");
    }

    static byte[] Mutated(Random random)
    {
        var file = new List<byte>(Encoding.UTF8.GetBytes(BadFiles.Good));
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(file.Count + 1);
            switch (random.Next(6))
            {
                case 0: file.Insert(at, (byte)random.Next(256)); break;
                case 1: file.Insert(at, "\"\r\n,\0.e-+019 \uFEFF"u8[random.Next(16)]); break;
                case 2 when at < file.Count: file.RemoveAt(at); break;
                case 3 when at < file.Count: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 4: file.RemoveRange(at, random.Next(file.Count - at + 1)); break;
                default: file.InsertRange(at, file.GetRange(0, random.Next(file.Count)).ToArray()); break;
            }

            if (file.Count == 0) break;
        }

        return [.. file];
    }

    static IReadOnlyList<BadFile> OfRow(string row) => [.. BadFiles.All.Where(bad => bad.Row == row)];

    static void AssertRefused(BadFile bad)
    {
        Assert.True(ForeignFormat.Of(bad.Content) == bad.Foreign, $"{bad.Name}: {ForeignFormat.Of(bad.Content)}");
        if (bad.Foreign is not null)
            return;
        var found = string.Join(' ', PredictionCheck.Of(bad.Content, PredictionRules.Classic, Live).Errors.Select(error => $"{error.Line}:{error.Code}"));
        Assert.True(found == bad.Errors, $"{bad.Name}: {found} instead of {bad.Errors}");
    }

    static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
