using System.Globalization;
using System.Xml;
using Backstake.Accounting;

namespace Backstake.Functions.Vaults;

/// <summary>An entry of a feed.</summary>
/// <param name="Vault">Whose log says it.</param>
/// <param name="Sequence">Where in the log.</param>
public sealed record FeedEntry(string Vault, long Sequence, string Title, DateTimeOffset At);

/// <summary>
/// News as an Atom feed (RFC 4287), the newest first. An entry's id is its place in the log, which never changes, so a reader knows what it has seen, in whichever feed.
/// </summary>
public static class AtomFeed
{
    public const string ContentType = "application/atom+xml";
    public const int EntriesMost = 50;

    /// <summary>So many entries of a log are looked through for it.</summary>
    public const int LookedThrough = 1000;

    const string Atom = "http://www.w3.org/2005/Atom";

    /// <param name="name">What the feed is of, in its id.</param>
    /// <param name="title">Its title.</param>
    /// <param name="self">Its address.</param>
    /// <param name="alternate">Where the same can be looked at.</param>
    /// <param name="origin">By which people know the app; empty: links are relative.</param>
    /// <param name="whenEmpty">Updated then, where there are no entries.</param>
    /// <param name="newestFirst">At most <see cref="EntriesMost"/> are shown.</param>
    public static byte[] Of(string name, string title, string self, string alternate, string origin, DateTimeOffset whenEmpty, IEnumerable<FeedEntry> newestFirst)
    {
        var shown = newestFirst.Take(EntriesMost).ToList();
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("id", Atom, $"urn:backstake:{name}");
            xml.WriteElementString("title", Atom, title);
            xml.WriteElementString("updated", Atom, UtcText.Of(shown.Count == 0 ? whenEmpty : shown[0].At));
            Link(xml, "self", self);
            Link(xml, "alternate", alternate);
            xml.WriteStartElement("author", Atom);
            xml.WriteElementString("name", Atom, "Backstake");
            xml.WriteEndElement();
            foreach (var entry in shown)
            {
                xml.WriteStartElement("entry", Atom);
                xml.WriteElementString("id", Atom, string.Create(CultureInfo.InvariantCulture, $"urn:backstake:{entry.Vault}:{entry.Sequence}"));
                xml.WriteElementString("title", Atom, entry.Title);
                xml.WriteElementString("updated", Atom, UtcText.Of(entry.At));
                Link(xml, "alternate", LogLink(origin, entry.Vault, entry.Sequence));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>Where anybody reads the entry of the log itself.</summary>
    public static string LogLink(string origin, string vault, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{origin}/api/vaults/{vault}/log?after={sequence - 1}");

    static void Link(XmlWriter xml, string relation, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }
}
