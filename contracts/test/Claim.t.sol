// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract ClaimTest is Fixture {
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        Terms memory t = simple();
        t.compoundingWeeks = 3;
        series = buy(alice, offer(t), 5, false);
        settle();
    }

    function test_a_closed_class_is_forgotten_once_it_is_claimed() public {
        exit(alice, series, 2);
        settle(one(series, 2, 2, 60 * NMR, 0, false));
        vault.claim(series, 2, alice);
        (uint64 units, uint88 paid) = reader.leavingOf(vault, series, 2, alice);
        eq(units, 2, "units");
        eq(paid, 60 * NMR, "claimed");
        settle(one(series, 2, 2, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 80 * NMR, "the rest");
        (units, paid) = reader.leavingOf(vault, series, 2, alice);
        eq(uint256(units) + paid, 0, "nothing is kept");
        eq(vault.claim(series, 2, alice), 0, "nor paid again");
        (units, paid,) = vault.classOf(series, 2);
        eq(units, 2, "the class is");
        eq(paid, 100 * NMR, "the class is");
        (units,) = reader.leavingOf(vault, series, 2, bob);
        eq(units, 0, "bob had none");
    }

    function test_one_class_is_forgotten_the_others_are_not() public {
        exit(alice, series, 1);
        settle(one(series, 2, 1, 60 * NMR, 0, false));
        exit(alice, series, 1);
        settle(two(one(series, 2, 1, 100 * NMR, 0, true), one(series, 3, 1, 70 * NMR, 0, false)));
        eq(vault.claim(series, 3, alice), 70 * NMR, "of week 3");
        eq(vault.claim(series, 2, alice), 100 * NMR, "of week 2");
        settle(two(one(series, 3, 1, 90 * NMR, 0, true), one(series, 4, 3, 90 * NMR, 0, true)));
        eq(vault.claim(series, 3, alice), 20 * NMR, "its growth");
        eq(vault.claim(series, 4, alice), 270 * NMR, "the live ones");
        eq(reader.liveUnits(vault, series), 0, "converted");
        (uint64 units,) = reader.leavingOf(vault, series, 4, alice);
        eq(units, 0, "and forgotten at once");
        eq(state().promised, 0, "promised");
    }

    function test_live_units_convert_not_before_the_end_is_accepted() public {
        toCut(4);
        eq(vault.claim(series, 4, alice), 0, "nothing yet");
        eq(reader.liveUnits(vault, series), 5, "still live");
        settle();
        settle();
        settle(one(series, 4, 5, 80 * NMR, 0, false)); // settlement 4
        eq(vault.claim(series, 4, alice), 400 * NMR, "paid");
        settle(one(series, 4, 5, 100 * NMR, 0, true)); // units that converted and that did not count alike
        eq(vault.claim(series, 4, alice), 100 * NMR, "the growth");
    }

    /// examples/pay-out, weeks 1 to 5, to the wei: cash, stake, distributed, payments.
    function test_pay_out() public {
        super.setUp();
        Terms memory t = simple();
        (t.profitShareBps, t.crystallisation) = (1_000, 1);
        bytes32 id = offer(t);
        addHouse(100 * NMR);
        uint256 pays = buy(alice, id, 1, true);
        buy(bob, id, 1, false);
        settle();
        eq(state().free, 300 * NMR, "week 1 cash");
        for (uint32 r = 1; r <= 4; ++r) stake(r, 75 * NMR);
        settle();
        eq(state().staked, 300 * NMR, "week 2 stake");
        for (uint32 r = 1; r <= 4; ++r) collect(r, int256(4 * NMR));
        settle(one(pays, 0, 1, 4.799999999999999999e18, 0, false));
        eq(state().free, 311.200000000000000001e18, "week 3 cash");
        for (uint32 r = 9; r <= 12; ++r) stake(r, 77.799999999999999999e18);
        settle();
        eq(state().free, 5, "week 4 cash");
        stake(13, 5);
        for (uint32 r = 9; r <= 12; ++r) collect(r, int256(4 * NMR));
        settle(one(pays, 0, 1, 9.427249357326478145e18, 0, false));
        eq(state().free, 322.57275064267352185e18, "week 5 cash");
        eq(state().staked, 5, "week 5 stake");
        eq(vault.claim(pays, 0, alice), 9.427249357326478145e18, "both payments");
        eq(vault.claim(pays, 0, alice), 0, "twice");
    }

    function paySeries() internal returns (uint256 pays) {
        Terms memory t = simple();
        t.compoundingWeeks = 4;
        pays = buy(alice, offer(t), 4, true);
        settle();
        play(1, 100 * NMR, int256(90 * NMR));
    }

    function test_pay_units_settle_both_holders_before_they_move() public {
        uint256 pays = paySeries();
        settle(one(pays, 0, 4, 10 * NMR, 0, false));
        uint256 before = nmr.balanceOf(alice);
        vm.prank(alice);
        vault.transfer(bob, pays, 1);
        eq(nmr.balanceOf(alice) - before, 40 * NMR, "the seller keeps what was distributed");
        eq(vault.claimable(pays, 0, bob), 0, "the buyer gets nothing of it");
        toCut(4);
        vm.expectRevert(Pending.selector);
        vm.prank(alice);
        vault.transfer(bob, pays, 1);
        settle(one(pays, 0, 4, 12 * NMR, 0, false));
        eq(vault.claim(pays, 0, bob), 2 * NMR, "buyer");
        eq(vault.claim(pays, 0, alice), 6 * NMR, "seller");
        eq(state().promised, 0, "promised");
    }

    function test_a_class_of_a_pay_series_starts_at_its_index() public {
        uint256 pays = paySeries();
        settle(one(pays, 0, 4, 10 * NMR, 0, false));
        exit(alice, pays, 1);
        refused(one(pays, 4, 1, 10 * NMR - 1, 0, false), PaidFell.selector);
        settle(two(one(pays, 0, 3, 11 * NMR, 0, false), one(pays, 4, 1, 110 * NMR, 0, true)));
        eq(vault.claim(pays, 4, alice), 100 * NMR, "what it is paid as a leaver");
        eq(vault.claim(pays, 0, alice), 3 * NMR, "what the live ones are paid");
        eq(state().promised, 0, "promised");
    }

    function test_live_pay_units_convert_with_what_was_not_claimed() public {
        uint256 pays = paySeries();
        settle(one(pays, 0, 4, 10 * NMR, 0, false)); // 3
        vm.prank(alice);
        vault.transfer(bob, pays, 1);
        settle(one(pays, 0, 4, 20 * NMR, 0, false)); // 4
        settle(); // 5
        refused(one(pays, 0, 4, 30 * NMR, 0, false), LineOrder.selector); // ended with settlement 6
        settle(one(pays, 6, 4, 105 * NMR, 0, true));
        eq(vault.claim(pays, 6, alice), 3 * 95 * NMR, "alice had 10");
        eq(vault.claim(pays, 0, bob), 10 * NMR, "what was distributed while live");
        eq(vault.claim(pays, 6, bob), 85 * NMR, "the rest");
        eq(state().promised, 0, "promised");
    }

    function test_pay_claims_in_any_order_come_to_the_same() public {
        uint256 pays = paySeries();
        settle(one(pays, 0, 4, 10 * NMR, 0, false));
        settle();
        settle();
        eq(vault.claim(pays, 0, alice), 40 * NMR, "live");
        settle(one(pays, 6, 4, 105 * NMR, 0, true));
        eq(vault.claim(pays, 6, alice), 380 * NMR, "the rest");
        eq(state().promised, 0, "promised");
    }

    function testFuzz_splitting_a_holding_changes_no_total(uint64 sold, uint256 first, uint256 last) public {
        sold = uint64(bound(sold, 1, 5));
        first = bound(first, 0, 100 * NMR);
        last = bound(last, first, 100 * NMR);
        vm.prank(alice);
        vault.transfer(carol, series, sold);
        exit(carol, series, sold);
        settle(one(series, 2, sold, first, 0, false));
        uint256 received = vault.claim(series, 2, carol);
        settle(one(series, 2, sold, last, 0, true));
        eq(received + vault.claim(series, 2, carol), sold * last, "total");
        eq(state().promised, 0, "promised");
    }
}
