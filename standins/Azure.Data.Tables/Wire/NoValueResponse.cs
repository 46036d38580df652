namespace Azure.Data.Tables.Wire;

/// <summary>The answer of a read that found nothing.</summary>
internal sealed class NoValueResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException($"The response has no value: the service answered {response.Status} {response.ReasonPhrase}.");

    public override Response GetRawResponse() => response;
}
