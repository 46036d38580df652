using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;
using Backstake.Functions.Vaults;
using Backstake.Research;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Quotes;

/// <summary>Quotes over a vault's newest books and its calendar.</summary>
public sealed class VaultQuotes(VaultStore store, VaultRegistry registry, VaultHistory history, ModelOwners models, TimeProvider clock)
{
    const int Paths = 1_000; // a fraction of a second; the command draws 10,000

    public async Task<IActionResult> Answer(QuoteRequest asked, CancellationToken stop)
    {
        if (await registry.Find(asked.Vault.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(asked.Vault);
        var state = await store.Load(vault.Id, stop);
        if (state.Record.IsOver)
            return QuoteProblems.VaultIsOver(state);
        var running = RunningVault.At(state, clock.GetUtcNow());
        var books = running.Books;
        if (asked.Ask is DepositAsk deposit && deposit.IsBeyondSupply(books))
            return QuoteProblems.Malformed(new("units", $"together beyond {Nmr.GreatestSupply} NMR"));
        if (asked.Ask is DepositAsk && await models.LostSince(vault.Id, stop) is { } since)
            return OwnershipProblems.Lost(since);
        var quote = Quote.Of(books, asked.Ask, running.Resolving);
        if (quote is RefusedQuote refused)
            return QuoteProblems.Refused(refused);
        var replay = asked.Replay && quote is DepositQuote buy ? QuoteReplay.Of(buy, VaultReturns.Of(await history.Read(state, stop)), Paths) : null;
        return new FileContentResult(Write(running, quote, replay), "application/json");
    }

    static byte[] Write(RunningVault running, Quote quote, QuoteReplay? replay)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("vault", running.State.Id);
            AsOf.Of(running.State).Write(json);
            QuoteJson.Write(json, quote, running.Calendar.Written);
            VaultGas.Write(json);
            if (replay is not null)
            {
                json.WritePropertyName("replay");
                replay.Write(json);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
