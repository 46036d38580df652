using System.Globalization;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Functions.Backers;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting;
using Backstake.Functions.Http;
using Backstake.Functions.Numerai;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Nethereum.JsonRpc.Client;
using Nethereum.Util;

namespace Backstake.Functions.Owners;

/// <summary>The addresses by which the app acts for a vault: what its three roles are created with.</summary>
public sealed record AppSigners(string Committer, string Staker, string Settler);

/// <summary>What a vault that this app runs is created with.</summary>
/// <param name="Announced">The generations of stakers on the factory's list, and those to come, the oldest first; null: the node doesn't list them.</param>
/// <param name="Stakers">The newest on the list.</param>
/// <param name="Nmr">What they stake; null: none says.</param>
/// <param name="Tournaments">Those whose rounds the app follows, by Numerai's number.</param>
/// <param name="FirstCut">The usual end of week 1, were a vault created now.</param>
/// <param name="WindowSeconds">How long a settlement can usually be vetoed.</param>
public sealed record OfferedFactory(
    long ChainId, string Factory, AppSigners Signers, IReadOnlyList<AnnouncedStakers>? Announced, string? Stakers, string? Nmr, IReadOnlyList<int> Tournaments, DateTimeOffset FirstCut, long WindowSeconds);

/// <summary>What doesn't keep the factory from making the vault, but this app from running it.</summary>
/// <param name="Code">Stable: <c>modelTaken</c>, <c>tournamentNotFollowed</c> or <c>notOurKey</c>.</param>
public sealed record VaultWarning(string Code, string Param, string Text);

/// <summary>What is to be done once the vault is there.</summary>
public sealed record NextStep(string Step, string Text);

