namespace Backstake.Accounting;

/// <summary>
/// What an owner wants to do, as it is asked for in JSON: <c>{ "act": "addHouse" | "askHouse" | "addReserve" | "askReserve", "amount": "1.5" }</c>, <c>{ "act": "takeHouse" | "takeReserve" | "windDown" }</c>,
/// <c>{ "act": "withdrawOffer", "terms" }</c>, <c>{ "act": "pause", "deposits?", "staking?", "by?" }</c>; and with the contract's notice <c>{ "act": "moveCut", "fromWeek", "shiftSeconds" }</c>,
/// <c>{ "act": "announceStaker", "stakers" }</c> or <c>{ "act": "adoptStaker" | "revokeCutMove" | "revokeStaker" }</c>.
/// </summary>
/// <param name="Name">The act.</param>
public sealed record OwnerAct(string Name)
{
    /// <summary>What a move of cuts can begin with at the latest (contracts/src/Notices.sol).</summary>
    public const int LastNamedWeek = ushort.MaxValue;

    /// <summary>Less than 3 days.</summary>
    public const int ShiftSecondsMost = (3 * 24 * 60 * 60) - 1;

    public TermsId? Terms { get; init; }

    public Nmr Amount { get; init; }

    /// <summary>Whether new deposits are to be refused from now on; null: as it is.</summary>
    public bool? PausesDeposits { get; init; }

    /// <summary>Whether nothing is to be staked from now on; null: as it is.</summary>
    public bool? PausesStaking { get; init; }

    /// <summary>Who pauses, by address: the guardian may, too; null: the owner.</summary>
    public string? By { get; init; }

    /// <summary>The first week whose cut moves.</summary>
    public int FromWeek { get; init; }

    /// <summary>How far the cuts are to lie from the calendar of the vault's creation.</summary>
    public int ShiftSeconds { get; init; }

    /// <summary>A generation of Numerai's staking contracts, by the address of what deploys its stakers.</summary>
    public string? Stakers { get; init; }

    /// <summary>Whether it is one of those that have the contract's notice, which the books know nothing of.</summary>
    public bool IsNotice => Name is "moveCut" or "revokeCutMove" or "announceStaker" or "revokeStaker" or "adoptStaker";

    /// <summary>What the books would book of it; null: nothing, or they have booked it already.</summary>
    public VaultEvent? Event => Name switch
    {
        "addHouse" => new HouseDeposit(Amount),
        "askHouse" => new HouseWithdraw(Amount),
        "addReserve" => new ReserveDeposit(Amount),
        "askReserve" => new ReserveWithdraw(Amount),
        "windDown" => new WindDown(),
        _ => null,
    };

    /// <summary>Unknown, missing and duplicate fields, wrong types and amounts out of their bounds are refused by their place.</summary>
    public static Parsed<OwnerAct> Read(ReadOnlyMemory<byte> utf8) => Parsed<OwnerAct>.Reading(() => Read(StrictJson.Document(utf8)));

    private static OwnerAct Read(StrictJson json)
    {
        if (!json.Members().TryGetValue("act", out var act)) throw json.Malformed("act is missing");
        var name = act.Text();
        switch (name)
        {
            case "addHouse" or "askHouse" or "addReserve" or "askReserve":
                return new(name) { Amount = json.Object("act", "amount")["amount"].Amount(Nmr.Zero, Nmr.GreatestSupply) };
            case "takeHouse" or "takeReserve" or "windDown" or "revokeCutMove" or "revokeStaker" or "adoptStaker":
                json.Object("act");
                return new(name);
            case "withdrawOffer":
                var terms = json.Object("act", "terms")["terms"];
                if (terms.Text() is not { Length: 64 } id || !id.All(char.IsAsciiHexDigitLower)) throw terms.Malformed("not 64 lower-case hex digits");
                return new(name) { Terms = new TermsId(id) };
            case "pause":
                var fields = json.Object("act", "deposits?", "staking?", "by?");
                if (fields.Optional("deposits") is null && fields.Optional("staking") is null) throw json.Malformed("name deposits, staking or both");
                return new(name)
                {
                    PausesDeposits = fields.Optional("deposits")?.Truth(), PausesStaking = fields.Optional("staking")?.Truth(),
                    By = fields.Optional("by") is { } by ? EventJson.BackerOf(by).Address : null,
                };
            case "moveCut":
                var move = json.Object("act", "fromWeek", "shiftSeconds");
                return new(name) { FromWeek = (int)move["fromWeek"].Integer(1, LastNamedWeek), ShiftSeconds = (int)move["shiftSeconds"].Integer(-ShiftSecondsMost, ShiftSecondsMost) };
            case "announceStaker":
                return new(name) { Stakers = EventJson.BackerOf(json.Object("act", "stakers")["stakers"]).Address };
            default:
                throw act.Malformed("not one of addHouse, askHouse, takeHouse, addReserve, askReserve, takeReserve, withdrawOffer, pause, windDown, moveCut, revokeCutMove, announceStaker, revokeStaker, adoptStaker");
        }
    }
}
