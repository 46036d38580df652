using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Servers;
using Nethereum.Contracts;

namespace Backstake.Chain.Tests.Prepared;

/// <summary>What a vault's constructor refuses is told by field; what it takes, it takes at the address that was said.</summary>
public sealed class FactoryActsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private static CreateVault Good => new()
    {
        Owner = Anvil.Addresses[1], Committer = Anvil.Addresses[2], StakerKey = Anvil.Addresses[3], Settler = Anvil.Addresses[4], Guardian = Zero, Nmr = Anvil.Addresses[5], Stakers = Anvil.Addresses[6],
        Tournament = 8, ModelId = VaultOnChain.ModelId, FirstCut = (ulong)Now.AddDays(6).ToUnixTimeSeconds(), Window = 144_000,
    };

    private const string Zero = "0x0000000000000000000000000000000000000000";

    public static TheoryData<string?, Action<CreateVault>> Changes => new()
    {
        { null, _ => { } },
        { null, vault => vault.Guardian = vault.Owner },
        { null, vault => vault.Owner = vault.Committer },
        { null, vault => vault.Owner = "0x00000000000000000000000000000000000F4241" },
        { "owner", vault => vault.Owner = "0x00000000000000000000000000000000000F4240" },
        { "owner", vault => vault.Owner = Zero },
        { "committer", vault => vault.Committer = Zero },
        { "staker", vault => vault.StakerKey = Zero },
        { "settler", vault => vault.Settler = Zero },
        { "staker", vault => vault.StakerKey = vault.Committer.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal) },
        { "settler", vault => vault.Settler = vault.Committer },
        { "settler", vault => vault.Settler = vault.StakerKey },
        { "firstCut", vault => vault.FirstCut = 0 },
        { "firstCut", vault => vault.FirstCut = (ulong)Now.ToUnixTimeSeconds() },
        { null, vault => vault.FirstCut = (ulong)Now.ToUnixTimeSeconds() + 1 },
        { "windowSeconds", vault => vault.Window = 3_599 },
        { null, vault => vault.Window = 3_600 },
        { null, vault => vault.Window = 432_000 },
        { "windowSeconds", vault => vault.Window = 432_001 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void WhatTheConstructorRefuses_IsToldByField(string? param, Action<CreateVault> change)
    {
        var wanted = Good;
        change(wanted);
        Assert.Equal((param, param is null ? null : "badVault"), (FactoryActs.WhyBad(wanted, Now)?.Param, FactoryActs.WhyBad(wanted, Now)?.Code));
    }

    /// <summary>The same cases, asked of the constructor itself.</summary>
    [SkippableFact]
    public async Task TheConstructor_RefusesTheSame_AndTheVaultIsWhereItWasSaid()
    {
        await using var world = await VaultOnChain.Start(default);
        var now = (await ChainBlock.Latest(world.Web3, default)).Time;
        foreach (var row in Changes)
        {
            var (param, change) = ((string?)row[0], (Action<CreateVault>)row[1]!);
            var wanted = Good;
            (wanted.Nmr, wanted.Stakers, wanted.FirstCut) = (world.NmrAddress, world.Stakers, (ulong)now.AddDays(6).ToUnixTimeSeconds());
            change(wanted);
            if (wanted.FirstCut == (ulong)Now.ToUnixTimeSeconds() + 1) wanted.FirstCut = (ulong)now.AddDays(1).ToUnixTimeSeconds(); // the next block is later
            if (param is null)
            {
                var prepared = await FactoryActs.Prepare(world.Web3, world.Factory, wanted, default);
                Assert.Null(prepared.Act.Refusal);
                Assert.Equal([.. prepared.Act.Calls.Single().Arguments.Select(argument => argument.Value)], (string[])[wanted.Owner, wanted.Committer, wanted.StakerKey, wanted.Settler, wanted.Guardian, wanted.Nmr, wanted.Stakers, "8", "0x" + Convert.ToHexStringLower(wanted.ModelId), $"{wanted.FirstCut}", $"{wanted.Window}"], StringComparer.OrdinalIgnoreCase);
                var created = await world.Send(0, world.Factory, new CreateVaultFunction { Vault = wanted }, default);
                Assert.Equal(prepared.Vault, Assert.Single(created.DecodeAllEvents<VaultCreatedEvent>()).Event.Vault.ToLowerInvariant());
                Assert.Equal("failedDeployment", (await FactoryActs.Prepare(world.Web3, world.Factory, wanted, default)).Act.Refusal!.Reason);
            }
            else
            {
                var refusal = await Assert.ThrowsAsync<SmartContractCustomErrorRevertException>(() => world.Send(0, world.Factory, new CreateVaultFunction { Vault = wanted }, default));
                Assert.Equal("badVault", VaultRefusals.NameOf(refusal));
            }
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => FactoryActs.Prepare(world.Web3, Anvil.Addresses[9], Good, default));
    }

    /// <summary>Sundays at 18:00 UTC, a day away at least.</summary>
    [Theory]
    [InlineData("2026-01-05T00:00:00Z", "2026-01-11T18:00:00Z")]
    [InlineData("2026-01-10T18:00:00Z", "2026-01-11T18:00:00Z")]
    [InlineData("2026-01-10T18:00:01Z", "2026-01-18T18:00:00Z")]
    [InlineData("2026-01-11T12:00:00Z", "2026-01-18T18:00:00Z")]
    public void TheFirstCut_IsASundaysEvening_NotToday(string now, string cut) =>
        Assert.Equal(cut, Accounting.UtcText.Of(FactoryActs.FirstCutAfter(Accounting.UtcText.Read(now)!.Value)));
}
