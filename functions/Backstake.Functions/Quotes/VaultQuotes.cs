using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Backstake.Research;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Quotes;

/// <summary>Quotes over a vault's newest books and its calendar.</summary>
public sealed class VaultQuotes(VaultStore store, VaultRegistry registry, VaultHistory history, TimeProvider clock)
{
    const int Paths = 1_000; // a fraction of a second; the command draws 10,000

    public async Task<IActionResult> Answer(QuoteRequest asked, CancellationToken stop)
    {
        if (await registry.Find(asked.Vault.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(asked.Vault);
        var state = await store.Load(vault.Id, stop);
        if (state.Record.IsOver)
            return QuoteProblems.VaultIsOver(state);
        var books = RunningBooks(state, clock.GetUtcNow());
        if (asked.Ask is DepositAsk deposit && deposit.IsBeyondSupply(books))
            return QuoteProblems.Malformed(new("units", $"together beyond {Nmr.GreatestSupply} NMR"));
        var quote = Quote.Of(books, asked.Ask, round => Resolving(state.Record, round, books.LastWeek + 1));
        if (quote is RefusedQuote refused)
            return QuoteProblems.Refused(refused);
        var replay = asked.Replay && quote is DepositQuote buy ? QuoteReplay.Of(buy, VaultReturns.Of(await history.Read(state, stop)), Paths) : null;
        return new FileContentResult(Write(state, quote, replay), "application/json");
    }

    /// <summary>What happens now belongs to the week that runs: settlements that are late come first.</summary>
    static Books RunningBooks(VaultState state, DateTimeOffset now)
    {
        var fold = new Fold(state.Books);
        for (var week = state.Books.LastWeek + 1; state.Record.Cut(week.Number) <= now; week += 1)
            fold.Apply(new Settle(week), out _);
        return fold.Books;
    }

    /// <summary>The first week that ends after the round resolves.</summary>
    static Week Resolving(VaultRecord record, Round round, Week next)
    {
        var week = next;
        while (record.Rounds.TryGetValue(round.Number, out var open) && record.Cut(week.Number) < open.Resolves)
            week += 1;
        return week;
    }

    static byte[] Write(VaultState state, Quote quote, QuoteReplay? replay)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("vault", state.Id);
            AsOf.Of(state).Write(json);
            QuoteJson.Write(json, quote, new WeekCalendar(week => state.Record.Cut(week.Number), TimeSpan.FromSeconds(state.Vault.WindowSeconds)).Written);
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
