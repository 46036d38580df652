using System.Reflection;
using Backstake.Chain.Vault;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Tests;

/// <summary>The messages are the compiled contracts', name for name and type for type.</summary>
public sealed class AbiTests
{
    private static readonly Type[] Types = [.. typeof(VaultReader).Assembly.GetTypes()];

    private static readonly string[] Contracts = ["Vault", "VaultFactory", "SandboxStaking", "SandboxNmr"];

    [SkippableFact]
    public void EveryFunctionOfTheVault_HasItsMessage()
    {
        var ours = Functions("Vault").Select(found => found.Abi.Sha3Signature).ToHashSet(StringComparer.Ordinal);
        var units = new[] { "transfer(address,uint256,uint256)", "balanceOf(address,uint256)" };
        var vault = Compiled("Vault").Selectors;
        var expected = Compiled("IVault").Selectors.Concat(vault.Where(method => units.Contains(method.Key, StringComparer.Ordinal)));
        Assert.Equal([], expected.Where(method => !ours.Contains(method.Value)).Select(method => method.Key).ToArray());
    }

    [SkippableFact]
    public void EveryMessage_IsAFunctionOfItsContract_WithItsNamesAndAnswer()
    {
        foreach (var (type, abi, contracts) in Functions("Vault", "Nmr", "Numerai"))
        {
            var found = contracts.SelectMany(name => Compiled(name).Entries("function")).FirstOrDefault(entry => entry.Hash.StartsWith(abi.Sha3Signature, StringComparison.Ordinal) && entry.Name == abi.Name);
            Assert.True(found is not null, $"{type.Name}: no function has selector {abi.Sha3Signature}");
            var attribute = FunctionAttribute.GetAttribute(type);
            var answers = attribute.DTOReturnType is { } dto ? Parameters(dto).Select(parameter => parameter.Type) : attribute.ReturnType is { } simple ? [simple] : [];
            Assert.Equal(found.Outputs.Select(output => output.Type.StartsWith('(') ? "tuple" : output.Type), answers);
        }
    }

    [SkippableFact]
    public void EveryEventOfTheVault_IsRead_WithItsIndexes()
    {
        var ours = Types.Where(type => type.IsClass && typeof(IVaultEvent).IsAssignableFrom(type)).ToDictionary(type => ABITypedRegistry.GetEvent(type).Sha3Signature, StringComparer.Ordinal);
        var events = Compiled("Vault").Entries("event").Where(entry => entry.Name is not ("Approval" or "OperatorSet" or "EIP712DomainChanged")).ToList();
        Assert.Equal(events.Select(entry => entry.Hash).Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        foreach (var entry in events)
            Assert.Equal(entry.Inputs.Select(input => (input.Name, input.Indexed)), Parameters(ours[entry.Hash]).Select(parameter => (parameter.Name, parameter.Parameter.Indexed)));
    }

    [SkippableFact]
    public void EveryOtherEvent_IsItsContracts()
    {
        var all = Contracts.SelectMany(name => Compiled(name).Entries("event")).Select(entry => entry.Hash).ToHashSet(StringComparer.Ordinal);
        foreach (var type in Types.Where(type => type.IsClass && typeof(IEventDTO).IsAssignableFrom(type)))
            Assert.Contains(ABITypedRegistry.GetEvent(type).Sha3Signature, all);
    }

    [SkippableFact]
    public void EveryErrorOfTheVault_HasItsName()
    {
        var errors = ((string[])["Vault", "NumeraiStaker", "VaultFactory"]).SelectMany(name => Compiled(name).Entries("error"))
            .Where(entry => entry.Inputs.Count == 0 && entry.Name != "InvalidShortString").Select(entry => entry.Name).Distinct(StringComparer.Ordinal);
        Assert.Empty(errors.Except(VaultRefusals.Errors, StringComparer.Ordinal));
        Assert.Equal("unknownTerms", VaultRefusals.NameOf("0x" + VaultRefusals.Selector("UnknownTerms")));
        Assert.Null(VaultRefusals.NameOf("0x12345678"));
        Assert.Null(VaultRefusals.NameOf("0x"));
    }

    private static IEnumerable<(Type Type, Nethereum.ABI.Model.FunctionABI Abi, string[] Contracts)> Functions(params string[] folders) =>
        Types.Where(type => type.GetCustomAttribute<FunctionAttribute>() is not null && folders.Contains(type.Namespace!.Split('.')[^1], StringComparer.Ordinal))
            .Select(type => (type, ABITypedRegistry.GetFunctionABI(type), type.Namespace!.Split('.')[^1] switch
            {
                "Nmr" => (string[])["SandboxNmr"],
                "Numerai" => ["SandboxStaking"],
                _ => ["Vault", "VaultFactory"],
            }));

    private static IEnumerable<ParameterAttribute> Parameters(Type type) =>
        type.GetProperties().Select(property => property.GetCustomAttribute<ParameterAttribute>()).OfType<ParameterAttribute>().OrderBy(parameter => parameter.Order);

    private static Artifact Compiled(string name)
    {
        var found = Artifact.Find(name);
        Skip.If(found is null, Artifact.Missing);
        return found;
    }
}
