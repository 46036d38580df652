// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// The owner's own money: house and reserve.
contract HouseTest is Fixture {
    function ask(uint256 amount) internal {
        vm.prank(owner);
        vault.askHouse(uint88(amount));
    }

    function askReserve(uint256 amount) internal {
        vm.prank(owner);
        vault.askReserve(uint88(amount));
    }

    function test_house_waits_and_counts_as_spare_at_once() public {
        addHouse(100 * NMR);
        eq(vault.waiting(), 100 * NMR, "waiting");
        eq(vault.houseSpare(), 100 * NMR, "spare");
        toCut(1);
        addHouse(10 * NMR);
        eq(vault.joining(), 100 * NMR, "joining");
        eq(vault.waiting(), 10 * NMR, "the next week's");
        Week memory week = next();
        week.houseSpare = uint88(70 * NMR);
        settle(week, none());
        eq(vault.houseSpare(), 80 * NMR, "the books' and what came since the cut");
        eq(vault.free(), 100 * NMR, "free");
        eq(vault.houseIn(), 100 * NMR, "in");
    }

    function test_asking_is_bounded_by_the_spare() public {
        addHouse(100 * NMR);
        vm.expectRevert(HouseEncumbered.selector);
        ask(100 * NMR + 1);
        vm.expectRevert(AmountNotPositive.selector);
        ask(0);
        ask(60 * NMR);
        vm.expectRevert(HouseEncumbered.selector);
        ask(40 * NMR + 1);
        toCut(1);
        vm.expectRevert(Pending.selector);
        ask(1);
    }

    function test_taking_pays_what_settlements_released_once() public {
        addHouse(100 * NMR);
        settle();
        ask(60 * NMR);
        Week memory week = next();
        week.houseOut = uint88(60 * NMR);
        settle(week, none());
        eq(vault.houseDue(), 60 * NMR, "due");
        eq(vault.promised(), 60 * NMR, "within promised");
        vm.prank(owner);
        eq(vault.takeHouse(), 60 * NMR, "taken");
        vm.prank(owner);
        eq(vault.takeHouse(), 0, "once");
        eq(nmr.balanceOf(owner), 1_000_000 * NMR - 40 * NMR, "to the owner");
    }

    function test_17_the_locked_reserve_stays() public {
        addReserve(100 * NMR);
        buy(alice, offer(covered()), 1, false);
        vm.expectRevert(ReserveLocked.selector);
        askReserve(50 * NMR + 1);
        vm.expectRevert(AmountNotPositive.selector);
        askReserve(0);
        askReserve(50 * NMR);
        vm.expectRevert(ReserveLocked.selector);
        askReserve(1);
        vm.expectRevert(ReserveInsufficient.selector); // what is asked back locks no more
        vm.prank(alice);
        vault.deposit(_id(), 1, false, 1);
    }

    function _id() private view returns (bytes32) {
        return TermsLib.id(covered(), address(vault));
    }

    function test_the_reserve_goes_out_as_asked_before_the_cut() public {
        addReserve(100 * NMR);
        askReserve(30 * NMR);
        toCut(1);
        askReserve(20 * NMR);
        Week memory week = next();
        week.reserveOut = uint88(30 * NMR + 1);
        refused(week, none(), ReserveLocked.selector);
        week.reserveOut = uint88(30 * NMR);
        settle(week, none());
        eq(vault.reserveDue(), 30 * NMR, "due");
        vm.expectRevert(ReserveLocked.selector);
        askReserve(50 * NMR + 1);
        vm.prank(owner);
        eq(vault.takeReserve(), 30 * NMR, "taken");
        eq(vault.reserve(), 70 * NMR, "left");
        week = next();
        week.reserveOut = uint88(20 * NMR);
        settle(week, none());
        vm.prank(owner);
        eq(vault.takeReserve(), 20 * NMR, "the second week's");
        vm.prank(owner);
        eq(vault.takeReserve(), 0, "once");
    }

    function test_the_owner_gets_no_reserve_unasked() public {
        addReserve(100 * NMR);
        Week memory week = next();
        week.reserveOut = 1;
        refused(week, none(), ReserveLocked.selector);
    }

    function test_amounts_are_positive() public {
        vm.expectRevert(AmountNotPositive.selector);
        addHouse(0);
        vm.expectRevert(AmountNotPositive.selector);
        addReserve(0);
    }
}
