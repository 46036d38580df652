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
        eq(state().waiting, 100 * NMR, "waiting");
        eq(state().houseSpare, 100 * NMR, "spare");
        toCut(1);
        addHouse(10 * NMR);
        eq(state().joining, 100 * NMR, "joining");
        eq(state().waiting, 10 * NMR, "the next week's");
        Week memory week = next();
        week.houseSpare = uint88(70 * NMR);
        settle(week, none());
        eq(state().houseSpare, 80 * NMR, "the books' and what came since the cut");
        eq(state().free, 100 * NMR, "free");
        eq(uint256(-state().houseNet), 100 * NMR, "in");
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
        eq(state().houseDue, 60 * NMR, "due");
        eq(state().promised, 60 * NMR, "within promised");
        vm.prank(owner);
        eq(vault.takeHouse(), 60 * NMR, "taken");
        vm.prank(owner);
        eq(vault.takeHouse(), 0, "once");
        eq(nmr.balanceOf(owner), 1_000_000 * NMR - 40 * NMR, "to the owner");
    }

    function test_house_comes_while_one_cut_is_unsettled_but_not_two() public {
        vm.warp(vault.cut(2) - 1);
        addHouse(1);
        vm.warp(vault.cut(2));
        vm.expectRevert(Pending.selector);
        addHouse(1);
        Week memory week = next();
        week.houseSpare = 0;
        settle(week, none());
        addHouse(1);
        eq(state().waiting, 1, "waiting");
        eq(state().joining, 1, "joining");
        eq(state().houseSpare, 2, "spare: neither is in the books");
    }

    function test_what_is_asked_back_of_the_reserve_locks_no_more() public {
        bytes32 id = offer(covered());
        addReserve(100 * NMR);
        buy(alice, id, 1, false);
        vm.expectRevert(ReserveLocked.selector);
        askReserve(50 * NMR + 1);
        vm.expectRevert(AmountNotPositive.selector);
        askReserve(0);
        askReserve(50 * NMR);
        vm.expectRevert(ReserveLocked.selector);
        askReserve(1);
        vm.expectRevert(ReserveInsufficient.selector);
        vm.prank(alice);
        vault.deposit(id, 1, false, 1);
    }

    function test_the_reserve_is_asked_back_before_the_cut_or_after_its_settlement() public {
        addReserve(100 * NMR);
        askReserve(30 * NMR);
        toCut(1);
        vm.expectRevert(Pending.selector);
        askReserve(20 * NMR);
        addReserve(10 * NMR); // that can't spoil a settlement
        Week memory week = next();
        week.reserveOut = uint88(30 * NMR + 1);
        refused(week, none(), ReserveLocked.selector);
        week.reserveOut = uint88(20 * NMR);
        settle(week, none());
        eq(state().reserveDue, 20 * NMR, "due");
        vm.prank(owner);
        eq(vault.takeReserve(), 20 * NMR, "taken");
        eq(state().reserve, 90 * NMR, "left");
        week = next();
        week.reserveOut = 1;
        refused(week, none(), ReserveLocked.selector); // what wasn't given isn't asked any more
        settle();
        askReserve(90 * NMR);
        week = next();
        week.reserveOut = uint88(90 * NMR);
        settle(week, none());
        vm.prank(owner);
        eq(vault.takeReserve(), 90 * NMR, "all");
        vm.prank(owner);
        eq(vault.takeReserve(), 0, "once");
        eq(nmr.balanceOf(owner), 1_000_000 * NMR, "to the owner");
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
