namespace Backstake.Season;

/// <summary>What <c>./run</c> was asked to play.</summary>
public sealed record SeasonOptions
{
    /// <summary>Settlement weeks with rounds; five rounds each. Afterwards time goes on until every round is resolved and paid.</summary>
    public int Weeks { get; init; } = 12;
    public int FromRound { get; init; } = 843;

    /// <summary>The folder of the two score files; null: ../shared/data if that is there, else scores made from the seed.</summary>
    public string? Scores { get; init; }

    /// <summary>Models by name; empty: those with a score in every round that is played, in the files' order.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    public int Vaults { get; init; } = 3;
    public int Backers { get; init; } = 5;
    public int Seed { get; init; } = 1;

    /// <summary>So many owners or backers act at the same time before the first round; more than one: who comes first in a block is chance.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>Don't stay up at the end.</summary>
    public bool Exit { get; init; }
    public bool Json { get; init; }

    /// <summary>Where each vault's history and published books are written; null: a folder of the season's own.</summary>
    public string? Out { get; init; }

    /// <summary>How often the app is killed (kill -9) at a random moment and started again.</summary>
    public int Kills { get; init; }

    /// <summary>All vaults but the first have nodes that answer now at once, now late, now with garbage, now not at all.</summary>
    public bool Unreliable { get; init; }

    /// <summary>Vaults begin with stakers that have accounts at Numerai and adopt those that are Numerai's stakers themselves; otherwise the other way round.</summary>
    public bool OnAccounts { get; init; }

    /// <summary>Azurite keeps what it stores in a folder: it can be ended and started again, and killed, which loses what it acknowledged last.</summary>
    public bool StorageOnDisk { get; init; }

    /// <summary>Azurite's services are processes of their own, for many vaults.</summary>
    public bool StorageApart { get; init; }

    public int Rounds => Weeks * 5;
    public int LastRound => FromRound + Rounds - 1;
}
