using System.Security.Cryptography;
using System.Text;
using Backstake.Functions.Outgoing;

namespace Backstake.Functions.Nodes;

/// <summary>What proves to a node that a call is ours, and to us that an answer is its.</summary>
public sealed class NodeSignature(OutgoingSecrets secrets)
{
    /// <summary>Without the deployment's key there are no secrets, and no node is called.</summary>
    public bool IsPossible => secrets.IsPossible;

    /// <summary>The node as its secrets know it.</summary>
    public static string ReceiverOf(string vault) => $"node|{vault}";

    /// <summary>The secret as its node's delegate is told it, once.</summary>
    public string Secret(string vault, int number) => secrets.Of(ReceiverOf(vault), number);

    /// <summary>The unguessable part of the links by which the node of this vault takes ids and sends its file for this round.</summary>
    public string Ticket(string vault, int round) => Convert.ToHexStringLower(secrets.Made($"round|{vault}|{round}"));

    /// <summary>Compares in constant time.</summary>
    public bool Admits(string vault, int round, string ticket) =>
        IsPossible && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Ticket(vault, round)), Encoding.UTF8.GetBytes(ticket));
}
