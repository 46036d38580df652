// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// 4 covered units of alice, 2 of them leaving, 2 units of bob, 100 NMR of house; what a settlement can't do is in attacks/.
contract SettlementTest is Fixture {
    uint256 internal series;
    uint256 internal other;

    function setUp() public override {
        super.setUp();
        addHouse(100 * NMR);
        addReserve(200 * NMR);
        series = buy(alice, offer(covered()), 4, false);
        Terms memory t = simple();
        t.compoundingWeeks = 11;
        other = buy(bob, offer(t), 2, false);
        settle();
        exit(alice, series, 2);
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

    function test_a_losing_round_allows_a_wei_for_each_unit() public {
        play(1, 100 * NMR, -int256(7 * NMR));
        eq(state().gainsLeft, 6, "outstanding units");
        Week memory week = next();
        week.houseOut = uint88(100 * NMR + 7);
        refused(week, none(), BeyondGains.selector);
        week.houseOut = uint88(100 * NMR + 6);
        settle(week, none());
    }

    function test_the_floors_of_a_losing_round_are_for_units_too() public {
        play(1, 100 * NMR, -1);
        refused(one(series, 2, 2, 100 * NMR + 4, 0, true), BeyondGains.selector);
        settle(one(series, 2, 2, 100 * NMR + 3, 0, true));
        eq(state().gainsLeft, 0, "all of them");
        eq(state().units, 4, "outstanding");
        eq(state().principal, 400 * NMR, "their unit sizes");
        play(2, 100 * NMR, -1);
        eq(state().gainsLeft, 4, "those of the closed class bear none");
    }

    function test_two_late_weeks_each_with_its_joiners() public {
        buy(carol, offer(simple()), 1, false); // 2
        toCut(2);
        buy(carol, offer(simple2()), 2, false); // 3
        toCut(3);
        settle();
        eq(state().free, 800 * NMR, "the first week's");
        eq(state().joining, 200 * NMR, "the second week's");
        settle();
        eq(state().free, 1_000 * NMR, "all");
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
        eq(state().free, 20 * NMR, "books.cash");
        eq(state().reserve, 50 * NMR, "books.reserve");
        eq(state().reserveLocked, 0, "books.reserveLocked");
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
        eq(state().free, 0, "books.cash");
        eq(state().reserve, 40 * NMR, "books.reserve");
        eq(state().reserveLocked, 0, "books.reserveLocked");
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
        eq(state().free, 101.011378002528445008e18, "books.cash");
        eq(state().staked, 4.5e18, "books.stake");
        eq(vault.claim(series, 3, alice), 298.488621997471554996e18, "payment");
        collect(5, 0);
        Week memory week = next();
        week.houseOut = 105.511378002528445008e18;
        settle(week, none());
        eq(state().free, 0, "all is the house");
    }

    function testFuzz_closing_at_any_value_keeps_the_sum(uint256 value, uint256 cover, int256 result) public {
        value = bound(value, 0, 100 * NMR);
        cover = bound(cover, 0, 50 * NMR);
        result = result % int256(100 * NMR);
        play(1, 100 * NMR, result);
        settle(one(series, 2, 2, value, cover, true));
        eq(state().free, uint256(int256(700 * NMR) + result) + 2 * cover - 2 * value, "free");
        eq(state().promised, 2 * value, "promised");
        eq(state().reserve, 200 * NMR - 2 * cover, "reserve");
        eq(vault.sync(), 0, "every wei has its place");
    }
}
