using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>
/// For everybody who ever held units: the NMR that the vault sent them, less what cancelled deposits gave back at once and what the way out without an operator paid, is what the books' accepted settlements paid them, less what they can still
/// claim, to the wei (CONTRACT.md "Decided" 12).
/// </summary>
internal static class BackersGotWhatTheBooksPaid
{
    private const string Name = "Every backer got what the books paid, or can claim it";

    public static Check Of(FoldedHistory history, ChainEvidence chain)
    {
        var payments = history.Accepted(chain).SelectMany(settled => settled.Settlement.Payments).GroupBy(payment => payment.To)
            .ToDictionary(paid => paid.Key, paid => paid.Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Amount.Wei));
        var claimable = chain.Claimable.GroupBy(claim => claim.Key.Holder).ToDictionary(claims => claims.Key, claims => claims.Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Value));
        var sent = NmrReceived.ByAddress(chain);
        var wayOut = WayOut.Of(history, chain);
        var wrong = new List<string>();
        var (receivedByAll, claimableByAll) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var backer in history.Backers)
        {
            var received = sent.GetValueOrDefault(backer.Address) - NmrReceived.AsOwner(backer.Address, chain) - history.Refunds.GetValueOrDefault(backer).Wei
                - wayOut.Refunds.GetValueOrDefault(backer.Address) - wayOut.Paid.GetValueOrDefault(backer.Address);
            var (paid, open) = (payments.GetValueOrDefault(backer.Address), claimable.GetValueOrDefault(backer.Address));
            receivedByAll += received;
            claimableByAll += open;
            if (received != paid - open) wrong.Add($"{backer} received {new Nmr(received)} NMR beyond refunds; the books paid {new Nmr(paid)}, of which {new Nmr(open)} can still be claimed");
        }

        return Check.Of(Name, $"{history.Backers.Count} backers received {new Nmr(receivedByAll)} NMR and can claim {new Nmr(claimableByAll)}", wrong);
    }
}
