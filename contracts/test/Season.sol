// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVaultReader} from "../src/interfaces/IVaultReader.sol";
import {Leaf, Proof} from "../src/interfaces/IWayOut.sol";
import {Holding, SeasonBooks, TermsOf} from "./SeasonBooks.sol";
import "./Fixture.sol";

/// Plays a vault's life by random calls, hostile ones among them. Each act is judged beforehand: it must succeed, or be refused for the reason that comes
/// first; a step that ends otherwise reverts, which fails the run.
contract Season is SeasonBooks {
    uint32 public round;
    uint32[] internal openRounds;
    uint256 public hostileAccepted;
    uint256 public hostileRefused;

    function setUp() public virtual override {
        super.setUp();
        Terms memory t = simple();
        t.compoundingWeeks = 3;
        _know(t);
        (t.reserveBps, t.lossShareBps, t.lockupWeeks) = (3_333, 3_333, 1);
        _know(t);
        (t.compoundingWeeks, t.upfrontFeeBps, t.houseMinBps) = (5, 150, 2_000);
        _know(t);
        later = newGeneration();
        vm.prank(curator);
        factory.announce(later);
        _addHouse(2_000 * NMR);
        addReserve(2_000 * NMR);
        stakers.push(staker);
        remember(state(), survey());
    }

    function parts() public view returns (Vault, IVaultReader, SandboxNmr, SandboxStaking, IWayOut) {
        return (vault, reader, nmr, staking, wayOut);
    }

    /* HOLDERS */

    function deposit(uint256 who, uint256 which, uint256 units, bool pay) public {
        State memory s = state();
        bytes32 id = offers[which % 3];
        units = bound(units, 1, 20);
        address backer = backers[who % 3];
        uint256 series = Series.id(id, pay, s.currentWeek);
        if (allSeries.length >= MOST_SERIES && !isKnown[series]) return;
        bytes4 refusal = _depositRefusal(s, termsById[bytes28(id)], units);
        bytes memory call = abi.encodeCall(vault.deposit, (id, uint64(units), pay, s.currentWeek));
        if (refusal != 0) return mustFail(backer, address(vault), call, refusal);
        buy(backer, id, uint64(units), pay);
        _knowSeries(series);
        watch(backer, address(vault));
    }

    function _depositRefusal(State memory s, Terms memory t, uint256 units) private view returns (bytes4) {
        if (s.windDownWeek != 0) return WindingDown.selector;
        if (s.currentWeek > s.lastAccepted + 2) return Pending.selector;
        uint256 spare = units * TermsOf.spare(t);
        if (spare != 0 && s.currentWeek != s.lastAccepted + 1) return Pending.selector;
        if (spare > s.houseSpare) return HouseTooSmall.selector;
        if (units * TermsOf.lock(t) > s.reserve - s.reserveDue - s.reserveLocked - reserveAsked) return ReserveInsufficient.selector;
        return 0;
    }

    /// The holder cancels, or, once winding down, anybody for him.
    function cancel(uint256 who, uint256 which, uint256 units, bool forHim) public {
        (address backer, uint256 series, uint256 held) = _pick(who, which);
        if (held == 0) return;
        State memory s = state();
        uint32 join = Series.joinWeek(series);
        uint64 part = uint64(bound(units, 1, held));
        bool waits = join == s.currentWeek || (s.booksClosed && join > s.lastAccepted);
        bytes memory call = forHim ? abi.encodeCall(vault.cancelFor, (backer, series, part)) : abi.encodeCall(vault.cancel, (series, part));
        if (forHim && s.windDownWeek == 0) return mustFail(stranger, address(vault), call, NotAllowed.selector);
        if (!waits) return mustFail(backer, address(vault), call, NotEnoughUnits.selector);
        uint256 before = nmr.balanceOf(backer);
        mustPass(forHim ? stranger : backer, address(vault), call);
        eq(nmr.balanceOf(backer) - before, part * termsOf(series).unitSize, "given back in full");
        watch(backer, backer);
    }

    function exit(uint256 who, uint256 which, uint256 units) public {
        (address backer, uint256 series, uint256 held) = _pick(who, which);
        if (held == 0) return;
        State memory s = state();
        uint64 part = uint64(bound(units, 1, held + 1));
        bytes4 refusal = _moveRefusal(s, series, part > held);
        if (refusal == 0 && s.windDownWeek == 0 && s.currentWeek < Series.joinWeek(series) + termsOf(series).lockupWeeks) refusal = LockedUp.selector;
        if (refusal == 0 && _isHeldBack(s, series)) refusal = Pending.selector;
        if (refusal != 0) return mustFail(backer, address(vault), abi.encodeCall(vault.exit, (series, part)), refusal);
        exit(backer, series, part);
        _knowExit(series, s.currentWeek);
        watch(backer, Series.pays(series) ? backer : address(vault));
    }

    function cancelExit(uint256 who, uint256 which, uint256 units) public {
        (address backer, uint256 series,) = _pick(who, which);
        if (series == 0) return;
        State memory s = state();
        (uint64 asked,) = reader.leavingOf(vault, series, s.currentWeek, backer);
        uint64 part = uint64(bound(units, 1, uint256(asked) + 1));
        bytes memory call = abi.encodeCall(vault.cancelExit, (series, part));
        if (part > asked || s.booksClosed) return mustFail(backer, address(vault), call, NotEnoughUnits.selector);
        mustPass(backer, address(vault), call);
        watch(backer, address(vault));
    }

    function transfer(uint256 who, uint256 to, uint256 which, uint256 units) public {
        (address backer, uint256 series, uint256 held) = _pick(who, which);
        if (held == 0) return;
        State memory s = state();
        uint256 part = bound(units, 1, held + 1);
        bytes4 refusal = _moveRefusal(s, series, part > held);
        if (refusal == 0 && _isHeldBack(s, series)) refusal = Pending.selector;
        bytes memory call = abi.encodeCall(vault.transfer, (backers[to % 3], series, part));
        if (refusal != 0) return mustFail(backer, address(vault), call, refusal);
        mustPass(backer, address(vault), call);
        watch(backer, address(0)); // `pay` units pay both
    }

    function _moveRefusal(State memory s, uint256 series, bool tooMany) private view returns (bytes4) {
        bool lives = Series.joinWeek(series) <= s.lastAccepted && s.currentWeek <= end(series) && !s.booksClosed;
        return !lives ? UnknownSeries.selector : tooMany ? NotEnoughUnits.selector : bytes4(0);
    }

    function _isHeldBack(State memory s, uint256 series) private pure returns (bool) {
        return Series.pays(series) && s.currentWeek != s.lastAccepted + 1;
    }

    /// By anybody; any class, also one that isn't there.
    function claim(uint256 who, uint256 which, uint256 exitWeek) public {
        (address backer, uint256 series,) = _pick(who, which);
        if (series == 0) return;
        uint32[] memory weeks_ = weeksOf(series);
        _claim(backer, series, exitWeek % 8 == 0 ? uint32(exitWeek >> 3) % 40 : weeks_[exitWeek % weeks_.length]);
        watch(backer, backer);
    }

    function _claim(address backer, uint256 series, uint32 exitWeek) internal {
        uint256 before = nmr.balanceOf(backer);
        uint256 claimable = vault.claimable(series, exitWeek, backer);
        (uint64 leaving,) = reader.leavingOf(vault, series, exitWeek, backer);
        (,, bool closed) = vault.classOf(series, exitWeek);
        if (closed) claimedUnits[series][exitWeek] += leaving;
        eq(vault.claim(series, exitWeek, backer), claimable, "claimed");
        eq(nmr.balanceOf(backer) - before, claimable, "received");
        eq(vault.claim(series, exitWeek, backer), 0, "a second time");
    }

    /* OWNER */

    function house(uint256 amount, uint256 what) public {
        State memory s = state();
        what %= 4;
        amount = bound(amount, 1, 100 * NMR);
        if (what == 0) {
            bytes memory call = abi.encodeCall(vault.addHouse, (uint88(amount)));
            if (s.currentWeek > s.lastAccepted + 2 || s.booksClosed) return mustFail(owner, address(vault), call, Pending.selector);
            _addHouse(amount);
        } else if (what == 1) {
            bytes memory call = abi.encodeCall(vault.askHouse, (uint88(amount)));
            if (s.currentWeek != s.lastAccepted + 1 || s.booksClosed) return mustFail(owner, address(vault), call, Pending.selector);
            if (amount > s.houseSpare) return mustFail(owner, address(vault), call, HouseEncumbered.selector);
            mustPass(owner, address(vault), call);
        } else if (what == 2) {
            mustFail(owner, address(vault), abi.encodeCall(vault.askHouse, (uint88(s.houseSpare + amount))), 0);
        } else {
            vm.prank(owner);
            eq(vault.takeHouse(), s.houseDue, "house due");
        }
        watch(owner, owner);
    }

    function reserve(uint256 amount, uint256 what) public {
        State memory s = state();
        what %= 4;
        uint256 most = s.reserve - s.reserveDue - s.reserveLocked - reserveAsked;
        if (what == 0) {
            addReserve(bound(amount, 1, 100 * NMR));
        } else if (what == 1) {
            uint88 asked = uint88(bound(amount, 1, 1 + most / 8));
            bytes memory call = abi.encodeCall(vault.askReserve, (asked));
            if (s.currentWeek != s.lastAccepted + 1 || s.booksClosed) return mustFail(owner, address(vault), call, Pending.selector);
            if (asked > most) return mustFail(owner, address(vault), call, ReserveLocked.selector);
            mustPass(owner, address(vault), call);
            reserveAsked += asked;
        } else if (what == 2) {
            mustFail(owner, address(vault), abi.encodeCall(vault.askReserve, (uint88(most + bound(amount, 1, NMR)))), 0);
        } else {
            vm.prank(owner);
            eq(vault.takeReserve(), s.reserveDue, "reserve due");
        }
        watch(owner, owner);
    }

    function moveCut(uint256 weeksAhead, int256 shift) public {
        uint32 week = vault.currentWeek() + uint32(weeksAhead % 6);
        shift = shift % int256(3 days + 2);
        (uint32 lastAccepted, uint32 movedFrom, int32 before, int32 moved) = vault.calendar();
        if (movedFrom != 0) before = moved;
        uint256 scheduled = FIRST_CUT + (uint256(week) - 1) * 7 days;
        bytes4 refusal;
        if (shift >= 3 days || shift <= -3 days) refusal = BadCut.selector;
        else if (movedFrom > lastAccepted) refusal = Pending.selector;
        else if (uint256(int256(scheduled) + (before < shift ? before : shift)) < clock() + 14 days) refusal = TooEarly.selector;
        bytes memory call = abi.encodeCall(notices.moveCut, (week, int32(shift)));
        if (refusal != 0) return mustFail(owner, address(notices), call, refusal);
        mustPass(owner, address(notices), call);
        eq(vault.cut(week), uint256(int256(scheduled) + shift), "the moved cut");
        watch(owner, address(vault));
    }

    function revokeCutMove(bool byOwner) public {
        (, uint32 from, int32 before, int32 moved) = vault.calendar();
        uint256 passes = FIRST_CUT + uint256(from) * 7 days - 7 days;
        bool over = from == 0 || clock() >= uint256(int256(passes) + (before < moved ? before : moved));
        bytes memory call = abi.encodeCall(notices.revokeCutMove, ());
        if (over) return mustFail(guardian, address(notices), call, NothingPending.selector);
        mustPass(byOwner ? owner : guardian, address(notices), call);
        watch(guardian, address(vault));
    }

    function changeStaker(uint256 what) public {
        (, uint64 adoptableAt) = notices.announced();
        what %= 4;
        if (what == 0) {
            bytes memory call = abi.encodeCall(notices.announceStaker, (later));
            if (!factory.isListed(later)) return mustFail(owner, address(notices), call, UnknownStakers.selector);
            if (adoptableAt == 0) mustPass(owner, address(notices), call);
        } else if (what == 1) {
            bytes memory call = abi.encodeCall(notices.revokeStaker, ());
            if (adoptableAt == 0) return mustFail(guardian, address(notices), call, NothingPending.selector);
            mustPass(guardian, address(notices), call);
        } else {
            bytes memory call = abi.encodeCall(notices.adoptStaker, ());
            if (adoptableAt == 0) return mustFail(owner, address(notices), call, NothingPending.selector);
            // Whoever asked out in those days has been settled.
            bool early = clock() < adoptableAt || vault.cut(state().lastAccepted) <= adoptableAt;
            if (early) return mustFail(owner, address(notices), call, TooEarly.selector);
            mustPass(owner, address(notices), call);
            stakers.push(state().staker);
        }
        watch(owner, address(vault));
    }

    function windDown(uint256 seldom, bool byStranger) public {
        State memory s = state();
        bytes memory call = abi.encodeWithSignature("windDown()");
        bool silent = clock() >= s.settledAt + 28 days;
        if (byStranger && !silent) return mustFail(stranger, address(vault), call, TooEarly.selector);
        if (s.windDownWeek != 0) return mustFail(owner, address(vault), call, WindingDown.selector);
        if (seldom % 8 != 0) return;
        mustPass(byStranger ? stranger : owner, address(vault), call);
        windDownWeek = vault.currentWeek();
        watch(owner, address(vault));
    }

    /* GUARDIAN AND STRANGERS */

    /// While paused, what isn't deposit or stake goes on (`DifferentialTest`).
    function pauseFor(uint256 who, uint256 what) public {
        State memory s = state();
        vm.prank(guardian);
        vault.pause(true, true);
        mustFail(backers[who % 3], address(vault), abi.encodeCall(vault.deposit, (offers[what % 3], 1, false, s.currentWeek)), Stopped.selector);
        mustFail(stakerKey, address(vault), abi.encodeCall(vault.stake, (round + 1, 1, 1, s.collects, "")), Stopped.selector);
        vm.prank(owner);
        vault.pause(false, false);
        watch(guardian, address(vault));
    }

    function donate(uint256 amount, bool book) public {
        State memory s = state();
        amount = bound(amount, 1, NMR);
        vm.prank(bob);
        nmr.transfer(address(vault), amount);
        donated += amount;
        watch(bob, address(vault));
        if (!book) return;
        if (s.currentWeek > s.lastAccepted + 2 || s.booksClosed) return mustFail(stranger, address(vault), abi.encodeCall(vault.sync, ()), Pending.selector);
        houseIn[s.currentWeek] += donated;
        eq(vault.sync(), donated, "surplus");
        donatedHouse += donated;
        donated = 0;
        watch(stranger, address(vault));
    }

    /// Days pass, seldom many.
    function wait(uint256 time) public {
        vm.warp(clock() + (time % 32 == 0 ? 20 days : bound(time, 1, 3 days)));
    }

    /// A role's work by somebody who hasn't the role.
    function usurp(uint256 who, uint256 what) public {
        address[7] memory all = [committer, stakerKey, settler, guardian, alice, stranger, address(wayOut)];
        what %= 12;
        address wrong = all[who % 7];
        bytes memory call;
        if (what == 0 && wrong != committer) call = abi.encodeCall(vault.commit, (round + 1, bytes32(who)));
        if (what == 1 && wrong != stakerKey) call = abi.encodeCall(vault.stake, (round + 1, 1, 1, 0, ""));
        if (what == 2 && wrong != settler) call = abi.encodeCall(vault.propose, (next(), none()));
        if (what == 3 && wrong != guardian) call = abi.encodeCall(vault.veto, ());
        if (what == 4 && wrong != guardian) call = abi.encodeCall(vault.pause, (true, true));
        if (what == 5) call = abi.encodeCall(vault.takeHouse, ());
        if (what == 6) call = abi.encodeCall(vault.takeReserve, ());
        if (what == 7) call = abi.encodeCall(vault.withdrawOffer, (offers[0]));
        if (what == 8 && wrong != address(wayOut)) call = abi.encodeCall(vault.payOut, (wrong, 1));
        if (what == 9 && wrong != address(wayOut)) call = abi.encodeCall(vault.releaseReserve, (0));
        if (what == 10) call = abi.encodeCall(vault.moveCuts, (1, 0, 1));
        if (what == 11) call = abi.encodeCall(vault.changeStaker, (later));
        if (call.length != 0) mustFail(wrong, address(vault), call, NotAllowed.selector);
    }

    /* ROUNDS */

    /// Sometimes beyond what is instructed, free or committed.
    function stakeRound(uint256 amount, uint256 fault) public {
        State memory s = state();
        uint256 most = s.free < s.stakeLimit ? s.free : s.stakeLimit;
        amount = bound(amount, 1, most + NMR);
        fault %= 8;
        uint32 r = round + 1;
        use(s.staker);
        if (fault != 0) open(r);
        uint32 collects = fault == 1 ? s.collects + 1 : s.collects;
        if (fault == 2) r = round;
        bytes4 refusal;
        if (s.windDownWeek != 0) refusal = WindingDown.selector;
        else if (s.currentWeek != s.lastAccepted + 1) refusal = Pending.selector;
        else if (fault == 1) refusal = BooksMoved.selector;
        else if (fault == 2) refusal = AlreadyStaked.selector;
        else if (fault == 0 && !committed[r]) refusal = NoCommitment.selector;
        else if (amount > s.stakeLimit) refusal = BeyondInstruction.selector;
        else if (amount > s.free) refusal = BeyondCash.selector;
        if (fault != 0) committed[round + 1] = true;
        if (fault == 0) staking.openRound(r, uint64(clock() + 1 hours));
        bytes memory call = abi.encodeCall(vault.stake, (r, uint88(amount), 10_000, collects, authorise(r, amount, MODEL)));
        if (refusal != 0) return mustFail(stakerKey, address(vault), call, refusal);
        mustPass(stakerKey, address(vault), call);
        round = r;
        openRounds.push(r);
        stakerOfRound[r] = s.staker;
        watch(stakerKey, address(staking));
    }

    function collectRound(uint256 which, int256 result) public {
        if (openRounds.length == 0) return;
        which %= openRounds.length;
        uint32 r = openRounds[which];
        uint256 stakeOf = reader.openStake(vault, r);
        result = result % int256(stakeOf + 1);
        use(stakerOfRound[r]);
        uint256 outstanding = state().units;
        bytes memory proof = resolve(r, result > 0 ? uint256(result) : 0, result < 0 ? uint256(-result) : 0);
        mustFail(stranger, address(vault), abi.encodeCall(vault.collect, (r, abi.encode(uint256(result > 0 ? result : -result) + 1, 0, new bytes32[](0)))), 0);
        eq(vault.collect(r, proof), uint256(int256(stakeOf) + result), "returned");
        won += result >= 0 ? uint256(result) : outstanding;
        openRounds[which] = openRounds[openRounds.length - 1];
        openRounds.pop();
        mustFail(stranger, address(vault), abi.encodeCall(vault.collect, (r, proof)), RoundNotOpen.selector);
        watch(stranger, address(vault));
    }

    /* SETTLEMENTS */

    /// Classes paid up to their unit size as far as the cash goes, old ones closed with cover; always accepted.
    function settleHonestly(uint256 seed) public {
        if (isClosed()) return;
        if (state().acceptableAt != 0) return acceptPending();
        uint32 week = state().lastAccepted + 1;
        if (clock() < vault.cut(week)) toCut(week);
        (Week memory w, Line[] memory lines) = honest(week, seed);
        bytes4 verdict = judge(w, lines);
        yes(verdict == 0, "an honest settlement");
        _propose(w, lines);
        if (seed % 4 == 0) return; // accepted by a later step, or vetoed
        acceptPending();
    }

    function acceptPending() public {
        State memory s = state();
        if (s.acceptableAt == 0) return mustFail(stranger, address(vault), abi.encodeCall(vault.accept, (pendingWeek, pendingLines)), NothingPending.selector);
        if (clock() < s.acceptableAt) {
            mustFail(stranger, address(vault), abi.encodeCall(vault.accept, (pendingWeek, pendingLines)), TooEarly.selector);
            vm.warp(s.acceptableAt);
        }
        Week memory w = pendingWeek;
        w.stakeLimit++;
        mustFail(settler, address(vault), abi.encodeCall(vault.accept, (w, pendingLines)), LinesDiffer.selector);
        _accept(0);
    }

    function veto(bool byOwner) public {
        bytes memory call = abi.encodeCall(vault.veto, ());
        if (state().acceptableAt == 0) return mustFail(guardian, address(vault), call, NothingPending.selector);
        mustPass(byOwner ? owner : guardian, address(vault), call);
        watch(guardian, address(vault));
    }

    /// A settlement with one number bent. A responsive guardian leaves no trace of it; without one it must be judged right.
    function settleHostilely(uint256 seed, uint256 target, uint256 number, bool responsive) public {
        if (isClosed() || state().acceptableAt != 0) return;
        uint32 week = state().lastAccepted + 1;
        if (clock() < vault.cut(week)) {
            mustFail(settler, address(vault), abi.encodeCall(vault.propose, (next(), none())), TooEarly.selector);
            toCut(week);
        }
        (Week memory w, Line[] memory lines) = honest(week, seed);
        bend(w, lines, target, number);
        bytes32 before = everything();
        _propose(w, lines);
        mustFail(settler, address(vault), abi.encodeCall(vault.propose, (w, lines)), Pending.selector);
        if (responsive) {
            veto(false);
            eq(everything(), before, "15: a vetoed proposal leaves no trace");
            return;
        }
        bytes4 verdict = judge(w, lines);
        vm.warp(state().acceptableAt);
        _accept(verdict);
        if (verdict == 0) {
            hostileAccepted++;
            return;
        }
        hostileRefused++;
        veto(true);
    }

    /// What of the next settlement's numbers is bent by whom: the settler names more than there is.
    function bend(Week memory w, Line[] memory lines, uint256 target, uint256 number) internal pure {
        target %= 10;
        if (target == 0) w.houseOut = uint88(number);
        else if (target == 1) w.reserveOut += uint88(bound(number, 1, NMR));
        else if (target == 2) w.houseOut = uint88(bound(number, 0, 3_000 * NMR));
        else if (lines.length != 0) {
            Line memory line = lines[number % lines.length];
            if (target == 3) line.paid = uint88(bound(number, 0, 400 * NMR));
            if (target == 4) line.units = uint64(bound(number, 0, 2 * line.units));
            if (target == 5) line.cover = uint88(bound(number, 0, 40 * NMR));
            if (target == 6) line.exitWeek = uint32(number % (w.week + 2));
            if (target == 7) line.closed = !line.closed;
            if (target == 8) lines[0] = lines[lines.length - 1];
            if (target == 9) (line.closed, line.cover) = (true, uint88(33.33e18));
        }
    }

    /* THE WAY OUT */

    function openWayOut() public {
        State memory s = state();
        uint256 since = s.windDownAt > s.settledAt ? s.windDownAt : s.settledAt;
        bytes memory call = abi.encodeWithSignature("open()");
        if (clock() < since + 28 days || s.windDownWeek == 0) return mustFail(stranger, address(wayOut), call, TooEarly.selector);
        if (s.booksClosed) return mustFail(stranger, address(wayOut), call, EscapeOpen.selector);
        mustPass(stranger, address(wayOut), call);
        watch(stranger, address(vault));
    }

    /// By a right proof or a bent one.
    function escape(uint256 who, uint256 which, uint256 bent) public {
        if (!isClosed() || lastLeaves.length == 0) return;
        (address backer, uint256 series,) = _pick(who, which);
        if (series == 0) return;
        uint32[] memory weeks_ = weeksOf(series);
        _escape(backer, series, weeks_[bent % weeks_.length], bent % 4 == 0);
    }

    function _escape(address backer, uint256 series, uint32 exitWeek, bool bent) internal {
        (bool found, Leaf memory leaf, Proof memory proof) = prove(series, exitWeek);
        if (!found) return;
        if (bent) leaf.value += 1;
        vm.prank(backer);
        (bool done, bytes memory answer) = address(wayOut).call(abi.encodeCall(wayOut.escape, (leaf, proof, exitWeek)));
        yes(!(bent && done), "a bent leaf");
        if (done) _hasEscaped(backer, series, exitWeek);
        else yes(_isRefusalToEscape(bytes4(answer)), "refused for another reason");
    }

    function _hasEscaped(address backer, uint256 series, uint32 exitWeek) private {
        coverTaken = true;
        if (wayOut.escapedOf(series, exitWeek, backer) != 0) byLeaf[series][exitWeek][backer] = true;
        address receiver = series == 0 ? owner : backer;
        watch(receiver, receiver);
    }

    /// The books' values may be beyond the gains: nobody was bound to write true ones.
    function _isRefusalToEscape(bytes4 refusal) private pure returns (bool) {
        return refusal == NotEnoughUnits.selector || refusal == UnitsDiffer.selector || refusal == BeyondGains.selector
            || refusal == CoverBeyondTerms.selector || refusal == BadProof.selector || refusal == EscapeNotOpen.selector;
    }

    /// Before its time, or in it.
    function takeRest(uint256 who, uint256 which, uint256 when) public {
        (address backer, uint256 series,) = _pick(who, which);
        if (series == 0) return;
        if (!isClosed() || clock() < wayOut.openedAt() + 26 weeks) {
            return mustFail(stranger, address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 0, backer)), EscapeNotOpen.selector);
        }
        uint32[] memory weeks_ = weeksOf(series);
        _takeRest(backer, series, weeks_[when % weeks_.length]);
        watch(backer, backer);
    }

    /* THE END: time and calls that anybody can make */

    /// Everybody leaves by the way out, by leaf or (`silently`: without a proof) by the rest. What is left is the wei of floors.
    function leaveForGood(bool silently) public {
        _playItOut();
        unwatched = true;
        if (state().windDownWeek == 0) {
            vm.warp(state().settledAt + 28 days > clock() ? state().settledAt + 28 days : clock());
            vm.prank(stranger);
            vault.windDown();
            windDownWeek = vault.currentWeek();
        }
        if (!isClosed()) {
            State memory s = state();
            vm.warp((s.windDownAt > s.settledAt ? s.windDownAt : s.settledAt) + 28 days + (s.windDownAt > clock() ? 1 : 0));
            if (clock() < s.windDownAt + 28 days) vm.warp(s.windDownAt + 28 days);
            wayOut.open();
        }
        if (!silently) for (uint256 pass; pass < 2; ++pass) _everybody(0);
        vm.warp(clock() + 27 weeks);
        for (uint256 pass; pass < 2; ++pass) _everybody(1);
        _everybody(2);

        State memory last = state();
        eq(last.waiting + last.joining, 0, "11: waits");
        eq(last.promised, last.houseDue, "11: promised");
        eq(last.staked, 0, "11: staked");
        yes(last.free <= last.units || _everybodyHasHis(), "11: left over");
    }

    /// Rounds come home.
    function _playItOut() private {
        while (openRounds.length != 0) collectRound(0, int256(uint256(keccak256(abi.encode(openRounds)))) % 3 * 1e17);
    }

    /// what: 0 escape, 1 take the rest, 2 claim and cancel.
    function _everybody(uint256 what) private {
        if (what == 0 && lastLeaves.length != 0) _escape(stranger, 0, 0, false);
        for (uint256 i; i < allSeries.length; ++i) {
            uint32[] memory weeks_ = weeksOf(allSeries[i]);
            for (uint256 b; b < 3; ++b) {
                for (uint256 e; e < weeks_.length; ++e) {
                    if (what == 0) _escape(backers[b], allSeries[i], weeks_[e], false);
                    if (what == 1) _takeRest(backers[b], allSeries[i], weeks_[e]);
                    if (what == 2) _claim(backers[b], allSeries[i], weeks_[e]);
                }
                uint256 held = vault.balanceOf(backers[b], allSeries[i]);
                if (what == 2 && held != 0 && Series.joinWeek(allSeries[i]) > state().lastAccepted) {
                    vault.cancelFor(backers[b], allSeries[i], uint64(held));
                }
            }
        }
    }

    function _takeRest(address backer, uint256 series, uint32 exitWeek) private {
        uint256 before = nmr.balanceOf(backer);
        try wayOut.takeRest(series, exitWeek, backer) returns (uint256 amount) {
            eq(nmr.balanceOf(backer) - before, amount, "the rest");
            coverTaken = true;
        } catch (bytes memory refusal) {
            bool none_ = vault.holding(series, exitWeek, backer).units == 0 || wayOut.escapedOf(series, exitWeek, backer) != 0;
            eq(uint32(bytes4(refusal)), uint32(NotEnoughUnits.selector), "11: the rest refused");
            yes(none_, "11: the rest refused to units that have nothing");
        }
    }

    /// Units that took the rest have their unit size; those that left by their leaf have had its part of each pot.
    function _everybodyHasHis() private view returns (bool) {
        for (uint256 i; i < allSeries.length; ++i) {
            uint32[] memory weeks_ = weeksOf(allSeries[i]);
            for (uint256 b; b < 3; ++b) {
                for (uint256 e; e < weeks_.length; ++e) {
                    Holding memory held = vault.holding(allSeries[i], weeks_[e], backers[b]);
                    if (held.units == 0) continue;
                    uint256 got = wayOut.escapedOf(allSeries[i], weeks_[e], backers[b]);
                    if (got + held.paid < held.unitSize && !byLeaf[allSeries[i]][weeks_[e]][backers[b]]) return false;
                }
            }
        }
        return true;
    }

    /* HELPERS */

    function _pick(uint256 who, uint256 which) internal view returns (address backer, uint256 series, uint256 held) {
        backer = backers[who % 3];
        if (allSeries.length == 0) return (backer, 0, 0);
        series = allSeries[which % allSeries.length];
        held = vault.balanceOf(backer, series);
    }
}
