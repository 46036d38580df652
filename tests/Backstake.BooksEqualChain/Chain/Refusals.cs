using System.Text.Json;
using Backstake.Chain.Tests;
using Nethereum.Util;

namespace Backstake.BooksEqualChain.Chain;

/// <summary>The names of what a transaction was reverted with, as the books write refusals: <c>unknownTerms</c>. All errors without parameters of the contracts that take part.</summary>
internal sealed class Refusals(IEnumerable<Artifact> contracts)
{
    private const int SelectorDigits = 8;

    private readonly Dictionary<string, string> bySelector = contracts
        .SelectMany(contract => contract.Entries("error")).Where(error => error.Inputs.Count == 0).Select(error => error.Name).Distinct()
        .ToDictionary(error => Sha3Keccack.Current.CalculateHash(error + "()")[..SelectorDigits], JsonNamingPolicy.CamelCase.ConvertName);

    /// <param name="data">0x and hex digits.</param>
    public string NameOf(string data) => data.Length >= 2 + SelectorDigits && bySelector.TryGetValue(data[2..(2 + SelectorDigits)], out var name) ? name : $"revert {data}";
}
