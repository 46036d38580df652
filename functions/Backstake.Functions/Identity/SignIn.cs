using Backstake.Functions.Ethereum;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Identity;

/// <summary>A session that began, or why none did.</summary>
public sealed record SignedIn(string? Token, Session? Session, SignInRefusal? Refusal);

/// <summary>Signing in with Ethereum (EIP-4361): a nonce, a message, a signature by a key or a contract, a session.</summary>
public sealed class SignIn(Nonces nonces, Sessions sessions, ContractSignature contracts, IOptions<IdentitySettings> identity, IOptions<EthereumSettings> ethereum, TimeProvider clock)
{
    /// <summary>Null: no origin is set, and nobody can sign in.</summary>
    SiweRules? Rules => identity.Value.Site is { } site ? new(site, ethereum.Value.ChainId) : null;

    /// <summary>A message for the address to sign; null: nobody can sign in here.</summary>
    /// <param name="address">0x and 40 hex digits.</param>
    public async Task<SiweMessage?> Message(string address, CancellationToken stop) =>
        Rules?.Write(address, await nonces.New(stop), clock.GetUtcNow());

    /// <summary>Begins a session of the message's address. The nonce is used up before the signature is looked at: so no message is tried twice.</summary>
    /// <param name="signature">0x and hex digits.</param>
    public async Task<SignedIn> Begin(string text, string signature, CancellationToken stop)
    {
        if (Rules is not { } rules || SiweMessage.Read(text) is not { } message)
            return Refused(SignInRefusal.MessageMalformed);
        if (rules.Refuse(message, clock.GetUtcNow()) is { } refusal)
            return Refused(refusal);
        if (!await nonces.Use(message.Nonce, stop))
            return Refused(SignInRefusal.NonceUnknown);
        if (PersonalSignature.Read(signature) is not { } signed)
            return Refused(SignInRefusal.SignatureWrong);
        var (hash, address) = (PersonalSignature.Hash(text), message.Address.ToLowerInvariant());
        // A key's signature counts also where the address has code (EIP-7702); and what isn't one may be a contract's.
        var byKey = PersonalSignature.IsOf(address, hash, signed);
        if (!byKey && !await contracts.IsOf(address, hash, signed, stop))
            return Refused(SignInRefusal.SignatureWrong);
        var (token, session) = await sessions.Begin(address, byKey ? Sessions.OfKey : Sessions.OfContract, stop);
        return new(token, session, null);
    }

    static SignedIn Refused(SignInRefusal refusal) => new(null, null, refusal);
}
