using System.Reflection;
using Backstake.Chain.Vault;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Tests;

/// <summary>The messages are the compiled contracts', name for name and type for type.</summary>
public sealed class AbiTests
{
    private static readonly Type[] Types = [.. typeof(VaultReader).Assembly.GetTypes()];

    private static readonly string[] Contracts = ["Vault", "Notices", "WayOut", "VaultFactory", "SandboxStaking", "SandboxNmr"];

    [SkippableFact]
    public void EveryFunctionOfTheVault_HasItsMessage()
    {
        var ours = Functions("Vault").Select(found => found.Abi.Sha3Signature).ToHashSet(StringComparer.Ordinal);
        var units = new[] { "transfer(address,uint256,uint256)", "balanceOf(address,uint256)" };
        var vault = Compiled("Vault").Selectors;
        // What a vault's companions alone may call, and what they ask it, is nobody else's business.
        var inner = Compiled("INotices", "IVaultForNotices").Selectors.Concat(Compiled("IVaultForWayOut").Selectors).Select(method => method.Key).Append("created()").Append("words(uint256[])").Append("stakerOf(uint8)").Append("currentWeek()");
        var expected = ((string[])["IVault", "INotices", "IWayOut", "IVaultReader"]).SelectMany(name => Compiled(name).Selectors)
            .ExceptBy(inner, method => method.Key).Concat(vault.Where(method => units.Contains(method.Key, StringComparer.Ordinal)));
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
            Assert.Equal(found.Outputs.Select(output => output.Type), attribute.DTOReturnType is { } dto ? Shapes(dto) : attribute.ReturnType is { } simple ? [simple] : []);
        }
    }

    [SkippableFact]
    public void EveryEventOfTheVault_IsRead_WithItsIndexes()
    {
        var ours = Types.Where(type => type.IsClass && typeof(IVaultEvent).IsAssignableFrom(type)).ToDictionary(type => ABITypedRegistry.GetEvent(type).Sha3Signature, StringComparer.Ordinal);
        var events = ((string[])["Vault", "Notices", "WayOut"]).SelectMany(name => Compiled(name).Entries("event")).Where(entry => entry.Name is not ("Approval" or "OperatorSet" or "EIP712DomainChanged")).ToList();
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

    /// <summary>Types alone would let two fields of <c>State</c> change places.</summary>
    [SkippableTheory]
    [InlineData("created", typeof(CreateVault))]
    [InlineData("state", typeof(ChainState))]
    public void EveryField_HasItsName(string function, Type type) =>
        Assert.Equal(Compiled("IVaultReader").Entries("function").Single(entry => entry.Name == function).Outputs.Single().Members, Parameters(type).Select(parameter => parameter.Name));

    [SkippableFact]
    public void EveryErrorOfTheVault_HasItsName()
    {
        var errors = ((string[])["Vault", "Notices", "WayOut", "NumeraiStaker", "NumeraiAccountStaker", "VaultFactory"]).SelectMany(name => Compiled(name).Entries("error"))
            .Where(entry => entry.Inputs.Count == 0 && entry.Name is not ("InvalidShortString" or "Create2EmptyBytecode")).Select(entry => entry.Name).Distinct(StringComparer.Ordinal);
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
                _ => ["Vault", "Notices", "WayOut", "VaultReader", "VaultFactory", "IStaker", "NumeraiStakers"],
            }));

    private static IEnumerable<ParameterAttribute> Parameters(Type type) =>
        type.GetProperties().Select(property => property.GetCustomAttribute<ParameterAttribute>()).OfType<ParameterAttribute>().OrderBy(parameter => parameter.Order);

    /// <summary>The types of its members, tuples with theirs.</summary>
    private static IEnumerable<string> Shapes(Type type) => type.GetProperties()
        .Select(property => (property.PropertyType, Parameter: property.GetCustomAttribute<ParameterAttribute>()))
        .Where(member => member.Parameter is not null)
        .OrderBy(member => member.Parameter!.Order)
        .Select(member => member.Parameter!.Type == "tuple" ? $"({string.Join(',', Shapes(member.PropertyType))})" : member.Parameter.Type);

    private static Artifact Compiled(string name) => Compiled(name == "NumeraiStakers" ? "NumeraiStaker" : name, name); // two contracts in one file

    private static Artifact Compiled(string file, string name)
    {
        var found = Artifact.Find(file, name);
        Skip.If(found is null, Artifact.Missing);
        return found;
    }
}
