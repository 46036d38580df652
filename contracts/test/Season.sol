// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// Plays a vault's life by random calls, hostile proposals among them. Every action does what is possible now, and reverts only by a fault: a refusal of
/// what should pass, or (`mustFail`) a success of what should not.
contract Season is Fixture {
    address[3] internal backers = [alice, bob, carol];
    bytes32[3] internal offers;
    uint256[] public allSeries; // sorted
    uint32 internal round;
    uint32[] internal openRounds;

    /* What should have happened: the ghosts of the invariants. */
    uint256 public gains;
    uint256 public donated;
    uint256 public reserveAsked;
    mapping(uint32 week => uint88) public reserveAskedIn;
    uint256 public hostileAccepted;
    uint256 public hostileRefused;

    function setUp() public override {
        super.setUp();
        Terms memory t = simple();
        t.compoundingWeeks = 3;
        offers[0] = offer(t);
        (t.reserveBps, t.lossShareBps, t.lockupWeeks) = (3_333, 3_333, 1);
        offers[1] = offer(t);
        (t.compoundingWeeks, t.upfrontFeeBps, t.houseMinBps) = (5, 150, 2_000);
        offers[2] = offer(t);
        addHouse(2_000 * NMR);
        addReserve(2_000 * NMR);
    }

    function live() public view returns (Vault) {
        return vault;
    }

    function token() public view returns (SandboxNmr) {
        return nmr;
    }

    function seriesCount() public view returns (uint256) {
        return allSeries.length;
    }

    function termsOf(uint256 series) public view returns (Terms memory t) {
        for (uint256 i; i < 3; ++i) if (Series.offer(series) == bytes28(offers[i])) (t,) = vault.terms(offers[i]);
    }

    function end(uint256 series) public view returns (uint32 week) {
        week = Series.joinWeek(series) + termsOf(series).compoundingWeeks;
        if (vault.windDownWeek() != 0 && vault.windDownWeek() < week) week = vault.windDownWeek();
    }

    /* ACTIONS OF HOLDERS */

    function deposit(uint256 who, uint256 which, uint256 units, bool pay) external {
        uint32 week = vault.currentWeek();
        if (vault.windDownWeek() != 0 || week > vault.lastAccepted() + 2) return;
        (Terms memory t,) = vault.terms(offers[which %= 3]);
        units = bound(units, 1, 20);
        if (units * TermsLib.lockPerUnit(t) + vault.reserveLocked() + vault.reserveDue() + reserveAsked > vault.reserve()) return;
        uint256 spare = units * TermsLib.sparePerUnit(t);
        if (spare > vault.houseSpare() || (spare != 0 && week != vault.lastAccepted() + 1)) return;
        _remember(buy(backers[who % 3], offers[which], uint64(units), pay));
    }

    function cancel(uint256 who, uint256 which, uint256 units) external {
        (address backer, uint256 series, uint256 held) = _pick(who, which);
        if (held == 0) return;
        bool waits = Series.joinWeek(series) == vault.currentWeek();
        vm.prank(backer);
        if (waits) vault.cancel(series, uint64(bound(units, 1, held)));
        else _mustFail(address(vault), abi.encodeCall(vault.cancel, (series, 1)), NotEnoughUnits.selector);
    }

    function exit(uint256 who, uint256 which, uint256 units) external {
        (address backer, uint256 series, uint256 held) = _pick(who, which);
        uint32 week = vault.currentWeek();
        if (held == 0 || Series.joinWeek(series) >= week || week > end(series) || !_movable(series)) return;
        if (week < Series.joinWeek(series) + termsOf(series).lockupWeeks && vault.windDownWeek() == 0) return;
        exit(backer, series, uint64(bound(units, 1, held)));
    }

    function cancelExit(uint256 who, uint256 which, uint256 units) external {
        (address backer, uint256 series,) = _pick(who, which);
        if (series == 0) return;
        uint256 asked = vault.leavingUnits(series, vault.currentWeek(), backer);
        if (asked == 0 || Series.joinWeek(series) == vault.currentWeek()) return;
        vm.prank(backer);
        vault.cancelExit(series, uint64(bound(units, 1, asked)));
    }

    function transfer(uint256 who, uint256 to, uint256 which, uint256 units) external {
        (address backer, uint256 series, uint256 held) = _pick(who, which);
        uint32 week = vault.currentWeek();
        if (held == 0) return;
        bool lives = Series.joinWeek(series) < week && week <= end(series) && _movable(series);
        vm.prank(backer);
        if (lives) vault.transfer(backers[to % 3], series, bound(units, 1, held));
        else _mustFail(address(vault), abi.encodeCall(vault.transfer, (backers[to % 3], series, 1)), 0);
    }

    function claim(uint256 who, uint256 which, uint32 exitWeek) external {
        (address backer, uint256 series,) = _pick(who, which);
        if (series == 0) return;
        exitWeek = exitWeek % (vault.currentWeek() + 2);
        uint256 before = nmr.balanceOf(backer);
        uint256 claimable = vault.claimable(series, exitWeek, backer);
        eq(vault.claim(series, exitWeek, backer), claimable, "claimed");
        eq(nmr.balanceOf(backer) - before, claimable, "received");
        eq(vault.claim(series, exitWeek, backer), 0, "a second time");
    }

    /* ACTIONS OF THE OWNER AND OF STRANGERS */

    function house(uint256 amount, uint256 what) external {
        what %= 3;
        if (what == 0 && amount % 4 == 0) addHouse(bound(amount, 1, 100 * NMR));
        if (what == 1 && vault.houseSpare() != 0 && vault.currentWeek() == vault.lastAccepted() + 1) {
            uint88 asked = uint88(bound(amount, 1, vault.houseSpare()));
            vm.prank(owner);
            vault.askHouse(asked);
        }
        if (what == 2) {
            uint256 due = vault.houseDue();
            vm.prank(owner);
            eq(vault.takeHouse(), due, "house due");
        }
    }

    function reserve(uint256 amount, uint256 what) external {
        what %= 3;
        if (what == 0 && amount % 4 == 0) addReserve(bound(amount, 1, 100 * NMR));
        if (what == 1) {
            uint256 most = vault.reserve() - vault.reserveDue() - vault.reserveLocked() - reserveAsked;
            vm.prank(owner);
            _mustFail(address(vault), abi.encodeCall(vault.askReserve, (uint88(most + 1))), ReserveLocked.selector);
            if (most == 0) return;
            uint88 asked = uint88(bound(amount, 1, 1 + most / 8));
            reserveAsked += asked;
            reserveAskedIn[vault.currentWeek()] += asked;
            vm.prank(owner);
            vault.askReserve(asked);
        }
        if (what == 2) {
            uint256 due = vault.reserveDue();
            vm.prank(owner);
            eq(vault.takeReserve(), due, "reserve due");
        }
    }

    function donate(uint256 amount, bool book) external {
        amount = bound(amount, 1, NMR);
        vm.prank(bob);
        nmr.transfer(address(vault), amount);
        donated += amount;
        if (!book) return;
        eq(vault.sync(), donated, "surplus");
        donated = 0;
    }

    function windDown(uint256 seldom) external {
        if (seldom % 16 != 0 || vault.windDownWeek() != 0) return;
        vm.prank(owner);
        vault.windDown();
    }

    /* ROUNDS */

    function stakeRound(uint256 amount) external {
        if (vault.windDownWeek() != 0 || vault.currentWeek() != vault.lastAccepted() + 1) return;
        uint256 most = vault.free() < vault.stakeLimit() ? vault.free() : vault.stakeLimit();
        if (most == 0) return;
        stake(++round, bound(amount, 1, most));
        openRounds.push(round);
    }

    function collectRound(uint256 which, int256 result) external {
        if (openRounds.length == 0) return;
        which %= openRounds.length;
        uint32 r = openRounds[which];
        openRounds[which] = openRounds[openRounds.length - 1];
        openRounds.pop();
        result = result % int256(vault.openStake(r) + 1);
        gains += result >= 0 ? uint256(result) : vault.outstandingUnits();
        collect(r, result);
    }

    /* SETTLEMENTS */

    /// Classes paid up to their unit size as far as the cash goes, old ones closed with cover; passes always.
    function settleHonestly(uint256 seed) external {
        uint32 week = vault.lastAccepted() + 1;
        if (clock() < vault.cut(week)) toCut(week);
        uint256 purse = vault.free();
        (Line[] memory lines, uint256 reserved) = _lines(week, seed, purse);
        Week memory w = next();
        w.stakeLimit = uint88((purse - reserved) / 4);
        w.houseSpare = uint88(bound(seed, 0, 500 * NMR));
        w.reserveOut = reserveAskedIn[week];
        settle(w, lines);
        reserveAsked -= reserveAskedIn[week];
    }

    /// A settlement with one number bent; refused and vetoed, or passed within the bounds that the invariants check.
    function settleHostilely(uint256 seed, uint256 target, uint256 number) external {
        uint32 week = vault.lastAccepted() + 1;
        if (clock() < vault.cut(week)) toCut(week);
        (Line[] memory lines,) = _lines(week, seed, vault.free());
        Week memory w = next();
        target %= 8;
        if (target == 0) w.houseOut = uint88(number);
        else if (target == 1) w.reserveOut = uint88(number);
        else if (target == 2) w.houseOut = uint88(bound(number, 0, 3_000 * NMR));
        else if (lines.length != 0) {
            Line memory line = lines[number % lines.length];
            if (target == 3) line.paid = uint88(bound(number, 0, 400 * NMR));
            if (target == 4) line.units = uint64(number);
            if (target == 5) line.cover = uint88(number);
            if (target == 6) line.exitWeek = uint32(number % (week + 2));
            if (target == 7) line.closed = !line.closed;
        }
        propose(w, lines);
        try vault.accept(w, lines) {
            hostileAccepted++;
            reserveAsked -= reserveAskedIn[week];
        } catch {
            hostileRefused++;
            vm.prank(guardian);
            vault.veto();
        }
    }

    /// Every class that can have a line, in order.
    function _lines(uint32 week, uint256 seed, uint256 purse) private view returns (Line[] memory lines, uint256 spent) {
        Line[] memory all = new Line[](allSeries.length * (week + 1));
        uint256 count;
        for (uint256 i; i < allSeries.length; ++i) {
            for (uint32 e; e <= week; ++e) {
                seed = uint256(keccak256(abi.encode(seed)));
                Line memory line = _line(allSeries[i], e, week, seed);
                if (line.units == 0) continue;
                (, uint88 before,) = vault.classOf(line.series, e);
                if (e == 0) before = _seriesPaid(line.series);
                uint256 room = before < 100 * NMR ? 100 * NMR - before : 0;
                if (room * line.units + spent > purse) room = (purse - spent) / line.units;
                uint256 growth = room == 0 ? 0 : seed % (room + 1);
                line.paid = uint88(before + growth);
                spent += growth * line.units;
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
            if (Series.pays(series) && join < week && week < end(series)) line.units = uint64(vault.liveUnits(series));
            return line;
        }
        if (e <= join) return line;
        (uint64 units,, bool closed) = vault.classOf(series, e);
        if (closed) return line;
        line.units = units + (e == end(series) ? uint64(vault.liveUnits(series)) : 0);
        line.closed = e < week && seed % 3 == 0;
        if (line.closed) line.cover = uint88((seed >> 8) % (TermsLib.lockPerUnit(termsOf(series)) + 1));
    }

    /// A live `pay` unit's lifetime total: that of the class which an exit would start.
    function _seriesPaid(uint256 series) private view returns (uint88 paid) {
        (, paid,) = vault.classOf(series, end(series));
    }

    function _movable(uint256 series) private view returns (bool) {
        return !Series.pays(series) || vault.currentWeek() == vault.lastAccepted() + 1;
    }

    function _pick(uint256 who, uint256 which) private view returns (address backer, uint256 series, uint256 held) {
        backer = backers[who % 3];
        if (allSeries.length == 0) return (backer, 0, 0);
        series = allSeries[which % allSeries.length];
        held = vault.balanceOf(backer, series);
    }

    function _remember(uint256 series) private {
        for (uint256 i; i < allSeries.length; ++i) if (allSeries[i] == series) return;
        allSeries.push(series);
        for (uint256 i = allSeries.length - 1; i > 0 && allSeries[i - 1] > series; --i) (allSeries[i - 1], allSeries[i]) = (series, allSeries[i - 1]);
    }

    function _mustFail(address target, bytes memory call, bytes4 reason) private {
        (bool done, bytes memory returned) = target.call(call);
        yes(!done, "an unexpected success");
        yes(reason == 0 || bytes4(returned) == reason, "refused for another reason");
    }
}
