using Backstake.Chain.Vault;
using Backstake.Cli.Verify;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.JsonRpc.Client;

namespace Backstake.Cli;

/// <summary>What can go wrong outside while a command talks to a node, each said in one line on standard error.</summary>
internal static class OneLineFailures
{
    /// <param name="option">By which the user named the node.</param>
    /// <param name="vault">How the user named the vault.</param>
    public static async Task<int> Say(TextWriter error, Uri node, string option, string vault, Func<Task<int>> command)
    {
        int Fail(string line) => OneLine(error, ExitStatus.Failed, line);
        try
        {
            return await command();
        }
        catch (NoVaultException e)
        {
            return Fail(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
        catch (Exception e) when (e is RpcClientTimeoutException or RpcClientUnknownException or HttpRequestException)
        {
            return Fail($"The node at {node} can't be reached: start it, or name another one with {option}. ({e.Message})");
        }
        catch (Exception e) when (e is RpcResponseException or ChainMovedException or SmartContractRevertException or InvalidDataException)
        {
            return Fail($"The node at {node} can't answer: is {vault} a vault there, and does the node keep its past (else name --from-block)? ({e.Message})");
        }
    }

    public static int OneLine(TextWriter error, int status, string line)
    {
        error.WriteLine(line.ReplaceLineEndings(" "));
        return status;
    }
}
