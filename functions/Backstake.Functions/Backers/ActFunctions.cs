using Backstake.Accounting;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Backstake.Functions.Backers;

/// <summary>What a backer does: prepared here, sent by their own wallet; and the watcher told that something was.</summary>
public sealed class ActFunctions(VaultActs acts, VaultRegistry registry, EthereumNode node, VaultQueues queues, WatchAfterwards watch)
{
    sealed record SentTransaction(string TxHash);

    /// <summary>The calls with which the caller's wallet does it: calldata, decoded arguments, digest to compare.</summary>
    [Function("PrepareTransactions"), Endpoint(Cost = 20)]
    public async Task<IActionResult> Prepare([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vaults/{id}/transactions")] HttpRequest request, string id, CancellationToken stop)
    {
        var caller = request.Caller(ApiScope.ReadOwn);
        if (caller.IsRefused(out var refusal))
            return refusal;
        var backer = new Backer(caller.Value.Address);
        var act = BackerAct.Read(request.Bytes(), backer);
        if (act.IsMalformed(out var malformed))
            return HttpProblems.MalformedAt(malformed.Place, malformed.Problem);
        return await registry.Find(id.ToLowerInvariant(), stop) is { } vault ? await acts.Prepare(vault.Id, act.Value, backer, stop) : Problems.UnknownVault(id);
    }

    /// <summary>Only hastens the watcher, for whoever tells: the deposit is found without it, too. Nothing is believed but what the node says.</summary>
    [Function("TellDeposit"), Endpoint(Cost = 10)]
    public async Task<IActionResult> Tell([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "deposits")] HttpRequest request, CancellationToken stop)
    {
        var asked = request.Json<SentTransaction>();
        if (asked.IsRefused(out var refusal))
            return refusal;
        if (asked.Value.TxHash is not ['0', 'x', ..] || asked.Value.TxHash.Length != 66 || !asked.Value.TxHash.IsHex())
            return HttpProblems.MalformedAt("txHash", "it isn't 0x and 64 hex digits");
        if (await node.Web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(asked.Value.TxHash).WaitAsync(stop) is not { } receipt)
            return BackerProblems.UnknownTransaction();
        var vaults = new List<string>();
        foreach (var address in receipt.Logs.Select(log => log.Address.ToLowerInvariant()).Distinct(StringComparer.Ordinal))
        {
            if (await registry.Find(address, stop) is { } vault)
                vaults.Add(vault.Id);
        }

        if (vaults.Count == 0)
            return BackerProblems.NoVaultsTransaction();
        var isFinal = (long)receipt.BlockNumber.Value <= (long)(await node.Finalized(stop)).Number;
        foreach (var vault in vaults)
        {
            if (isFinal)
                await queues.Send(VaultQueues.Watch, new WatchVault(vault), null, stop);
            else
                await watch.Send(vault, stop);
        }

        return new ObjectResult(new { vaults, block = (long)receipt.BlockNumber.Value, isFinal }) { StatusCode = StatusCodes.Status202Accepted };
    }
}
