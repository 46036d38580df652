namespace Backstake.Functions.Identity;

/// <summary>Why nobody is signed in: a stable code and a sentence that says what to do. In the order in which they are looked for.</summary>
public sealed record SignInRefusal(string Code, string Sentence)
{
    public static readonly SignInRefusal MessageMalformed = new("signInMessageMalformed", "The message isn't one of EIP-4361: sign the text that POST /api/auth/nonce gives, without changing it.");
    public static readonly SignInRefusal AddressNotChecksummed = new("addressNotChecksummed", "The message's address lacks the capitals of EIP-55: write it as the wallet does.");
    public static readonly SignInRefusal WrongDomain = new("wrongDomain", "The message was signed for another site. If one asked you to sign in here, it isn't this one.");
    public static readonly SignInRefusal WrongUri = new("wrongUri", "The message's URI isn't this app's.");
    public static readonly SignInRefusal WrongChain = new("wrongChain", "The message names another chain: switch the wallet to the app's chain and sign again.");
    public static readonly SignInRefusal IssuedInFuture = new("issuedInFuture", "The message says that it was issued in the future: set the clock and sign again.");
    public static readonly SignInRefusal IssuedTooEarly = new("issuedTooEarly", "The message is too old: ask for a new one and sign it within ten minutes.");
    public static readonly SignInRefusal MessageExpired = new("signInMessageExpired", "The message has expired: ask for a new one.");
    public static readonly SignInRefusal NotYetValid = new("notYetValid", "The message isn't valid yet, as it says itself.");
    public static readonly SignInRefusal NonceUnknown = new("nonceUnknown", "The message's nonce isn't one of ours, is used up, or is older than ten minutes: ask for a new one.");
    public static readonly SignInRefusal SignatureWrong = new("signatureWrong", "The signature isn't that of the address in the message.");

    public static IReadOnlyList<SignInRefusal> All { get; } =
    [
        MessageMalformed, AddressNotChecksummed, WrongDomain, WrongUri, WrongChain, IssuedInFuture, IssuedTooEarly, MessageExpired, NotYetValid, NonceUnknown, SignatureWrong,
    ];
}
