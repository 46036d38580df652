// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract DepositTest is Fixture {
    bytes32 internal id;

    function setUp() public override {
        super.setUp();
        id = offer(simple());
    }

    function refusedDeposit(bytes32 terms, uint64 units, uint32 week, bytes4 reason) internal {
        vm.expectRevert(reason);
        vm.prank(alice);
        vault.deposit(terms, units, false, week);
    }

    function test_units_wait_until_the_settlement_accepts_them() public {
        uint256 series = buy(alice, id, 3, false);
        eq(series, (uint256(id) >> 32 << 32) | 1, "series id");
        eq(vault.balanceOf(alice, series), 3, "units");
        eq(vault.waiting(), 300 * NMR, "waiting");
        toCut(1);
        eq(vault.waiting(), 0, "nothing waits after the cut");
        eq(vault.joining(), 300 * NMR, "joining");
        settle();
        eq(vault.joining(), 0, "joined");
        eq(vault.free(), 300 * NMR, "free");
        eq(vault.liveUnits(series), 3, "live");
    }

    function test_the_payout_choice_is_a_bit_of_the_series() public {
        eq(buy(alice, id, 1, true), (uint256(id) >> 32 << 32) | (1 << 31) | 1, "series id");
    }

    function test_unknown_and_withdrawn_terms_are_refused() public {
        refusedDeposit(bytes32(uint256(1)), 1, 1, UnknownTerms.selector);
        refusedDeposit(id ^ bytes32(uint256(1)), 1, 1, UnknownTerms.selector);
        vm.prank(owner);
        vault.withdrawOffer(id);
        refusedDeposit(id, 1, 1, UnknownTerms.selector);
    }

    function test_units_are_from_1_to_a_million() public {
        refusedDeposit(id, 0, 1, UnitsNotPositive.selector);
        refusedDeposit(id, 1_000_001, 1, TooManyUnits.selector);
        Terms memory small = simple();
        small.unitSize = 1e15;
        eq(vault.balanceOf(alice, buy(alice, offer(small), 1_000_000, false)), 1_000_000, "a million");
    }

    function test_41_a_settlement_slips_in_before_the_deposit() public {
        vm.warp(FIRST_CUT - 1);
        buy(alice, id, 1, false);
        vm.warp(FIRST_CUT);
        refusedDeposit(id, 1, 1, WrongWeek.selector);
        eq(buy(alice, id, 1, false) & 0xff, 2, "join week");
    }

    function test_no_deposits_while_two_cuts_are_unsettled() public {
        vm.warp(FIRST_CUT + 7 days - 1);
        buy(alice, id, 1, false);
        vm.warp(FIRST_CUT + 7 days);
        refusedDeposit(id, 1, 3, Pending.selector);
        settle();
        buy(alice, id, 1, false);
    }

    function test_the_house_must_be_the_share_of_the_backers_value() public {
        Terms memory t = simple();
        t.houseMinBps = 3_333;
        bytes32 demanding = offer(t);
        addHouse(2 * 33.33e18 - 1);
        refusedDeposit(demanding, 2, 1, HouseTooSmall.selector);
        addHouse(1);
        uint256 series = buy(alice, demanding, 2, false);
        eq(vault.houseSpare(), 0, "all of the spare is taken");
        vm.prank(alice);
        vault.cancel(series, 1);
        eq(vault.houseSpare(), 33.33e18, "half comes back");
        toCut(1);
        refusedDeposit(demanding, 1, 2, Pending.selector);
    }

    function test_the_spare_is_taken_rounded_up() public {
        Terms memory t = simple();
        (t.unitSize, t.houseMinBps) = (1e15 + 1, 1);
        bytes32 demanding = offer(t);
        addHouse(1e11);
        refusedDeposit(demanding, 1, 1, HouseTooSmall.selector);
        addHouse(1);
        buy(alice, demanding, 1, false);
    }

    function test_the_reserve_is_locked_at_once() public {
        bytes32 safe = offer(covered());
        addReserve(100 * NMR - 1);
        refusedDeposit(safe, 2, 1, ReserveInsufficient.selector);
        addReserve(1);
        uint256 series = buy(alice, safe, 2, false);
        eq(vault.reserveLocked(), 100 * NMR, "locked");
        refusedDeposit(safe, 1, 1, ReserveInsufficient.selector);
        vm.prank(alice);
        vault.cancel(series, 2);
        eq(vault.reserveLocked(), 0, "unlocked");
    }

    function test_cancel_refunds_at_once_until_the_cut() public {
        uint256 series = buy(alice, id, 3, false);
        uint256 before = nmr.balanceOf(alice);
        vm.prank(alice);
        vault.cancel(series, 1);
        eq(nmr.balanceOf(alice) - before, 100 * NMR, "refund");
        vm.warp(FIRST_CUT - 1);
        vm.prank(alice);
        vault.cancel(series, 1);
        vm.warp(FIRST_CUT);
        vm.expectRevert(NotEnoughUnits.selector); // 43
        vm.prank(alice);
        vault.cancel(series, 1);
    }

    function test_nobody_cancels_what_he_does_not_hold() public {
        uint256 series = buy(alice, id, 1, false);
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(bob);
        vault.cancel(series, 1);
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(alice);
        vault.cancel(series, 2);
        vm.expectRevert(UnitsNotPositive.selector);
        vm.prank(alice);
        vault.cancel(series, 0);
    }

    function test_45_more_than_the_backer_has() public {
        nmr.faucet(stranger, 100 * NMR - 1);
        vm.prank(stranger);
        nmr.approve(address(vault), type(uint256).max);
        vm.expectRevert(NmrRefused.selector);
        vm.prank(stranger);
        vault.deposit(id, 1, false, 1);
    }

    function test_01_a_donation_changes_no_unit() public {
        vm.prank(bob);
        nmr.transfer(address(vault), 100 * NMR);
        uint256 series = buy(alice, id, 1, false);
        eq(vault.balanceOf(alice, series), 1, "units");
        eq(vault.free() + vault.promised(), 0, "not booked");
        eq(vault.sync(), 100 * NMR, "surplus");
        eq(vault.houseSpare(), 100 * NMR, "it is house");
        eq(vault.sync(), 0, "once");
    }

    function testFuzz_deposit_and_cancel_leave_nothing(uint64 units, uint64 back, bool pay) public {
        units = uint64(bound(units, 1, 10_000));
        back = uint64(bound(back, 1, units));
        addReserve(500_000 * NMR);
        uint256 series = buy(alice, offer(covered()), units, pay);
        vm.prank(alice);
        vault.cancel(series, back);
        eq(vault.waiting(), uint256(units - back) * 100 * NMR, "waiting");
        eq(vault.reserveLocked(), uint256(units - back) * 50 * NMR, "locked");
        eq(nmr.balanceOf(alice), 1_000_000 * NMR - uint256(units - back) * 100 * NMR, "refund");
    }
}
