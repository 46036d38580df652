// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// What a settlement can't do, with 4 compounding units of alice, 2 leaving of bob, 100 NMR of house. Lines are right until a test bends them.
contract SettlementTest is Fixture {
    uint256 internal series;
    uint256 internal other;

    function setUp() public override {
        super.setUp();
        addHouse(100 * NMR);
        addReserve(200 * NMR);
        series = buy(alice, offer(covered()), 4, false);
        vm.prank(alice);
        Terms memory t = simple();
        t.compoundingWeeks = 11;
        other = buy(bob, offer(t), 2, false);
        settle();
        exit(alice, series, 2);
    }

    /// Both classes of settlement 2 in the order that the chain wants.
    function ordered(Line[] memory ofSeries, Line[] memory ofOther) internal view returns (Line[] memory) {
        return series < other ? two(ofSeries, ofOther) : two(ofOther, ofSeries);
    }

    function paid(uint256 amount) internal view returns (Line[] memory) {
        return one(series, 2, 2, amount, 0, false);
    }

    function test_08_propose_and_accept_have_their_time() public {
        Week memory week = next();
        vm.warp(vault.cut(2) - 1);
        vm.expectRevert(TooEarly.selector);
        vm.prank(settler);
        vault.propose(week, none());
        vm.warp(vault.cut(2));
        vm.prank(settler);
        vault.propose(week, none());
        vm.expectRevert(Pending.selector);
        vm.prank(settler);
        vault.propose(week, none());
        vm.warp(vault.cut(2) + 40 hours - 1);
        vm.expectRevert(TooEarly.selector);
        vault.accept(week, none());
        vm.warp(vault.cut(2) + 40 hours);
        vm.prank(stranger); // 28
        vault.accept(week, none());
        eq(vault.lastAccepted(), 2, "accepted");
        vm.expectRevert(NothingPending.selector);
        vault.accept(week, none());
    }

    function test_only_the_next_week_is_proposed() public {
        toCut(5);
        Week memory week = next();
        week.week = 3;
        vm.expectRevert(WrongWeek.selector);
        vm.prank(settler);
        vault.propose(week, none());
        week.week = 1;
        vm.expectRevert(WrongWeek.selector);
        vm.prank(settler);
        vault.propose(week, none());
    }

    function test_09_other_lines_or_other_bytes() public {
        Week memory week = next();
        propose(week, paid(100 * NMR));
        vm.expectRevert(LinesDiffer.selector);
        vault.accept(week, paid(100 * NMR - 1));
        (bool accepted,) = address(vault).call(bytes.concat(abi.encodeCall(vault.accept, (week, paid(100 * NMR))), hex"00"));
        yes(!accepted, "appended byte");
        vault.accept(week, paid(100 * NMR));
    }

    function test_10_promise_what_is_staked() public {
        stake(1, 501 * NMR);
        refused(paid(100 * NMR), BeyondCash.selector);
        collect(1, 0);
        settle(paid(100 * NMR));
    }

    function test_10_exactly_the_cash() public {
        stake(1, 500 * NMR);
        settle(paid(100 * NMR));
        eq(vault.free(), 0, "free");
        eq(vault.promised(), 200 * NMR, "promised");
    }

    function test_02_03_the_owner_takes_cash_that_is_not_his() public {
        Week memory week = next();
        week.houseOut = uint88(100 * NMR + 1);
        refused(week, none(), BeyondGains.selector);
        week.houseOut = uint88(100 * NMR);
        settle(week, none());
        week = next();
        week.houseOut = 1; // 36: a second time
        refused(week, none(), BeyondGains.selector);
    }

    function test_04_a_class_above_its_unit_size_without_gains() public {
        refused(paid(100 * NMR + 1), BeyondGains.selector);
    }

    function test_18_the_exact_gains_and_a_wei_more() public {
        play(1, 100 * NMR, int256(7 * NMR));
        Week memory week = next();
        week.houseOut = uint88(105 * NMR);
        refused(week, paid(101 * NMR + 1), BeyondGains.selector);
        settle(week, paid(101 * NMR));
        eq(vault.linesGain(), 2 * NMR, "to units");
    }

    function test_11_a_losing_round_allows_a_wei_for_each_unit() public {
        play(1, 100 * NMR, -int256(7 * NMR));
        eq(vault.gains(), 6, "outstanding units");
        Week memory week = next();
        week.houseOut = uint88(100 * NMR + 7);
        refused(week, none(), BeyondGains.selector);
        week.houseOut = uint88(100 * NMR + 6);
        settle(week, none());
    }

    function test_05_units_must_be_those_that_leave() public {
        refused(one(series, 2, 1, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(series, 2, 3, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(other, 2, 2, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(other, 2, 0, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(uint256(keccak256("unknown")) >> 32 << 32, 2, 1, 0, 0, false), UnitsDiffer.selector);
    }

    function test_06_a_later_week_lowers_a_payout() public {
        settle(paid(50 * NMR));
        refused(paid(50 * NMR - 1), PaidFell.selector);
        settle(paid(50 * NMR));
        settle(one(series, 2, 2, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 200 * NMR, "all");
    }

    function test_07_lines_in_order_once_and_of_the_past() public {
        exit(bob, other, 1);
        Line[] memory a = one(series, 2, 2, 50 * NMR, 0, false);
        Line[] memory b = one(other, 2, 1, 50 * NMR, 0, false);
        Line[] memory right = ordered(a, b);
        refused(two(a, a), LineOrder.selector);
        refused(two(_at(right, 1), _at(right, 0)), LineOrder.selector);
        refused(one(series, 3, 2, 50 * NMR, 0, false), LineOrder.selector);
        refused(one(series, 1, 2, 50 * NMR, 0, false), LineOrder.selector);
        refused(one(series, 0, 2, 50 * NMR, 0, false), LineOrder.selector); // not a pay series
        settle(right);
    }

    function _at(Line[] memory lines, uint256 i) private pure returns (Line[] memory l) {
        l = new Line[](1);
        l[0] = lines[i];
    }

    function test_15_cover_at_most_the_lock_and_only_on_closing() public {
        refused(one(series, 2, 2, 90 * NMR, 50 * NMR + 1, true), CoverBeyondTerms.selector);
        refused(one(series, 2, 2, 90 * NMR, 1, false), CoverBeyondTerms.selector);
        settle(one(series, 2, 2, 90 * NMR, 50 * NMR, true));
        eq(vault.reserve(), 100 * NMR, "reserve");
        eq(vault.reserveLocked(), 100 * NMR, "locked for the units that stay");
    }

    function test_16_cover_twice_or_reopening() public {
        settle(one(series, 2, 2, 90 * NMR, 10 * NMR, true));
        refused(one(series, 2, 2, 90 * NMR, 10 * NMR, true), ClassClosed.selector);
        refused(one(series, 2, 2, 90 * NMR, 0, false), ClassClosed.selector);
        eq(vault.claim(series, 2, alice), 180 * NMR, "a closed class still pays");
    }

    function test_30_31_veto_and_the_same_week_again() public {
        uint256 late = buy(carol, offer(simple()), 1, false);
        Week memory week = next();
        propose(week, none());
        vm.prank(guardian);
        vault.veto();
        vm.expectRevert(NothingPending.selector);
        vault.accept(week, none());
        vm.expectRevert(NothingPending.selector);
        vm.prank(owner);
        vault.veto();
        eq(vault.joining(), 100 * NMR, "joins later");
        settle(week, none());
        eq(vault.joining(), 0, "joined once");
        eq(vault.free(), 800 * NMR, "free");
        eq(vault.liveUnits(late), 1, "lives");
    }

    function test_two_late_weeks_each_with_its_joiners() public {
        buy(carol, offer(simple()), 1, false); // 2
        toCut(2);
        buy(carol, offer(simple2()), 2, false); // 3
        toCut(3);
        settle();
        eq(vault.free(), 800 * NMR, "the first week's");
        eq(vault.joining(), 200 * NMR, "the second week's");
        settle();
        eq(vault.free(), 1_000 * NMR, "all");
    }

    function simple2() private pure returns (Terms memory t) {
        t = simple();
        t.profitShareBps = 1;
    }

    /// examples/worked-gain: +40 on 100 NMR at a 50 % share; the backer gets 120, 20 stay in the house.
    function test_worked_gain() public {
        super.setUp();
        addReserve(50 * NMR);
        series = buy(alice, offer(covered()), 1, false);
        settle();
        stake(1, 100 * NMR);
        exit(alice, series, 1);
        collect(1, int256(40 * NMR));
        Week memory week = next();
        week.houseSpare = uint88(20 * NMR);
        settle(week, one(series, 2, 1, 120 * NMR, 0, true));
        eq(vault.free(), 20 * NMR, "books.cash");
        eq(vault.reserve(), 50 * NMR, "books.reserve");
        eq(vault.reserveLocked(), 0, "books.reserveLocked");
        eq(vault.claim(series, 2, alice), 120 * NMR, "payment");
        vm.prank(owner);
        vault.askHouse(uint88(20 * NMR));
        week = next();
        week.houseOut = uint88(20 * NMR);
        settle(week, none());
        vm.prank(owner);
        eq(vault.takeHouse(), 20 * NMR, "the owner's share");
    }

    /// examples/worked-burn: -20 on 100 NMR, half of it covered.
    function test_worked_burn() public {
        super.setUp();
        addReserve(50 * NMR);
        series = buy(alice, offer(covered()), 1, false);
        settle();
        stake(1, 100 * NMR);
        exit(alice, series, 1);
        collect(1, -int256(20 * NMR));
        settle(one(series, 2, 1, 90 * NMR, 10 * NMR, true));
        eq(vault.free(), 0, "books.cash");
        eq(vault.reserve(), 40 * NMR, "books.reserve");
        eq(vault.reserveLocked(), 0, "books.reserveLocked");
        eq(vault.claim(series, 2, alice), 90 * NMR, "payment");
    }

    /// examples/upfront-fee: the owner takes the fee, the rest of the house and its results; a wei more is refused.
    function test_upfront_fee() public {
        super.setUp();
        addHouse(100 * NMR);
        Terms memory t = simple();
        (t.profitShareBps, t.compoundingWeeks, t.upfrontFeeBps) = (0, 2, 150);
        series = buy(alice, offer(t), 3, false);
        settle();
        for (uint32 r = 1; r <= 4; ++r) stake(r, 98.875e18);
        settle();
        stake(5, 4.5e18);
        for (uint32 r = 1; r <= 4; ++r) collect(r, 1.000000000000000001e18);
        settle(one(series, 3, 3, 99.496207332490518332e18, 0, true));
        eq(vault.free(), 101.011378002528445008e18, "books.cash");
        eq(vault.staked(), 4.5e18, "books.stake");
        eq(vault.claim(series, 3, alice), 298.488621997471554996e18, "payment");
        collect(5, 0);
        Week memory week = next();
        week.houseOut = 105.511378002528445008e18;
        settle(week, none());
        eq(vault.free(), 0, "all is the house");
    }

    function testFuzz_closing_at_any_value_keeps_the_sum(uint256 value, uint256 cover, int256 result) public {
        value = bound(value, 0, 100 * NMR);
        cover = bound(cover, 0, 50 * NMR);
        result = result % int256(100 * NMR);
        play(1, 100 * NMR, result);
        settle(one(series, 2, 2, value, cover, true));
        eq(vault.free(), uint256(int256(700 * NMR) + result) + 2 * cover - 2 * value, "free");
        eq(vault.promised(), 2 * value, "promised");
        eq(vault.reserve(), 200 * NMR - 2 * cover, "reserve");
        eq(vault.sync(), 0, "every wei has its place");
    }
}
