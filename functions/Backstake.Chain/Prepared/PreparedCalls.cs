using System.Globalization;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;

namespace Backstake.Chain.Prepared;

/// <summary>A class of which a holder can claim something now.</summary>
public sealed record ClaimableClass(Accounting.SeriesId Series, Week? ExitWeek, Accounting.Nmr Amount);

/// <summary>The calls with which a backer acts, in the order in which they are to be sent. Pure: whether books and chain would take them is looked at by others.</summary>
public static class PreparedCalls
{
    /// <summary>Numerai's own accounts end here (NUMERAI.md, NMR): what goes to one of them may be lost.</summary>
    private static readonly BigInteger CustodialMost = 0xF4240;

    /// <summary>
    /// Buys units: first exactly the price is approved, unless it is. NMR approves only from or to zero, so another allowance is taken back before.
    /// </summary>
    /// <param name="vault">The vault's address.</param>
    /// <param name="nmr">The NMR token's address.</param>
    /// <param name="deposit">What is bought.</param>
    /// <param name="price">units·unitSize.</param>
    /// <param name="week">The week that runs: in another the contract refuses it.</param>
    /// <param name="allowance">What the backer allows the vault now.</param>
    public static IReadOnlyList<PreparedCall> Deposit(string vault, string nmr, Deposit deposit, Accounting.Nmr price, Week week, Accounting.Nmr allowance)
    {
        var call = new DepositFunction { Terms = Convert.FromHexString(deposit.Terms.Text), Units = (ulong)deposit.Units.Count, Pay = deposit.Payout == Payout.Pay, JoinWeek = (uint)week.Number };
        return [.. Approvals(vault, nmr, price, allowance), PreparedCall.Of(
            $"Buy {Counted(deposit.Units)} for {price} NMR; {(call.Pay ? "profit is paid out weekly" : "profit is staked on")}. They join at the settlement of week {week}.",
            vault, "deposit(bytes32 terms, uint64 units, bool pay, uint32 joinWeek)", call, VaultGas.Deposit)];
    }

    /// <summary>What comes before the vault may take an amount: nothing, where exactly that is allowed.</summary>
    internal static IEnumerable<PreparedCall> Approvals(string vault, string nmr, Accounting.Nmr amount, Accounting.Nmr allowance)
    {
        if (allowance == amount) yield break;
        if (!allowance.IsZero) yield return Approve(vault, nmr, Accounting.Nmr.Zero, $"Take back the allowance of {allowance} NMR that the vault has: NMR changes one only from or to zero.");
        yield return Approve(vault, nmr, amount, $"Allow the vault to take exactly {amount} NMR.");
    }

    /// <param name="vault">The vault's address.</param>
    /// <param name="act">A <see cref="Accounting.CancelDeposit"/>, <see cref="Accounting.Exit"/>, <see cref="Accounting.CancelExit"/> or <see cref="Accounting.Transfer"/>.</param>
    /// <param name="week">The week that runs.</param>
    public static PreparedCall Of(string vault, VaultEvent act, Week week) => act switch
    {
        CancelDeposit it => PreparedCall.Of(
            $"Take {Counted(it.Units)} back that wait for the settlement of week {week}; their NMR is paid back at once.", vault, "cancel(uint256 series, uint64 units)",
            new CancelFunction { Series = Number(new(it.Terms, week, it.Payout)), Units = (ulong)it.Units.Count }),
        Exit it => PreparedCall.Of(
            $"Ask {Counted(it.Units)} out: they leave at the settlement of week {week} and are paid as their rounds resolve.", vault, "exit(uint256 series, uint64 units)",
            new ExitFunction { Series = Number(it.Series), Units = (ulong)it.Units.Count }, VaultGas.Exit),
        CancelExit it => PreparedCall.Of(
            $"Keep {Counted(it.Units)} that were asked out.", vault, "cancelExit(uint256 series, uint64 units)", new CancelExitFunction { Series = Number(it.Series), Units = (ulong)it.Units.Count }),
        Transfer it => PreparedCall.Of(
            $"Give {Counted(it.Units)} to {it.To}: nobody can take them back.", vault, "transfer(address receiver, uint256 id, uint256 amount)",
            new TransferUnitsFunction { Receiver = it.To.Address, Series = Number(it.Series), Units = it.Units.Count }),
        _ => throw new ArgumentException($"{act.GetType().Name} is no call of a backer's alone.", nameof(act)),
    };

    /// <summary>Anybody may send it; the holder is paid.</summary>
    public static PreparedCall Claim(string vault, Backer holder, ClaimableClass claimable) => PreparedCall.Of(
        $"Pay {holder} the {claimable.Amount} NMR that accepted settlements released{(claimable.ExitWeek is { } left ? $" of units that left in week {left}" : "")}.",
        vault, "claim(uint256 series, uint32 exitWeek, address holder)",
        new ClaimFunction { Series = Number(claimable.Series), ExitWeek = (uint)(claimable.ExitWeek?.Number ?? 0), Holder = holder.Address }, VaultGas.Claim);

    /// <summary>Why units mustn't go there, as a sentence, or null: nobody could ever use them.</summary>
    public static string? WhyNoReceiver(Backer receiver, string vault, string nmr) =>
        IsCustodial(receiver.Address) ? "The receiver is address zero or one of Numerai's own accounts."
        : string.Equals(receiver.Address, vault, StringComparison.OrdinalIgnoreCase) ? "The receiver is the vault itself."
        : string.Equals(receiver.Address, nmr, StringComparison.OrdinalIgnoreCase) ? "The receiver is the NMR contract."
        : null;

    /// <summary>Whether NMR sent there would be out of its owner's hands.</summary>
    internal static bool IsCustodial(string address) => BigInteger.Parse("0" + address[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) <= CustodialMost;

    /// <summary>The series as the contract numbers it.</summary>
    public static BigInteger Number(Accounting.SeriesId series) => OnChain(series).ToNumber();

    public static Vault.SeriesId OnChain(Accounting.SeriesId series) => Vault.SeriesId.Of(series.Terms.Text, series.Payout == Payout.Pay, (uint)series.EntryWeek.Number);

    private static PreparedCall Approve(string vault, string nmr, Accounting.Nmr amount, string purpose) =>
        PreparedCall.Of(purpose, nmr, "approve(address spender, uint256 value)", new NmrApproveFunction { Spender = vault, Value = amount.Wei });

    private static string Counted(Units units) => units.Count == 1 ? "1 unit" : $"{units} units";
}
