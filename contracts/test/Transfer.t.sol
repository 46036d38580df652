// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract TransferTest is Fixture {
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        series = buy(alice, offer(simple()), 5, false);
    }

    function refusedTransfer(address to, uint256 units, bytes4 reason) internal {
        vm.expectRevert(reason);
        vm.prank(alice);
        vault.transfer(to, series, units);
    }

    function test_units_move_only_while_their_series_lives() public {
        vm.warp(FIRST_CUT - 1);
        refusedTransfer(bob, 1, UnknownSeries.selector);
        vm.warp(FIRST_CUT);
        vm.prank(alice);
        vault.transfer(bob, series, 2);
        eq(vault.balanceOf(bob, series), 2, "bob");
        vm.warp(vault.cut(13) - 1);
        vm.prank(alice);
        vault.transfer(bob, series, 1);
        vm.warp(vault.cut(13));
        refusedTransfer(bob, 1, UnknownSeries.selector);
    }

    function test_not_from_the_cut_at_which_everybody_leaves() public {
        settle();
        vm.prank(owner);
        vault.windDown();
        vm.prank(alice);
        vault.transfer(bob, series, 1);
        toCut(2);
        refusedTransfer(bob, 1, UnknownSeries.selector);
    }

    function test_46_self_zero_too_many_and_bad_receivers() public {
        toCut(1);
        vm.prank(alice);
        vault.transfer(alice, series, 5);
        eq(vault.balanceOf(alice, series), 5, "self");
        refusedTransfer(bob, 0, UnitsNotPositive.selector);
        refusedTransfer(bob, 6, NotEnoughUnits.selector);
        refusedTransfer(bob, 1_000_001, TooManyUnits.selector);
        refusedTransfer(bob, type(uint256).max, TooManyUnits.selector);
        refusedTransfer(address(0xF4240), 1, BadReceiver.selector);
        refusedTransfer(address(0xdEaD), 1, BadReceiver.selector);
        refusedTransfer(address(vault), 1, BadReceiver.selector);
        refusedTransfer(address(nmr), 1, BadReceiver.selector);
        refusedTransfer(address(staker), 1, BadReceiver.selector);
        vm.expectRevert();
        vm.prank(alice);
        vault.transfer(address(0), series, 1);
        vm.prank(alice);
        vault.transfer(address(0xF4241), series, 1);
    }

    function test_46_operators_and_allowances() public {
        toCut(1);
        vm.expectRevert();
        vm.prank(carol);
        vault.transferFrom(alice, bob, series, 1);
        vm.prank(alice);
        vault.approve(carol, series, 1);
        vm.prank(carol);
        vault.transferFrom(alice, bob, series, 1);
        vm.expectRevert();
        vm.prank(carol);
        vault.transferFrom(alice, bob, series, 1);
        vm.prank(alice);
        vault.setOperator(carol, true);
        vm.prank(carol);
        vault.transferFrom(alice, bob, series, 4);
        eq(vault.balanceOf(bob, series), 5, "all");
    }

    function test_the_buyer_exits_and_is_paid() public {
        settle();
        vm.prank(alice);
        vault.transfer(bob, series, 5);
        exit(bob, series, 5);
        settle(one(series, 2, 5, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 0, "seller");
        eq(vault.claim(series, 2, bob), 500 * NMR, "buyer");
    }
}
