using System.Text.Json;

namespace Backstake.Faults.Tests.Ground;

/// <summary>A node that knows its latest block, and of each staker that it stakes in its own name; asked anything else it doesn't answer.</summary>
sealed class OwnStaker : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var asked = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var (id, method) = (asked.RootElement.GetProperty("id").GetRawText(), asked.RootElement.GetProperty("method").GetString());
        var answer = method switch
        {
            "eth_chainId" => $"\"0x{EchoChain.ChainId:x}\"",
            "eth_getBlockByNumber" => $"{{\"number\":\"0x10\",\"hash\":\"0x{new string('a', 64)}\",\"parentHash\":\"0x{new string('b', 64)}\",\"timestamp\":\"0x6923d000\",\"gasLimit\":\"0x1c9c380\",\"gasUsed\":\"0x0\",\"baseFeePerGas\":\"0x1\",\"transactions\":[]}}",
            "eth_call" => $"\"0x{asked.RootElement.GetProperty("params")[0].GetProperty("to").GetString()![2..].PadLeft(64, '0')}\"",
            _ => throw new HttpRequestException($"No answer to {method}."),
        };
        return new HttpResponseMessage { Content = new StringContent($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{answer}}}") };
    }
}
