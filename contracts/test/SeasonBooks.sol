// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStaker, IStakers} from "../src/interfaces/IStaker.sol";
import {Holding} from "../src/interfaces/IVaultForWayOut.sol";
import {Leaf, Proof} from "../src/interfaces/IWayOut.sol";
import "./Fixture.sol";

/// A unit's amounts by its terms (ACCOUNTING.md section 1), wei.
library TermsOf {
    function lock(Terms memory t) internal pure returns (uint256) {
        return uint256(t.unitSize) * t.reserveBps / 10_000;
    }

    function spare(Terms memory t) internal pure returns (uint256) {
        return (uint256(t.unitSize) * t.houseMinBps + 9_999) / 10_000;
    }

    function fee(Terms memory t) internal pure returns (uint256) {
        return uint256(t.unitSize) * t.upfrontFeeBps / 10_000;
    }
}

/// What a season knows beside the vault: which classes there are, what should have happened to the money, what a settlement should be answered, and after
/// each step whether anybody lost or got what he shouldn't.
abstract contract SeasonBooks is Fixture {
    uint256 internal constant MOST_SERIES = 10;

    address[3] public backers = [alice, bob, carol];
    bytes32[] internal offers;
    mapping(bytes28 => Terms) internal termsById;
    uint256[] public allSeries; // sorted
    mapping(uint256 series => bool) internal isKnown;
    mapping(uint256 series => uint32[]) internal exitWeeks;

    uint32 internal windDownWeek;
    IStakers internal later;
    IStaker[] public stakers;
    mapping(uint32 round => IStaker) internal stakerOfRound;
    mapping(uint32 round => bool) internal committed;

    Week internal pendingWeek;
    Line[] internal pendingLines;
    Leaf[] internal pendingLeaves;
    Leaf[] public lastLeaves;
    uint256 internal pendingCover;
    uint256 internal lastCover;

    /* What should have happened: the ghosts of the invariants. */
    uint256 public won;
    uint256 public gainsUsed;
    int256 public houseNet;
    uint256 public feesIn;
    uint256 public donated; // not booked
    uint256 public donatedHouse;
    uint256 public reserveAsked;
    mapping(uint32 week => uint256) internal houseIn;
    mapping(uint256 series => mapping(uint32 exitWeek => uint256)) public claimedUnits; // of closed classes: their records are gone
    mapping(uint256 series => mapping(uint32 exitWeek => mapping(address holder => bool))) internal byLeaf;
    bool public coverTaken;

    /* As it was after the last step. */
    bool internal unwatched;
    bool internal accepting;
    State internal last;
    mapping(address account => uint256) internal balance;
    mapping(address backer => uint256) internal worth;
    mapping(address backer => uint256) internal held;
    mapping(uint256 series => mapping(uint32 exitWeek => uint256)) internal seenPaid;
    mapping(uint256 series => mapping(uint32 exitWeek => bool)) internal seenClosed;
    mapping(uint32 week => uint256) internal passedCuts;

    /* WHAT THERE IS */

    function _know(Terms memory t) internal {
        bytes32 id = offer(t);
        offers.push(id);
        termsById[bytes28(id)] = t;
    }

    function _knowSeries(uint256 series) internal {
        if (isKnown[series]) return;
        isKnown[series] = true;
        allSeries.push(series);
        for (uint256 i = allSeries.length - 1; i > 0 && allSeries[i - 1] > series; --i) (allSeries[i - 1], allSeries[i]) = (series, allSeries[i - 1]);
    }

    function _knowExit(uint256 series, uint32 week) internal {
        uint32[] storage known = exitWeeks[series];
        if (known.length == 0 || known[known.length - 1] != week) known.push(week);
    }

    function _addHouse(uint256 amount) internal {
        houseIn[vault.currentWeek()] += amount;
        addHouse(amount);
    }

    function seriesCount() public view returns (uint256) {
        return allSeries.length;
    }

    function isClosed() public view returns (bool) {
        return wayOut.openedAt() != 0;
    }

    function termsOf(uint256 series) public view returns (Terms memory) {
        return termsById[Series.offer(series)];
    }

    function end(uint256 series) public view returns (uint32 week) {
        week = Series.joinWeek(series) + termsOf(series).compoundingWeeks;
        if (windDownWeek != 0 && windDownWeek < week) week = windDownWeek;
    }

    /// Cheaper than a whole State.
    function lastAccepted_() public view returns (uint32 week) {
        (week,,,) = vault.calendar();
    }

    /// The classes that a series can have, in order: 0 while it lives, the weeks in which units left, its end.
    function weeksOf(uint256 series) public view returns (uint32[] memory weeks_) {
        uint32[] storage exits = exitWeeks[series];
        uint32 end_ = end(series);
        bool ends = exits.length == 0 || exits[exits.length - 1] != end_;
        weeks_ = new uint32[](exits.length + (ends ? 2 : 1));
        for (uint256 i; i < exits.length; ++i) weeks_[i + 1] = exits[i];
        if (ends) weeks_[exits.length + 1] = end_;
    }

    /* WHAT IS OUTSTANDING */

    /// claimable: over all classes, each wei once. held: a holder's units whose money isn't settled for ever. units, principal (what accepted units in open
    /// classes lack of their unit sizes), locked (of the reserve): what the contract should count.
    struct Survey {
        uint256[3] claimable;
        uint256[3] held;
        uint256 units;
        uint256 principal;
        uint256 locked;
    }

    /// Adds up all classes, and holds the holders' units to the classes' on the way (3).
    function survey() public view returns (Survey memory sum) {
        uint32 lastAccepted = lastAccepted_();
        for (uint256 i; i < allSeries.length; ++i) {
            (uint256 series, uint32 end_) = (allSeries[i], end(allSeries[i]));
            uint32[] memory weeks_ = weeksOf(series);
            uint256[3] memory balances;
            for (uint256 b; b < 3; ++b) balances[b] = vault.balanceOf(backers[b], series);
            eq(balances[0] + balances[1] + balances[2], reader.liveUnits(vault, series), "3: live");
            bool ended = end_ <= lastAccepted;
            if (ended && end_ == Series.joinWeek(series)) {
                for (uint256 b; b < 3; ++b) sum.claimable[b] += vault.claimable(series, end_, backers[b]); // given back
                continue;
            }
            bool accepted = Series.joinWeek(series) <= lastAccepted;
            uint256 open;
            for (uint256 e = ended ? 1 : 0; e < weeks_.length; ++e) {
                bool withLive = ended ? weeks_[e] == end_ : e == 0;
                (uint256 units, uint256 paid) = _surveyClass(sum, series, weeks_[e], withLive, balances);
                uint256 size = termsOf(series).unitSize;
                if (accepted && paid < size) sum.principal += units * (size - paid);
                open += units;
            }
            if (accepted) sum.units += open;
            if (!accepted || !coverTaken) sum.locked += open * TermsOf.lock(termsOf(series));
        }
    }

    /// The class's units, 0 if it is closed.
    function _surveyClass(Survey memory sum, uint256 series, uint32 e, bool withLive, uint256[3] memory balances)
        private
        view
        returns (uint256 units, uint256 paid)
    {
        bool closed;
        uint256 leavingUnits = claimedUnits[series][e];
        (units, paid, closed) = vault.classOf(series, e);
        for (uint256 b; b < 3; ++b) {
            uint64 leaving;
            if (units != 0) (leaving,) = reader.leavingOf(vault, series, e, backers[b]);
            if (paid != 0) sum.claimable[b] += vault.claimable(series, e, backers[b]);
            leavingUnits += leaving;
            if (!closed) sum.held[b] += leaving + (withLive ? balances[b] : 0);
        }
        eq(leavingUnits, units, "3: leaving");
        if (withLive) units += balances[0] + balances[1] + balances[2];
        if (closed) units = 0;
    }

    /* SETTLEMENTS */

    /// Every class that can have a line, in order, paid up to its unit size as far as the cash goes.
    function honest(uint32 week, uint256 seed) internal view returns (Week memory w, Line[] memory lines) {
        uint256 purse = state().free;
        w = next();
        w.stakeLimit = uint88(purse / 4);
        w.houseSpare = uint88(bound(seed, 0, 500 * NMR));
        w.reserveOut = uint88(reserveAsked);
        Line[] memory all = new Line[](allSeries.length * 8);
        uint256 count;
        for (uint256 i; i < allSeries.length; ++i) {
            uint32[] memory weeks_ = weeksOf(allSeries[i]);
            for (uint256 e; e < weeks_.length; ++e) {
                seed = uint256(keccak256(abi.encode(seed)));
                Line memory line = _line(allSeries[i], weeks_[e], week, seed);
                if (line.units == 0 || seed % 8 == 0) continue;
                (, uint88 before,) = vault.classOf(line.series, line.exitWeek);
                uint256 room = before < 100 * NMR ? 100 * NMR - before : 0;
                if (room * line.units > purse) room = purse / line.units;
                uint256 growth = room == 0 ? 0 : seed % (room + 1);
                line.paid = uint88(before + growth);
                purse -= growth * line.units;
                all[count++] = line;
            }
        }
        lines = new Line[](count);
        for (uint256 i; i < count; ++i) lines[i] = all[i];
    }

    function _line(uint256 series, uint32 e, uint32 week, uint256 seed) private view returns (Line memory line) {
        (line.series, line.exitWeek) = (series, e);
        uint32 join = Series.joinWeek(series);
        if (e == 0) {
            if (Series.pays(series) && join < week && week < end(series)) line.units = uint64(reader.liveUnits(vault, series));
            return line;
        }
        if (e <= join || e > week) return line;
        (uint64 units,, bool closed) = vault.classOf(series, e);
        if (closed) return line;
        line.units = units + (e == end(series) ? uint64(reader.liveUnits(vault, series)) : 0);
        line.closed = e < week && seed % 3 == 0;
        if (line.closed) line.cover = uint88((seed >> 8) % (TermsOf.lock(termsOf(series)) + 1));
    }

    struct Sums {
        uint256 owed;
        uint256 cover;
        uint256 gain;
        uint256 joined;
        uint256 house;
        uint256 fees;
    }

    /// How `accept` must answer now; 0: by accepting.
    function judge(Week memory w, Line[] memory lines) internal view returns (bytes4) {
        (Sums memory sums, bytes4 refusal) = sumUp(w, lines);
        if (refusal != 0) return refusal;
        State memory s = state();
        if (w.reserveOut > reserveAsked) return ReserveLocked.selector;
        if (sums.gain > s.gainsLeft) return BeyondGains.selector;
        int256 net = houseNet + int256(uint256(w.houseOut)) - int256(sums.house + sums.fees);
        if ((w.houseOut != 0 || sums.gain != 0) && net > int256(s.gainsLeft - sums.gain)) return BeyondGains.selector;
        if (sums.owed + w.houseOut > s.free + sums.cover + sums.joined + sums.house) return BeyondCash.selector;
        return 0;
    }

    function sumUp(Week memory w, Line[] memory lines) internal view returns (Sums memory sums, bytes4 refusal) {
        for (uint256 i; i < lines.length; ++i) {
            Line memory line = lines[i];
            bool ordered = i == 0 || line.series > lines[i - 1].series || (line.series == lines[i - 1].series && line.exitWeek > lines[i - 1].exitWeek);
            if (!ordered) return (sums, LineOrder.selector);
            refusal = _judgeLine(w.week, line);
            if (refusal != 0) return (sums, refusal);
            uint256 size = termsOf(line.series).unitSize;
            (, uint88 before,) = vault.classOf(line.series, line.exitWeek);
            if (line.paid < before) return (sums, PaidFell.selector);
            sums.owed += uint256(line.units) * (line.paid - before);
            sums.cover += uint256(line.units) * line.cover;
            sums.gain += line.units * ((line.paid > size ? line.paid - size : 0) - (before > size ? before - size : 0));
        }
        sums.house = houseIn[w.week];
        if (windDownWeek != 0 && windDownWeek <= w.week) return (sums, 0);
        for (uint256 i; i < allSeries.length; ++i) {
            if (Series.joinWeek(allSeries[i]) != w.week) continue;
            uint256 units = reader.liveUnits(vault, allSeries[i]);
            sums.joined += units * termsOf(allSeries[i]).unitSize;
            sums.fees += units * TermsOf.fee(termsOf(allSeries[i]));
        }
    }

    function _judgeLine(uint32 week, Line memory line) private view returns (bytes4) {
        uint32 join = Series.joinWeek(line.series);
        uint32 end_ = end(line.series);
        uint256 live = reader.liveUnits(vault, line.series);
        if (line.exitWeek == 0) {
            if (!Series.pays(line.series) || join >= week || week >= end_) return LineOrder.selector;
            if (line.units == 0 || line.units != live) return UnitsDiffer.selector;
            if (line.cover != 0 || line.closed) return CoverBeyondTerms.selector;
            return 0;
        }
        if (join >= line.exitWeek || line.exitWeek > week) return LineOrder.selector;
        (uint64 units,, bool closed) = vault.classOf(line.series, line.exitWeek);
        if (closed) return ClassClosed.selector;
        if (line.units == 0 || line.units != units + (line.exitWeek == end_ ? live : 0)) return UnitsDiffer.selector;
        if (line.cover > (line.closed ? TermsOf.lock(termsOf(line.series)) : 0)) return CoverBeyondTerms.selector;
        return 0;
    }

    function _propose(Week memory w, Line[] memory lines) internal {
        delete pendingLines;
        for (uint256 i; i < lines.length; ++i) pendingLines.push(lines[i]);
        _leaves(w, lines);
        (bytes32[] memory nodes, uint256[] memory sums) = _tree(pendingLeaves);
        w.books = keccak256(abi.encode(nodes[1], sums[1], pendingCover, bytes32(uint256(w.week))));
        pendingWeek = w;
        mustPass(settler, address(vault), abi.encodeCall(vault.propose, (w, lines)));
        watch(settler, address(vault));
    }

    /// By anybody; `refusal` is how it must end.
    function _accept(bytes4 refusal) internal {
        (Week memory w, Line[] memory lines) = (pendingWeek, pendingLines);
        bytes memory call = abi.encodeCall(vault.accept, (w, lines));
        if (refusal != 0) return mustFail(stranger, address(vault), call, refusal);
        eq(uint32(judge(w, lines)), 0, "what was proposed stays right");
        (Sums memory sums,) = sumUp(w, lines);
        mustPass(stranger, address(vault), call);
        gainsUsed += sums.gain;
        houseNet += int256(uint256(w.houseOut)) - int256(sums.house + sums.fees);
        feesIn += sums.fees;
        houseIn[w.week] = 0;
        reserveAsked = 0;
        lastLeaves = pendingLeaves;
        lastCover = pendingCover;
        accepting = true;
        watch(address(0), address(vault));
        accepting = false;
    }

    /* THE BOOKS' ROOT */

    /// After the settlement: what a unit lacks of its unit size; for the house a part of what is free. Leaf 0 is the house.
    function _leaves(Week memory w, Line[] memory lines) private {
        delete pendingLeaves;
        pendingCover = 0;
        pendingLeaves.push(Leaf(0, 0, 1, uint88(state().free / 4)));
        for (uint256 i; i < allSeries.length; ++i) {
            uint256 series = allSeries[i];
            if (Series.joinWeek(series) > w.week || Series.joinWeek(series) == end(series)) continue; // not joined, or given back
            uint32[] memory weeks_ = weeksOf(series);
            uint256 live = reader.liveUnits(vault, series);
            for (uint256 e = 1; e < weeks_.length; ++e) {
                (uint64 units,, bool closed) = vault.classOf(series, weeks_[e]);
                if (weeks_[e] > w.week) {
                    live += units; // asked out since the cut
                    continue;
                }
                if (weeks_[e] == end(series)) units += uint64(live);
                _leaf(series, weeks_[e], units, closed, lines);
            }
            if (end(series) > w.week) _leaf(series, 0, uint64(live), false, lines);
        }
    }

    function _leaf(uint256 series, uint32 e, uint64 units, bool closed, Line[] memory lines) private {
        (, uint88 paid,) = vault.classOf(series, e);
        for (uint256 i; i < lines.length; ++i) {
            if (lines[i].series == series && lines[i].exitWeek == e) (paid, closed) = (lines[i].paid, lines[i].closed);
        }
        if (units == 0 || closed) return;
        uint256 size = termsOf(series).unitSize;
        pendingLeaves.push(Leaf(series, e, units, paid < size ? uint88(size - paid) : 0));
        pendingCover += units * TermsOf.lock(termsOf(series)) / 8;
    }

    /// As a heap: 1 is the root, the leaves begin in the middle, padded by (0, 0).
    function _tree(Leaf[] memory leaves) private pure returns (bytes32[] memory nodes, uint256[] memory sums) {
        uint256 size = 1;
        while (size < leaves.length) size *= 2;
        (nodes, sums) = (new bytes32[](2 * size), new uint256[](2 * size));
        for (uint256 i; i < leaves.length; ++i) {
            Leaf memory l = leaves[i];
            (nodes[size + i], sums[size + i]) = (keccak256(abi.encodePacked(l.series, l.exitWeek, l.units, l.value)), uint256(l.units) * l.value);
        }
        for (uint256 i = size - 1; i != 0; --i) {
            nodes[i] = keccak256(abi.encode(nodes[2 * i], sums[2 * i], nodes[2 * i + 1], sums[2 * i + 1]));
            sums[i] = sums[2 * i] + sums[2 * i + 1];
        }
    }

    /// The leaf by which units of the class escape: what asked out after the last accepted settlement is live in its books.
    function prove(uint256 series, uint32 exitWeek) internal view returns (bool found, Leaf memory leaf, Proof memory proof) {
        Leaf[] memory leaves = lastLeaves;
        uint32 inBooks = exitWeek <= lastAccepted_() ? exitWeek : 0;
        uint256 index;
        while (index < leaves.length && (leaves[index].series != series || leaves[index].exitWeek != inBooks)) ++index;
        if (index == leaves.length) return (false, leaf, proof);
        (bytes32[] memory nodes, uint256[] memory sums) = _tree(leaves);
        uint256 depth;
        while (2 << depth < nodes.length) ++depth;
        leaf = leaves[index];
        proof = Proof(index, new bytes32[](depth), new uint256[](depth), lastCover, bytes32(uint256(lastAccepted_())));
        uint256 node = nodes.length / 2 + index;
        for (uint256 i; i < depth; ++i) {
            (proof.siblings[i], proof.sums[i]) = (nodes[node ^ 1], sums[node ^ 1]);
            node /= 2;
        }
        found = true;
    }

    /* EACH STEP */

    function mustFail(address sender, address target, bytes memory call, bytes4 reason) internal {
        vm.prank(sender);
        (bool done, bytes memory answer) = target.call(call);
        yes(!done, "an unexpected success");
        if (reason != 0 && bytes4(answer) != reason) revert NotEqual("refused for another reason", uint32(bytes4(answer)), uint32(reason));
    }

    function mustPass(address sender, address target, bytes memory call) internal {
        vm.prank(sender);
        (bool done, bytes memory answer) = target.call(call);
        if (!done) revert NotEqual("an unexpected refusal", uint32(bytes4(answer)), 0);
    }

    /// After each step: nothing fell that never falls; nobody but `actor` lost what he could claim, or units (8); NMR went from the vault only to `receiver`
    /// (9; 0: to holders, as what they could claim).
    function watch(address actor, address receiver) internal {
        if (unwatched) return;
        State memory s = state();
        _watchTime(s);
        uint256 fell = _change(address(vault), false);
        if (receiver != address(0) && receiver != address(vault)) yes(fell == 0 || _change(receiver, true) >= fell, "9: where it went");
        if (receiver == address(vault)) eq(fell, 0, "9: from the vault");
        address[10] memory people = [owner, alice, bob, carol, committer, stakerKey, settler, guardian, stranger, curator];
        for (uint256 i; i < 10; ++i) {
            if (receiver != address(0) && people[i] != receiver) eq(_change(people[i], true), 0, "9: somebody else got something");
        }
        Survey memory sum = survey();
        for (uint256 i; i < 3; ++i) {
            if (backers[i] == actor) continue;
            yes(nmr.balanceOf(backers[i]) + sum.claimable[i] >= worth[backers[i]], "8: a holder's money fell");
            yes(accepting || sum.held[i] >= held[backers[i]], "8: a holder's units fell");
        }
        remember(s, sum);
    }

    /// 6 and 7.
    function _watchTime(State memory s) private {
        yes(s.currentWeek >= last.currentWeek && s.lastAccepted >= last.lastAccepted && s.settledAt >= last.settledAt, "7: time");
        yes(s.lastRound >= last.lastRound && s.collects >= last.collects && s.generation >= last.generation, "7: counts");
        yes(last.windDownWeek == 0 || (s.windDownWeek == last.windDownWeek && s.windDownAt == last.windDownAt), "7: wind-down");
        yes(!last.booksClosed || (s.booksClosed && s.lastAccepted == last.lastAccepted && s.acceptableAt == 0), "7: closed books");
        yes(s.lastAccepted < s.currentWeek, "7: accepted before its cut");
        if (s.currentWeek > 1) {
            uint256 passed = vault.cut(s.currentWeek - 1);
            uint256 seen = passedCuts[s.currentWeek - 1];
            if (seen == 0) passedCuts[s.currentWeek - 1] = passed;
            else eq(passed, seen, "7: a passed cut moved");
        }
        for (uint256 i; i < allSeries.length; ++i) {
            uint32[] memory weeks_ = weeksOf(allSeries[i]);
            for (uint256 e; e < weeks_.length; ++e) {
                (, uint88 paid, bool closed) = vault.classOf(allSeries[i], weeks_[e]);
                yes(paid >= seenPaid[allSeries[i]][weeks_[e]], "6: paid fell");
                yes(closed || !seenClosed[allSeries[i]][weeks_[e]], "6: a closed class reopened");
                (seenPaid[allSeries[i]][weeks_[e]], seenClosed[allSeries[i]][weeks_[e]]) = (paid, closed);
            }
        }
    }

    function _change(address account, bool up) private view returns (uint256) {
        (uint256 before, uint256 now_) = (balance[account], nmr.balanceOf(account));
        return up ? (now_ > before ? now_ - before : 0) : (before > now_ ? before - now_ : 0);
    }

    function remember(State memory s, Survey memory sum) internal {
        last = s;
        address[12] memory all =
            [owner, alice, bob, carol, committer, stakerKey, settler, guardian, stranger, curator, address(vault), address(staking)];
        for (uint256 i; i < 12; ++i) balance[all[i]] = nmr.balanceOf(all[i]);
        for (uint256 i; i < 3; ++i) (worth[backers[i]], held[backers[i]]) = (nmr.balanceOf(backers[i]) + sum.claimable[i], sum.held[i]);
    }

    /// All of the vault but its proposal and its pauses, and what holders have.
    function everything() public view returns (bytes32 digest) {
        State memory s = state();
        (s.acceptableAt, s.content, s.depositsPaused, s.stakingPaused) = (0, 0, false, false);
        digest = keccak256(abi.encode(s, survey(), nmr.balanceOf(address(vault)), nmr.balanceOf(owner)));
        for (uint256 i; i < 3; ++i) digest = keccak256(abi.encode(digest, nmr.balanceOf(backers[i])));
    }
}
