using System.Security.Cryptography;
using System.Text;
using Backstake.Sandbox.Api;

namespace Backstake.Sandbox.Submissions;

/// <summary>A model of an account, of one tournament. Its scores are those of the column of its name.</summary>
public sealed class SandboxModel(string name, TournamentKind tournament, SandboxAccount account)
{
    /// <summary>Numerai's API calls models by a UUID; here it follows from tournament and name, so it is the same in every run.</summary>
    public Guid Id { get; } = IdOf(name, tournament);

    public string Name { get; } = name;

    public TournamentKind Tournament { get; } = tournament;

    /// <summary>Whose it is now: at Numerai a model can move to another account.</summary>
    public SandboxAccount Account { get; set; } = account;

    /// <summary>Called when a round opens; null: not.</summary>
    public Uri? Webhook { get; set; }

    public static Guid IdOf(string name, TournamentKind tournament) => MakeId($"model|{(int)tournament}|{name}");

    /// <summary>A UUID (version 8, "custom") from a text.</summary>
    internal static Guid MakeId(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