/// <summary>Creates nothing: says with which call anybody's own wallet creates a vault. What isn't named is the usual, and the roles are this app's own keys.</summary>
public sealed class VaultCreation(
    EthereumNode node, Signers signers, ChainIdentity identity, ModelVaults models, IOptions<EthereumSettings> settings, IOptions<NumeraiSettings> numerai)
{
    string Factory => settings.Value.Factory.ToLowerInvariant();

    /// <returns>Null: the node is of another chain, or has no factory.</returns>
    public async Task<OfferedFactory?> Offered(CancellationToken stop)
    {
        if (await identity.Problem(stop) is not null)
            return null;
        var now = (await ChainBlock.Latest(node.Web3, stop)).Time;
        var announced = await Announced(stop);
        return new(
            node.ChainId, Factory, await Ours(stop), announced, Listed(announced, now).FirstOrDefault(), await NmrOf(Listed(announced, now), stop), [.. numerai.Value.TournamentNumbers], FactoryActs.FirstCutAfter(now), (long)FactoryActs.WindowUsual.TotalSeconds);
    }

    public async Task<IActionResult> Prepare(NewVault wanted, CancellationToken stop)
    {
        if (await identity.Problem(stop) is not null)
            return HttpProblems.OutsideFailed();
        var (now, ours) = ((await ChainBlock.Latest(node.Web3, stop)).Time, await Ours(stop));
        var listed = Listed(await Announced(stop), now);
        if ((wanted.Stakers ?? listed.FirstOrDefault()) is not { } stakers)
            return HttpProblems.MalformedAt("stakers", "missing, and the node doesn't list those of the factory: name one by address");
        if ((wanted.Nmr ?? await NmrOf([stakers, .. listed], stop)) is not { } nmr)
            return HttpProblems.MalformedAt("nmr", "missing, and the stakers don't say which they stake: name it by address");
        var created = new CreateVault
        {
            Owner = wanted.Owner, Guardian = wanted.Guardian ?? AddressUtil.ZERO_ADDRESS, Committer = wanted.Committer ?? ours.Committer, StakerKey = wanted.Staker ?? ours.Staker, Settler = wanted.Settler ?? ours.Settler,
            Nmr = nmr, Stakers = stakers, Tournament = wanted.Tournament, ModelId = UuidWord.Of(wanted.ModelId),
            FirstCut = (ulong)Math.Max(0, (wanted.FirstCut ?? FactoryActs.FirstCutAfter(now)).ToUnixTimeSeconds()), Window = (ulong)(wanted.WindowSeconds ?? (long)FactoryActs.WindowUsual.TotalSeconds),
        };
        var prepared = await FactoryActs.Prepare(node.Web3, Factory, created, stop);
        if (prepared.Act.Refusal is { } refusal)
            return BackerProblems.Refused(refusal);
        var warnings = await Warnings(wanted, created, ours, prepared.Vault!, stop);
        return JsonAnswer.Written(json =>
        {
            json.WriteString("vault", prepared.Vault);
            json.WriteNumber("chainId", node.ChainId);
            json.WriteString("factory", Factory);
            PreparedCallJson.Write(json, "transactions", prepared.Act.Calls);
            json.WriteStartArray("warnings");
            foreach (var (code, param, text) in warnings)
            {
                json.WriteStartObject();
                json.WriteString("code", code);
                json.WriteString("param", param);
                json.WriteString("text", text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("next");
            foreach (var (step, text) in Next(prepared.Vault!))
            {
                json.WriteStartObject();
                json.WriteString("step", step);
                json.WriteString("text", text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    async Task<IReadOnlyList<VaultWarning>> Warnings(NewVault wanted, CreateVault created, AppSigners ours, string vault, CancellationToken stop)
    {
        var warnings = new List<VaultWarning>();
        if (await models.Others(new RegisteredVault(vault, wanted.Tournament, wanted.ModelId.ToString()), stop).FirstOrDefaultAsync(stop) is { } other)
            warnings.Add(new("modelTaken", "modelId", $"Vault {other.Id} has this model, and only one can submit for it: the new one begins halted, until an operator has found out whose the model is."));
        if (!numerai.Value.TournamentNumbers.Contains(wanted.Tournament))
            warnings.Add(new("tournamentNotFollowed", "tournament", string.Create(CultureInfo.InvariantCulture, $"This app follows no rounds of tournament {wanted.Tournament}: nothing would be submitted.")));
        foreach (var (param, named, own, what) in new[]
        {
            ("committer", created.Committer, ours.Committer, "commit the hashes of predictions: the holder of that key must, each round"),
            ("staker", created.StakerKey, ours.Staker, "stake for the vault"),
            ("settler", created.Settler, ours.Settler, "propose its settlements"),
        })
        {
            if (!named.IsTheSameAddress(own))
                warnings.Add(new("notOurKey", param, $"{named} isn't this app's {param} ({own}): it can't {what}."));
        }

        return warnings;
    }

    static IReadOnlyList<NextStep> Next(string vault) =>
    [
        new("found", $"Once its block is final, the vault is found by itself: GET /api/vaults/{vault} has it then."),
        new("ownership", $"Prove that the model is the owner's: sign in as the owner and bring a Numerai key (PUT /api/vaults/{vault}/numerai-key), or hand the model over to the operator, who attests it. Until then no terms are offered here."),
        new("terms", $"Sign terms and have them offered (PUT /api/vaults/{vault}/terms), and bring the house and the reserve that they ask for (POST /api/vaults/{vault}/owner/transactions)."),
    ];

    async Task<AppSigners> Ours(CancellationToken stop)
    {
        async Task<string> Of(Role role) => (await signers.Of(role, stop)).Address.ToLowerInvariant();
        return new(await Of(Role.Committer), await Of(Role.Staker), await Of(Role.Settler));
    }

    async Task<IReadOnlyList<AnnouncedStakers>?> Announced(CancellationToken stop)
    {
        try
        {
            return await FactoryLog.Stakers(node.Web3, Factory, (ulong)settings.Value.FactoryBlock, stop);
        }
        catch (RpcResponseException)
        {
            return null; // some nodes answer short ranges only
        }
    }

    async Task<string?> NmrOf(IReadOnlyList<string> stakers, CancellationToken stop)
    {
        if (node.ChainId == MainNetwork.ChainId)
            return MainNetwork.Nmr.ToLowerInvariant();
        foreach (var one in stakers)
        {
            if (await FactoryActs.NmrOf(node.Web3, one, stop) is { } nmr)
                return nmr;
        }

        return null;
    }

    /// <summary>The newest first.</summary>
    static IReadOnlyList<string> Listed(IReadOnlyList<AnnouncedStakers>? announced, DateTimeOffset now) =>
        [.. (announced ?? []).Where(one => one.ListedAt <= now).OrderByDescending(one => one.ListedAt).Select(one => one.Address)];
}
