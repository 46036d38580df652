using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.BooksEqualChain.Chain;

/// <summary>NumeraiAccountStaker: the account that Numerai sees.</summary>
[Function("account", "address")]
public sealed class AccountFunction : FunctionMessage;
