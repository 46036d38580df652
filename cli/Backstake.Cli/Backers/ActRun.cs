using System.CommandLine;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Quotes;
using Nethereum.Web3;

namespace Backstake.Cli.Backers;

/// <summary>One act: prepared, printed, and sent if that was asked for.</summary>
/// <param name="Act">Null: claims.</param>
/// <param name="Keystore">Null: nothing is sent.</param>
internal sealed record ActRun(ParseResult Command, Uri Node, Backer Backer, VaultEvent? Act, FileInfo? Keystore, bool Json)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    private TextWriter Output => Command.InvocationConfiguration.Output;

    private TextWriter Error => Command.InvocationConfiguration.Error;

    public async Task<int> Run(QuotedVault vault, CancellationToken stop)
    {
        var (web3, address) = (ChainNode.Connect(Node, RequestLimit), vault.Books.Vault.Id);
        if (!Backer.IsAddress(address)) throw new IOException($"The history is of vault {address}, which is no contract's address.");
        var chainId = (await web3.Eth.ChainId.SendRequestAsync().WaitAsync(stop)).Value;
        var prepared = Act is { } act
            ? await ChainActs.Prepare(web3, address, await Running(web3, vault, stop), act, Backer, stop)
            : new PreparedAct(await ChainActs.Claims(web3, address, StatementCommand.Statements(vault, Backer).SelectMany(statement => statement.Payments), Backer, stop), null);
        if (prepared.Refusal is { } refusal) return OneLineFailures.OneLine(Error, ExitStatus.Refused, $"{refusal.Code}: {refusal.Explanation}");
        if (prepared.Calls.Count == 0) return OneLineFailures.OneLine(Error, ExitStatus.Refused, "nothingToClaim: no accepted settlement holds anything that wasn't claimed.");
        var hashes = new List<string>();
        if (!Json) Printed.Calls(Output, prepared.Calls, chainId);
        var status = Keystore is null ? ExitStatus.Done
            // Only a claim pays another than who sends it.
            : await new Sending(Command, Node, Keystore, Act is null ? null : Backer.Address, Json).Send(prepared.Calls, chainId, hashes, stop);
        if (Json) Printed.Sent(Output, address, chainId, prepared.Calls, hashes);
        return status;
    }

    /// <summary>The books in the week that runs on chain: settlements that the history doesn't have yet come first.</summary>
    private static async Task<Books> Running(Web3 web3, QuotedVault vault, CancellationToken stop)
    {
        var state = await new VaultReader(web3, vault.Books.Vault.Id, (await ChainBlock.Latest(web3, stop)).Number).State(stop);
        var fold = new Fold(vault.Books);
        for (var week = vault.Books.LastWeek + 1; week.Number < state.CurrentWeek; week += 1) fold.Apply(new Settle(week), out _);
        return fold.Books;
    }
}
