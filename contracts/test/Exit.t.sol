// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract ExitTest is Fixture {
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        Terms memory t = simple();
        (t.lockupWeeks, t.compoundingWeeks) = (2, 4);
        series = buy(alice, offer(t), 5, false);
    }

    function refusedExit(address backer, uint256 of_, uint64 units, bytes4 reason) internal {
        vm.expectRevert(reason);
        vm.prank(backer);
        vault.exit(of_, units);
    }

    function test_42_waiting_units_are_no_series_yet() public {
        refusedExit(alice, series, 1, UnknownSeries.selector);
        refusedExit(alice, 7, 1, UnknownSeries.selector);
    }

    function test_42_the_lockup_ends_two_weeks_after_entry() public {
        settle();
        vm.warp(vault.cut(2) - 1);
        refusedExit(alice, series, 1, LockedUp.selector);
        vm.warp(vault.cut(2));
        exit(alice, series, 1);
        (uint64 units,,) = vault.classOf(series, 3);
        eq(units, 1, "class of settlement 3");
        eq(vault.liveUnits(series), 4, "live");
    }

    function test_no_lockup_when_winding_down() public {
        settle();
        vm.prank(owner);
        vault.windDown();
        exit(alice, series, 1);
    }

    function test_42_others_units_and_no_units() public {
        settle();
        toCut(2);
        refusedExit(bob, series, 1, NotEnoughUnits.selector);
        refusedExit(alice, series, 6, NotEnoughUnits.selector);
        refusedExit(alice, series, 0, UnitsNotPositive.selector);
    }

    function test_the_end_week_is_the_last_to_exit_in() public {
        vm.warp(vault.cut(5) - 1);
        exit(alice, series, 1);
        vm.warp(vault.cut(5));
        refusedExit(alice, series, 1, UnknownSeries.selector);
    }

    function test_44_two_exits_in_a_week_and_a_third_in_the_next() public {
        toCut(2);
        exit(alice, series, 1);
        exit(alice, series, 1);
        toCut(3);
        exit(alice, series, 1);
        eq(vault.leavingUnits(series, 3, alice), 2, "week 3");
        eq(vault.leavingUnits(series, 4, alice), 1, "week 4");
        eq(vault.balanceOf(alice, series), 2, "live");
    }

    function test_an_exit_can_be_cancelled_until_the_cut() public {
        toCut(2);
        exit(alice, series, 3);
        vm.prank(alice);
        vault.cancelExit(series, 1);
        eq(vault.balanceOf(alice, series), 3, "back");
        eq(vault.leavingUnits(series, 3, alice), 2, "still leaving");
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(alice);
        vault.cancelExit(series, 3);
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(bob);
        vault.cancelExit(series, 1);
        toCut(3);
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(alice);
        vault.cancelExit(series, 1);
    }

    function test_pay_units_are_not_asked_out_between_cut_and_acceptance() public {
        uint256 pays = buy(bob, offer(simple()), 1, true);
        settle();
        toCut(2);
        refusedExit(bob, pays, 1, Pending.selector);
        settle();
        exit(bob, pays, 1);
    }
}
