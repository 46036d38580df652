using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Backstake.Cli.Escape;

/// <summary>What <c>backstake escape</c> prints.</summary>
/// <param name="OpenedAt">Null: the way out is closed.</param>
/// <param name="Holder">Who is paid, and sends the call.</param>
/// <param name="Pays">What the call would pay in this block; null where it would be refused.</param>
/// <param name="Refused">Why, by the contract's name.</param>
internal sealed record WayOutReport(string Vault, ChainState State, DateTimeOffset? OpenedAt, EscapeFunction Call, string Holder, Nmr? Pays, string? Refused)
{
    private string Calldata => Call.GetCallData().ToHex(prefix: true);

    public string ToJson() => JsonSerializer.Serialize(new
    {
        vault = Vault,
        week = State.LastAccepted,
        root = State.Books.ToHex(prefix: true),
        wayOut = State.WayOut,
        openedAt = OpenedAt,
        leaf = new { series = $"0x{Call.Leaf.Series:x64}", exitWeek = Call.Leaf.ExitWeek, units = Call.Leaf.Units, value = new Nmr(Call.Leaf.Value).ToString() },
        proof = new
        {
            index = (int)Call.Proof.Index,
            siblings = Call.Proof.Siblings.Select(sibling => sibling.ToHex(prefix: true)),
            sums = Call.Proof.Sums.Select(sum => new Nmr(sum).ToString()),
            cover = new Nmr(Call.Proof.Cover).ToString(),
            digest = Call.Proof.Digest.ToHex(prefix: true),
        },
        exitWeek = Call.ExitWeek,
        holder = Holder,
        pays = Pays?.ToString(),
        refused = Refused,
        calldata = Calldata,
    });

    public override string ToString() => string.Join('\n',
    [
        $"Vault {Vault}, books of week {State.LastAccepted}, the last that was accepted: root {State.Books.ToHex(prefix: true)}",
        OpenedAt is { } since ? $"The way out is open since {since:u}." : "The way out is closed: anybody can open it 28 days after the later of wind-down and last settlement.",
        $"Leaf: series 0x{Call.Leaf.Series:x64}, exit week {Call.Leaf.ExitWeek}, {Call.Leaf.Units} units, {new Nmr(Call.Leaf.Value)} NMR each",
        $"Proof: index {Call.Proof.Index}, {Call.Proof.Siblings.Count} siblings, cover {new Nmr(Call.Proof.Cover)} NMR, digest of the stored books {Convert.ToHexStringLower(Call.Proof.Digest)}",
        .. Call.Proof.Siblings.Zip(Call.Proof.Sums, (sibling, sum) => $"  {sibling.ToHex(prefix: true)}, below it {new Nmr(sum)} NMR"),
        Pays is { } pays ? $"Sent now, it pays {pays} NMR to {(Call.Leaf.Series.IsZero ? "the owner" : Holder)}; again, when more has come home." : $"Sent now, it is refused: {Refused}.",
        $"Calldata, to be sent to {State.WayOut} {(Call.Leaf.Series.IsZero ? "by anybody" : $"by {Holder}")}:",
        Calldata,
    ]);
}
