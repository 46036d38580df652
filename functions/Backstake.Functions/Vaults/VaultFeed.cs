using System.Globalization;
using System.Xml;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>
/// What those who follow a vault want to know of its log, as an Atom feed (RFC 4287): offers, results, missed rounds, weeks, notices, halts; the newest first. An entry's id is its place in the log,
/// which never changes, so a reader knows what it has seen.
/// </summary>
public static class VaultFeed
{
    public const string ContentType = "application/atom+xml";

    /// <summary>So many entries of the log are looked through for it.</summary>
    public const int LookedThrough = 1000;

    const int EntriesMost = 50;
    const string Atom = "http://www.w3.org/2005/Atom";

    /// <param name="origin">By which people know the app; empty: links are relative.</param>
    /// <param name="entries">The end of the log, in its order.</param>
    public static byte[] Of(VaultState state, string origin, IEnumerable<LogEntry> entries)
    {
        var (shown, address) = (entries.Select(entry => (Entry: entry, Words: Words(entry.Event))).Where(it => it.Words is not null).TakeLast(EntriesMost).Reverse().ToList(), $"{origin}/api/vaults/{state.Id}");
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("id", Atom, $"urn:backstake:{state.Id}");
            xml.WriteElementString("title", Atom, $"Backstake: {state.Vault.Model}");
            xml.WriteElementString("updated", Atom, UtcText.Of(shown.Count == 0 ? state.Record.Cut(1) : shown[0].Entry.At));
            Link(xml, "self", $"{address}/feed");
            Link(xml, "alternate", address);
            xml.WriteStartElement("author", Atom);
            xml.WriteElementString("name", Atom, "Backstake");
            xml.WriteEndElement();
            foreach (var (entry, words) in shown)
            {
                xml.WriteStartElement("entry", Atom);
                xml.WriteElementString("id", Atom, string.Create(CultureInfo.InvariantCulture, $"urn:backstake:{state.Id}:{entry.Sequence}"));
                xml.WriteElementString("title", Atom, words);
                xml.WriteElementString("updated", Atom, UtcText.Of(entry.At));
                Link(xml, "alternate", string.Create(CultureInfo.InvariantCulture, $"{address}/log?after={entry.Sequence - 1}"));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>Null: it isn't news. Nothing that others wrote is said again but stable names.</summary>
    static string? Words(LogEvent happened) => happened switch
    {
        TermsOffered it => $"Terms {it.Id} are on offer",
        TermsWithdrawn it => $"The offer of terms {it.Id} is withdrawn",
        Booked { Event: Resolve it } => it.Payout.IsNegative ? $"Round {it.Round} burned {-it.Payout} NMR" : $"Round {it.Round} won {it.Payout} NMR",
        Booked { Event: WindDown } => "The vault closes: at the next settlement everybody leaves",
        RoundMissed it => $"Round {it.Round} was missed: {it.Cause}",
        VaultSettled it => $"Week {it.Week} is settled",
        SettlementVetoed it => $"The settlement of week {it.Week} was vetoed",
        SettlementAccepted it => $"The settlement of week {it.Week} is accepted: what it pays can be claimed",
        CutMoved it => $"The owner moves the weeks' cuts from week {it.FromWeek} on",
        CutMoveRevoked it => $"The move of the cuts from week {it.FromWeek} on is taken back",
        StakerAdopted it => $"From here on {it.Staker} stakes",
        BooksClosed => "The way out without an operator is open: nothing is settled any more",
        VaultHalted it => $"The vault has halted: {it.Cause}",
        VaultResumed => "The vault goes on",
        _ => null,
    };

    static void Link(XmlWriter xml, string relation, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }
}
