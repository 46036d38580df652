using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>
/// Terms that an owner signed, as they are stored and sent: <c>{ "vault", "chainId", "terms", "signature" }</c>. Whether the signature is the owner's, the vault's contract says.
/// </summary>
/// <param name="Vault">0x and 40 lower-case hex digits.</param>
/// <param name="Signature">0x and hex digits.</param>
public sealed record SignedOffer(string Vault, long ChainId, Terms Terms, string Signature)
{
    /// <summary>Unknown, missing and duplicate fields, wrong types and terms out of their bounds are refused by their place.</summary>
    public static Parsed<SignedOffer> Read(ReadOnlyMemory<byte> utf8) => Parsed<SignedOffer>.Reading(() =>
    {
        var fields = StrictJson.Document(utf8).Object("vault", "chainId", "terms", "signature");
        return new(EventJson.BackerOf(fields["vault"]).Address, fields["chainId"].Integer(1, long.MaxValue), TermsJson.Read(fields["terms"]), fields["signature"].Text());
    });

    /// <summary>Terms alone, in the replay format's form.</summary>
    public static Parsed<Terms> ReadTerms(ReadOnlyMemory<byte> utf8) => Parsed<Terms>.Reading(() => TermsJson.Read(StrictJson.Document(utf8)));

    /// <summary>The fields of a JSON object, in the form that is read.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("vault", Vault);
        json.WriteNumber("chainId", ChainId);
        json.WritePropertyName("terms");
        TermsJson.Write(json, Terms);
        json.WriteString("signature", Signature);
    }
}
