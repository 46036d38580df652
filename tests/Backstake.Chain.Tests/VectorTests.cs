using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Backstake.Chain.Vault;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;

namespace Backstake.Chain.Tests;

/// <summary>contracts/test/vectors: what contracts, C# and JavaScript must compute alike. The forge tests read the same files.</summary>
public sealed class VectorTests
{
    private static readonly string Folder = Find();

    public static TheoryData<string> Terms() => Names("terms.json");

    public static TheoryData<string> Trees() => Names("sum-tree.json");

    [Theory]
    [MemberData(nameof(Terms))]
    public void SignedTerms_AreTheVectors(string name)
    {
        var vector = Vector("terms.json", name);
        var fields = vector.GetProperty("terms");
        ushort Field(string field) => fields.GetProperty(field).GetUInt16();
        var terms = new VaultTerms
        {
            UnitSize = Number(fields.GetProperty("unitSize")),
            ProfitShareBps = Field("profitShareBps"),
            LossShareBps = Field("lossShareBps"),
            ReserveBps = Field("reserveBps"),
            Crystallisation = (byte)Field("crystallisation"),
            ClawBackWeeks = Field("clawBackWeeks"),
            CompoundingWeeks = Field("compoundingWeeks"),
            LockupWeeks = Field("lockupWeeks"),
            UpfrontFeeBps = Field("upfrontFeeBps"),
            HouseMinBps = Field("houseMinBps"),
        };
        var (vault, chainId, signature) = (Text(vector, "vault"), vector.GetProperty("chainId").GetInt64(), Text(vector, "signature"));

        Assert.Equal(Text(vector, "id"), "0x" + SignedTerms.Id(terms, vault));
        Assert.Equal(Text(vector, "digest"), SignedTerms.Digest(terms, vault, chainId).ToHex(prefix: true));
        Assert.Equal(signature, SignedTerms.Sign(terms, vault, chainId, new EthECKey(Text(vector, "key"))));
        Assert.Equal(Text(vector, "owner"), SignedTerms.Recover(terms, vault, chainId, signature));
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void TheBooksRoot_IsTheVectors_AndSoIsTheWayFromEachLeaf(string name)
    {
        var vector = Vector("sum-tree.json", name);
        var leaves = vector.GetProperty("leaves").EnumerateArray().Select(leaf => new BooksLeaf
        {
            Series = Number(leaf.GetProperty("series")),
            ExitWeek = leaf.GetProperty("exitWeek").GetUInt32(),
            Units = (ulong)Number(leaf.GetProperty("units")),
            Value = Number(leaf.GetProperty("value")),
        }).ToList();
        var cover = Number(vector.GetProperty("cover"));
        var root = new BooksRoot([.. leaves], cover, Text(vector, "digest").HexToByteArray());
        var tree = new SumTree([.. leaves.Select(SumNode.Of)]).Root;

        Assert.Equal((Text(vector, "tree"), Number(vector.GetProperty("total"))), (tree.Hash.ToHex(prefix: true), tree.Sum));
        Assert.Equal(Text(vector, "root"), root.Hash.ToHex(prefix: true));
        var proofs = vector.GetProperty("proofs").EnumerateArray().ToList();
        Assert.Equal(leaves.Count, proofs.Count);
        for (var i = 0; i < leaves.Count; i++)
        {
            var proof = root.Proof(leaves[i]);
            Assert.Equal(proofs[i].GetProperty("siblings").EnumerateArray().Select(one => one.GetString()), proof.Siblings.Select(one => one.ToHex(prefix: true)));
            Assert.Equal(proofs[i].GetProperty("sums").EnumerateArray().Select(Number), proof.Sums);
            Assert.Equal((i, cover, Text(vector, "digest")), ((int)proof.Index, proof.Cover, proof.Digest.ToHex(prefix: true)));
        }
    }

    [Fact]
    public void WhatDoesNotFitALeaf_IsRefused()
    {
        Assert.ThrowsAny<Exception>(() => SumNode.Of(new BooksLeaf { Value = BigInteger.Pow(2, 88) }));
        Assert.ThrowsAny<Exception>(() => SumNode.Of(new BooksLeaf { Value = -1 }));
        Assert.ThrowsAny<Exception>(() => SumNode.Of(new BooksLeaf { Series = BigInteger.Pow(2, 256) }));
        Assert.Throws<ArgumentException>(() => new SumTree([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BooksRoot([new BooksLeaf()], 0, new byte[32]).Proof(new BooksLeaf()));
    }

    [Fact]
    public async Task JavaScript_ComputesTheSame()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "check.mjs")]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var node = Process.Start(start)!;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await error);
        Assert.Equal($"{Terms().Count + Trees().Count} vectors", (await output).Trim());
    }

    private static TheoryData<string> Names(string file) => [.. Vectors(file).Select(vector => Text(vector, "name"))];

    private static JsonElement Vector(string file, string name) => Vectors(file).Single(vector => Text(vector, "name") == name);

    private static IEnumerable<JsonElement> Vectors(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement.GetProperty("vectors").EnumerateArray();

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;

    private static BigInteger Number(JsonElement json) => json.GetString() is ['0', 'x', ..] hex
        ? BigInteger.Parse("0" + hex[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : BigInteger.Parse(json.GetString()!, CultureInfo.InvariantCulture);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "contracts", "test", "vectors") is var found && Directory.Exists(found)) return found;
        }

        throw new DirectoryNotFoundException("contracts/test/vectors is in the repository.");
    }
}
