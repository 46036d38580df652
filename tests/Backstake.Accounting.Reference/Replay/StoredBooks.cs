using System.Security.Cryptography;

namespace Backstake.Accounting.Reference;

/// <summary>
/// The state from which a fold continues, in one canonical JSON form. It holds the terms that somebody has bought and no others, so that the digest doesn't depend on when offers
/// became known: after reading, make the offered terms known again (<see cref="Books.WithTerms"/>).
/// </summary>
public static class StoredBooks
{
    public const string Schema = "backstake-stored-books/1";

    /// <summary>SHA-256 of <see cref="Write"/>.</summary>
    public static byte[] Digest(Books books) => SHA256.HashData(Write(books));

    /// <summary>UTF-8, no white space, fields in a fixed order: the same books give the same bytes on any machine.</summary>
    public static byte[] Write(Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        return JsonText.Of(json => StoredBooksWriter.Write(json, books));
    }

    /// <summary>Refuses what isn't exactly the bytes that <see cref="Write"/> gives, and books for which ACCOUNTING.md 5 doesn't hold.</summary>
    public static Parsed<Books> Read(ReadOnlyMemory<byte> utf8) => Parsed<Books>.Reading(() =>
    {
        var json = StrictJson.Document(utf8);
        Books books;
        try
        {
            books = StoredBooksReader.Read(json);
            Invariants.CheckInFull(books);
        }
        catch (InvariantViolatedException e)
        {
            throw json.Malformed(e.Message);
        }
        catch (OverflowException)
        {
            throw json.Malformed("more units than can be counted");
        }

        return Write(books).AsSpan().SequenceEqual(utf8.Span) ? books : throw json.Malformed("not the canonical form of these books");
    });
}
