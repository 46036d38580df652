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

    function test_no_lockup_when_winding_down() public {
        settle();
        vm.prank(owner);
        vault.windDown();
        exit(alice, series, 1);
    }

    /// Otherwise a deposit that no settlement accepted could neither be cancelled nor escape, if the operator falls silent.
    function test_units_whose_week_is_not_accepted_wait_with_their_exit() public {
        uint256 free = buy(bob, offer(simple()), 1, false);
        toCut(1);
        refusedExit(bob, free, 1, UnknownSeries.selector);
        settle();
        exit(bob, free, 1);
    }

    function test_an_exit_can_be_cancelled_until_the_cut() public {
        settle();
        toCut(2);
        exit(alice, series, 3);
        vm.prank(alice);
        vault.cancelExit(series, 1);
        eq(vault.balanceOf(alice, series), 3, "back");
        (uint64 leaving,) = reader.leavingOf(vault, series, 3, alice);
        eq(leaving, 2, "still leaving");
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
