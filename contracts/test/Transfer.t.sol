// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract TransferTest is Fixture {
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        series = buy(alice, offer(simple()), 5, false);
    }

    function refusedTransfer(bytes4 reason) internal {
        vm.expectRevert(reason);
        vm.prank(alice);
        vault.transfer(bob, series, 1);
    }

    function test_units_move_only_while_their_series_lives() public {
        vm.warp(FIRST_CUT - 1);
        refusedTransfer(UnknownSeries.selector);
        vm.warp(FIRST_CUT);
        refusedTransfer(UnknownSeries.selector);
        settle();
        vm.prank(alice);
        vault.transfer(bob, series, 2);
        eq(vault.balanceOf(bob, series), 2, "bob");
        vm.warp(vault.cut(13) - 1);
        vm.prank(alice);
        vault.transfer(bob, series, 1);
        vm.warp(vault.cut(13));
        refusedTransfer(UnknownSeries.selector);
    }

    function test_not_from_the_cut_at_which_everybody_leaves() public {
        settle();
        vm.prank(owner);
        vault.windDown();
        vm.prank(alice);
        vault.transfer(bob, series, 1);
        toCut(2);
        refusedTransfer(UnknownSeries.selector);
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
