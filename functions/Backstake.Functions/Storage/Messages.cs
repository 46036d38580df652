namespace Backstake.Functions.Storage;

/// <summary>Queue <c>watch</c>: read what the chain says of a vault, up to the last final block.</summary>
public sealed record WatchVault(string Vault);

/// <summary>Queue <c>rounds</c>: a webhook said that a round opened for the model of this vault.</summary>
public sealed record RoundTriggered(string Vault, string? TriggerId);

/// <summary>Queue <c>submissions</c>: bring the vault's round a step nearer to being staked. Times are Numerai's (UTC).</summary>
public sealed record SubmitRound(string Vault, int Round, DateTimeOffset Opens, DateTimeOffset ClosesStaking, DateTimeOffset Resolves, string? TriggerId);

/// <summary>Queue <c>nodes</c>: have the vault's node make the round's predictions.</summary>
/// <param name="ByHand">Its delegate asks for it: no pause is waited for.</param>
public sealed record CallNode(string Vault, int Round, bool ByHand);

/// <summary>Queue <c>collects</c>: fetch the money of a resolved round.</summary>
public sealed record CollectRound(string Vault, int Round);

/// <summary>Queue <c>settlements</c>: settle, propose or accept the week, whichever is due.</summary>
public sealed record SettleWeek(string Vault, int Week);

/// <summary>Queue <c>releases</c>: send the holders' claims that accepted settlements released, up to this week.</summary>
public sealed record SendReleases(string Vault, int Week);

/// <summary>Queue <c>news</c>: tell those whom it concerns what was appended to a vault's log.</summary>
public sealed record TellVault(string Vault);

/// <summary>Queue <c>notifications</c>: call the receiver of this address's notifications with what waits for it.</summary>
public sealed record CallSubscriber(string Address);
