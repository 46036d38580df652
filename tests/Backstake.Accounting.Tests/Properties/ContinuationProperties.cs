using Xunit;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>Stored books and replay files lose nothing.</summary>
public sealed class ContinuationProperties
{
    [Fact]
    public void AHistoryCutAnywhere_AndContinuedFromStoredBooks_EqualsTheWhole() => Law.Holds(60, history =>
    {
        var file = history.ToReplayFile();
        var (whole, continued) = (file.Begin(), file.Begin());
        foreach (var vaultEvent in file.Events)
        {
            var (one, other) = (whole.Apply(vaultEvent), Stored(continued, file).Apply(vaultEvent));
            Assert.Equal(one.Refusal, other.Refusal);
            Assert.Equal(one.Settlement is { } week ? BooksDocument.WriteWeek(week.Entry) : null, other.Settlement is { } again ? BooksDocument.WriteWeek(again.Entry) : null);
            (whole, continued) = (one.Books, other.Books);
            Assert.Equal(StoredBooks.Write(whole), StoredBooks.Write(continued));
        }
    });

    [Fact]
    public void WhenTermsBecomeKnown_MakesNoDifferenceToTheDigest() => Law.Holds(100, history =>
    {
        var file = history.ToReplayFile();
        var (known, late) = (file.Begin(), Books.Open(file.Vault));
        foreach (var vaultEvent in file.Events)
        {
            if (vaultEvent is Deposit { Terms: var id } && file.Terms.TryGetValue(id, out var terms)) late = late.WithTerms(id, terms);
            (known, late) = (known.Apply(vaultEvent).Books, late.Apply(vaultEvent).Books);
        }

        Assert.Equal(known.Digest(), late.Digest());
    });

    [Fact]
    public void AReplayFile_WrittenAndRead_IsTheSameHistory() => Law.Holds(100, history =>
    {
        var file = history.ToReplayFile();
        var again = ReplayFile.Read(file.Write()).Value;
        Assert.Equal(file.Events.AsEnumerable(), again.Events);
        Assert.Equal(file.Replay().Write(), again.Replay().Write());
    });

    private static Books Stored(Books books, ReplayFile file) =>
        file.Terms.Aggregate(StoredBooks.Read(StoredBooks.Write(books)).Value, (read, terms) => read.WithTerms(terms.Key, terms.Value));
}
