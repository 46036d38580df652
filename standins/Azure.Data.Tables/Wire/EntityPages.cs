namespace Azure.Data.Tables.Wire;

/// <summary>A query's rows, page after page until the service gives no continuation. Warning: a page may be empty and not the last.</summary>
/// <param name="page">Reads a page: continuation, size.</param>
/// <param name="size">Rows of a page at most, where the caller of <see cref="AsPages"/> does not say.</param>
/// <param name="stop">Ends the reading.</param>
internal sealed class EntityPages<T>(Func<string, int?, CancellationToken, Task<Page<T>>> page, int? size, CancellationToken stop) : AsyncPageable<T>(stop)
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            var read = await page(continuationToken, pageSizeHint ?? size, CancellationToken);
            yield return read;
            continuationToken = read.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }
}
