using System.Globalization;
using Backstake.Accounting;
using Nethereum.Util;

namespace Backstake.Functions.Identity;

/// <summary>What a message must say so that its signature signs somebody in here. Pure: nonce and signature are looked at by others.</summary>
/// <param name="Site">The app's origin.</param>
public sealed record SiweRules(Uri Site, long ChainId)
{
    /// <summary>Within which a message is to be signed and sent, from <c>Issued At</c> on; a nonce lives as long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    static readonly TimeSpan ClockError = TimeSpan.FromMinutes(1); // of the wallet's machine

    /// <summary>The message for an address: what a wallet shows and signs. It ends when its nonce does.</summary>
    public SiweMessage Write(string address, string nonce, DateTimeOffset now) => new(
        null, Site.Authority, AddressUtil.Current.ConvertToChecksumAddress(address), "Sign in to Backstake. This moves no money and costs nothing.", Site.GetLeftPart(UriPartial.Authority),
        ChainId.ToString(CultureInfo.InvariantCulture), nonce, UtcText.Of(now))
    {
        ExpirationTime = UtcText.Of(now + Limit),
    };

    /// <summary>Why the message signs nobody in, or null.</summary>
    public SignInRefusal? Refuse(SiweMessage message, DateTimeOffset now)
    {
        if (!AddressUtil.Current.IsChecksumAddress(message.Address))
            return SignInRefusal.AddressNotChecksummed;
        if (message.Domain != Site.Authority || (message.Scheme is { } scheme && scheme != Site.Scheme))
            return SignInRefusal.WrongDomain;
        var origin = Site.GetLeftPart(UriPartial.Authority);
        if (message.Uri != origin && !message.Uri.StartsWith(origin + "/", StringComparison.Ordinal))
            return SignInRefusal.WrongUri;
        if (message.ChainId != ChainId.ToString(CultureInfo.InvariantCulture))
            return SignInRefusal.WrongChain;
        var issued = SiweMessage.TimeOf(message.IssuedAt)!.Value;
        if (issued > now + ClockError)
            return SignInRefusal.IssuedInFuture;
        if (issued < now - Limit - ClockError)
            return SignInRefusal.IssuedTooEarly;
        if (message.ExpirationTime is { } expiration && SiweMessage.TimeOf(expiration) <= now)
            return SignInRefusal.MessageExpired;
        return message.NotBefore is { } notBefore && SiweMessage.TimeOf(notBefore) > now ? SignInRefusal.NotYetValid : null;
    }
}
