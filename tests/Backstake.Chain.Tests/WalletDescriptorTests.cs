using System.Text.Json;
using Backstake.Chain.Vault;

namespace Backstake.Chain.Tests;

/// <summary>contracts/erc7730/vault.json, by which wallets show what is signed: it must speak of the functions and the typed data that there are.</summary>
public sealed class WalletDescriptorTests
{
    private const string TypedTerms = "Terms";

    private static readonly JsonElement Formats = Read().GetProperty("display").GetProperty("formats");

    [SkippableFact]
    public void EveryFunctionThatItNames_IsTheVaults_WithItsParameters()
    {
        var vault = Artifact.Find("Vault");
        Skip.If(vault is null, Artifact.Missing);
        var functions = vault!.Entries("function").ToDictionary(
            function => $"{function.Name}({string.Join(',', function.Inputs.Select(input => $"{input.Type} {input.Name}"))})", StringComparer.Ordinal);
        foreach (var format in Formats.EnumerateObject().Where(format => format.Name != TypedTerms))
        {
            Assert.True(functions.TryGetValue(format.Name, out var function), format.Name);
            Assert.Equal(function.Inputs.Select(input => input.Name), Paths(format.Value));
        }
    }

    [Fact]
    public void WhatIsNeverSignedByAWallet_IsNotInIt()
    {
        foreach (var name in new[] { "propose", "accept", "stake", "commit", "collect", "closeBooks", "payOut" })
            Assert.DoesNotContain(Formats.EnumerateObject(), format => format.Name.StartsWith(name + "(", StringComparison.Ordinal));
    }

    [Fact]
    public void TheOffer_IsShownFieldByField()
    {
        var fields = Paths(Formats.GetProperty(TypedTerms)).ToArray();
        Assert.Equal("vault", fields[0]);
        Assert.Equal(typeof(VaultTerms).GetProperties().Where(property => char.IsUpper(property.Name[0])).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)), fields.Skip(1));
    }

    [Fact]
    public void NothingThatItShows_MayBeLeftOut()
    {
        foreach (var format in Formats.EnumerateObject())
            Assert.Equal(Paths(format.Value), format.Value.GetProperty("required").EnumerateArray().Select(path => path.GetString()!));
    }

    private static IEnumerable<string> Paths(JsonElement format) => format.GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("path").GetString()!);

    private static JsonElement Read()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "contracts", "erc7730", "vault.json");
            if (File.Exists(file)) return JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        }

        throw new FileNotFoundException("contracts/erc7730/vault.json is missing.");
    }
}
