using System.Collections.Immutable;
using System.Text;
using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Vault;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>
/// Plays a history to the books and to a vault on chain. An act is told to the books at once and waits for a block on the chain, with the verdict that it must get; books settle when the
/// clock passes a cut; after every block the two are compared.
/// </summary>
internal sealed partial class Player
{
    private const int DaySeconds = 24 * 3600;
    private const long WeekSeconds = 7 * DaySeconds;

    private readonly VaultOnChain chain;
    private readonly Disturbance disturbance;
    private readonly Setting setting;
    private readonly long firstCut;
    private readonly ImmutableArray<(TermsId Id, Terms Terms)> offers;
    private readonly List<VaultEvent> events = [];
    private readonly List<string> story = [];
    private Books books;
    private long now;

    private Player(Setting setting, VaultOnChain chain, long firstCut, Disturbance disturbance)
    {
        (this.setting, this.chain, this.firstCut, this.disturbance) = (setting, chain, firstCut, disturbance);
        now = chain.World.Time + 1;
        offers = [.. setting.Terms.Select(terms => (new TermsId(SignedTerms.Id(ChainTerms.Of(terms), chain.Address)), terms))];
        books = Books.Open(new VaultSettings(chain.Address, Staking.PerRound, setting.ConcurrentRounds));
        foreach (var (id, terms) in offers) books = books.WithTerms(id, disturbance.Terms(terms));
        (settledAt, generation) = (firstCut, setting.Generation);
    }

    public Counts Counts { get; } = new();

    /// <summary>The settlement that an act now belongs to.</summary>
    private int CurrentWeek => books.LastWeek.Number + 1;

    /// <returns>Where books and contract parted, with the whole story; null: they didn't.</returns>
    public static async Task<Difference?> Compare(World world, History history, Disturbance disturbance)
    {
        try
        {
            await Play(world, history, disturbance);
            return null;
        }
        catch (Difference difference)
        {
            return difference;
        }
    }

    /// <exception cref="Difference">Books and contract parted; the message has the whole story.</exception>
    public static async Task<Counts> Play(World world, History history, Disturbance disturbance)
    {
        await world.Begin();
        var (created, cut) = (Setting.Of(history.Seed), world.Time + WeekSeconds);
        var player = new Player(created, await VaultOnChain.Create(world, cut, created.WindowHours, created.Generation), cut, disturbance);
        try
        {
            player.Begin();
            foreach (var move in history.Moves) await player.Play(move);
            await player.Finish();
        }
        catch (Exception e) when (e is Difference or InvariantViolatedException)
        {
            throw new Difference($"{e.Message}\n{player.Story()}");
        }

        return player.Counts;
    }

    private Task Play(Move move)
    {
        switch (move.Kind)
        {
            case Kind.Wait: return Wait(move);
            case Kind.BeforeCut: return GoTo(CutOf(CurrentWeek) - 1);
            case Kind.Cut: return GoTo(CutOf(CurrentWeek) + (move.A % 3 == 0 ? move.B % 3_600 : 0));
            case Kind.Accept: return Accept(move);
            case Kind.ChangeStaker: return ChangeStaker(move);
            case Kind.Propose: Propose(); break;
            case Kind.ProposeFalsely: ProposeFalsely(move); break;
            case Kind.Veto: Veto(move); break;
            case Kind.Deposit: Deposit(move); break;
            case Kind.Cancel: Cancel(move); break;
            case Kind.Exit: Exit(move); break;
            case Kind.CancelExit: CancelExit(move); break;
            case Kind.Transfer: Transfer(move); break;
            case Kind.Claim: Claim(move); break;
            case Kind.AddHouse: AddHouse(move); break;
            case Kind.AskHouse: AskHouse(move); break;
            case Kind.TakeHouse: TakeHouse(); break;
            case Kind.AddReserve: AddReserve(move); break;
            case Kind.AskReserve: AskReserve(move); break;
            case Kind.TakeReserve: TakeReserve(); break;
            case Kind.Round: Round(move); break;
            case Kind.Collect: Collect(move); break;
            case Kind.Donate: Donate(move); break;
            case Kind.Sync: Sync(); break;
            case Kind.Pause: Pause(move.A % 2 == 0, move.A % 3 != 0, move); break;
            case Kind.Resume: Pause(deposits: false, staking: false, move); break;
            case Kind.MoveCut: MoveCut(move); break;
            case Kind.RevokeCutMove: RevokeCutMove(move); break;
            case Kind.WithdrawOffer: WithdrawOffer(move); break;
            case Kind.WindDown: WindDown(People.Owner); break;
            case Kind.WindDownByAnybody: WindDown(People.Anybody); break;
            case Kind.Stranger: Stranger(move); break;
            default: throw new ArgumentOutOfRangeException(nameof(move));
        }

        return Task.CompletedTask;
    }

