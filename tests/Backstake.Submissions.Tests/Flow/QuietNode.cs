using System.Text.Json;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>A node that takes every transaction and mines none: what was committed is seen in the outbox.</summary>
sealed class QuietNode : HttpMessageHandler
{
    public const int ChainId = 31337;

    /// <summary>Who stakes, as Numerai knows him.</summary>
    public string? Staker { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var asked = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var (id, method) = (asked.RootElement.GetProperty("id").GetRawText(), asked.RootElement.GetProperty("method").GetString());
        var answer = method switch
        {
            "eth_chainId" => $"\"0x{ChainId:x}\"",
            "eth_blockNumber" => "\"0x10\"",
            "eth_getBlockByNumber" => $"{{\"number\":\"0x10\",\"hash\":\"0x{new string('a', 64)}\",\"parentHash\":\"0x{new string('b', 64)}\",\"timestamp\":\"0x6923d000\",\"gasLimit\":\"0x1c9c380\",\"gasUsed\":\"0x0\",\"baseFeePerGas\":\"0x1\",\"transactions\":[]}}",
            "eth_getTransactionCount" => "\"0x0\"",
            "eth_estimateGas" => "\"0x7530\"",
            "eth_sendRawTransaction" => $"\"0x{new string('c', 64)}\"",
            "eth_getTransactionReceipt" or "eth_getTransactionByHash" => "null",
            "eth_call" when Staker is not null => $"\"0x{new string('0', 24)}{Staker[2..]}\"",
            _ => throw new HttpRequestException($"No answer to {method}."),
        };
        return new HttpResponseMessage { Content = new StringContent($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{answer}}}") };
    }
}