    private void Begin()
    {
        foreach (var holder in People.Backers.Select(backer => backer.Address).Append(People.Owner))
            chain.SendTo(chain.World.Nmr, "approve", holder, new Backstake.Chain.Nmr.NmrApproveFunction { Spender = chain.Address, Value = World.OthersNmr * Wei.OneNmr });
        foreach (var (id, terms) in offers)
        {
            var signature = SignedTerms.Sign(ChainTerms.Of(terms), chain.Address, World.ChainId, World.OwnerKey).HexToByteArray();
            ChainAlone("offer", People.Anybody, new OfferFunction { Terms = ChainTerms.Of(terms), Signature = signature });
        }

        AddHouse(setting.House);
        AddReserve(setting.Reserve);
    }

    /// <summary>An act that the books have too: the same verdict, the same name. <paramref name="chainAlone"/>: names with which the chain may, and then must, refuse what the books may accept.</summary>
    /// <returns>Whether it is done.</returns>
    private bool Both<TCall>(string act, string from, TCall call, VaultEvent vaultEvent, params IReadOnlyList<string?> chainAlone)
        where TCall : FunctionMessage
    {
        var applied = disturbance.Apply(books, vaultEvent);
        var refusals = chainAlone.OfType<string>().ToHashSet();
        if (refusals.Count > 0 && applied.Refusal is null) Counts.Refused(act, refusals.First(), byBoth: false);
        if (applied.Refusal is { } refusal)
        {
            refusals.Add(refusal.Code);
            Counts.Refused(act, refusal.Code, byBoth: true);
        }

        Tell($"{act} {Text(vaultEvent)}", from, call, refusals);
        if (refusals.Count > 0) return false;
        Counts.Act(act);
        Counts.SituationIf(unaccepted.Count > 0, $"{act} between cut and acceptance");
        events.Add(vaultEvent);
        books = applied.Books;
        return true;
    }

    /// <summary>An event that the chain doesn't see.</summary>
    private void BooksAlone(VaultEvent vaultEvent)
    {
        var applied = disturbance.Apply(books, vaultEvent);
        Difference.Unless(applied.Refusal is null, $"the books refuse {Text(vaultEvent)}: {applied.Refusal}");
        Note($"books: {Text(vaultEvent)}");
        events.Add(vaultEvent);
        books = applied.Books;
    }

    /// <summary>An act on the chain; with refusals it must be refused with one of them.</summary>
    private void Tell<TCall>(string what, string from, TCall call, params IReadOnlyCollection<string> refusals)
        where TCall : FunctionMessage => TellTo(chain.Address, what, from, call, refusals);

    private void TellTo<TCall>(string to, string what, string from, TCall call, params IReadOnlyCollection<string> refusals)
        where TCall : FunctionMessage
    {
        Note($"{what} by {People.NameOf(from)}{(refusals.Count == 0 ? "" : $" → {string.Join(" or ", refusals)}")}");
        chain.SendTo(to, what, from, call, refusals);
    }

    /// <summary>An act of which the books know nothing; with refusals it must be refused with one of them.</summary>
    /// <returns>Whether it is done.</returns>
    private bool ChainAlone<TCall>(string act, string from, TCall call, params IReadOnlyList<string?> refusals)
        where TCall : FunctionMessage => ChainAloneAt(chain.Address, act, from, call, refusals);

    private bool ChainAloneAt<TCall>(string to, string act, string from, TCall call, params IReadOnlyList<string?> refusals)
        where TCall : FunctionMessage
    {
        var because = refusals.OfType<string>().ToList();
        TellTo(to, act, from, call, because);
        if (because.Count > 0) Counts.Refused(act, because[0], byBoth: false);
        else Counts.Act(act);
        return because.Count == 0;
    }

    private Task Wait(Move move)
    {
        var left = CutOf(CurrentWeek) - now - 2;
        return GoTo(left < 1 ? now : now + 1 + (long)(left * (move.A % 1_000) / 4_000.0));
    }

    /// <summary>The next block is at this time or later. What waits gets its block first; the books settle what has passed its cut.</summary>
    private async Task GoTo(long time)
    {
        await MineWhatWaits();
        now = Math.Max(time, chain.World.Time + 1);
        while (CutOf(CurrentWeek) <= now) Settle();
    }

    private async Task MineWhatWaits()
    {
        if (!chain.HasPending) return;
        var mined = await chain.Mine(now);
        foreach (var (sent, receipt) in mined) Counts.SituationIf(sent.What.StartsWith(ClaimOfSomebody, StringComparison.Ordinal) && receipt.GetProperty("logs").GetArrayLength() > 0, "claim that pays");
        await CompareMoney();
        if (!checkClasses) return;
        checkClasses = false;
        await ComparePayments();
    }

    private void Note(string what) => story.Add($"week {CurrentWeek}, {now - firstCut + WeekSeconds,9} s: {what}");

    private string Story()
    {
        var replay = new ReplayFile(books.Vault, offers.ToImmutableSortedDictionary(it => it.Id, it => it.Terms), [.. events]);
        return string.Join('\n', story) + "\n" + Encoding.UTF8.GetString(replay.Write());
    }

    private string Text(VaultEvent vaultEvent) => Encoding.UTF8.GetString(EventJson.Write(vaultEvent));
}
