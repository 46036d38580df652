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
        eq(state().waiting, 300 * NMR, "waiting");
        toCut(1);
        eq(state().waiting, 0, "nothing waits after the cut");
        eq(state().joining, 300 * NMR, "joining");
        settle();
        eq(state().joining, 0, "joined");
        eq(state().free, 300 * NMR, "free");
        eq(reader.liveUnits(vault, series), 3, "live");
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

    function test_no_deposits_while_two_cuts_are_unsettled() public {
        vm.warp(FIRST_CUT + 7 days - 1);
        buy(alice, id, 1, false);
        vm.warp(FIRST_CUT + 7 days);
        refusedDeposit(id, 1, 3, Pending.selector);
        settle();
        buy(alice, id, 1, false);
    }

    function test_deposits_over_two_unsettled_cuts_keep_apart() public {
        addReserve(500 * NMR);
        bytes32 safe = offer(covered());
        uint256 first = buy(alice, id, 3, false);
        buy(bob, safe, 1, false);
        toCut(1);
        uint256 second = buy(alice, id, 2, false);
        uint256 safeSecond = buy(bob, safe, 2, false);
        eq(state().joining, 400 * NMR, "of week 1");
        eq(state().waiting, 400 * NMR, "of week 2");
        eq(state().reserveLocked, 150 * NMR, "locked");
        vm.prank(alice);
        vault.cancel(second, 1);
        eq(state().waiting, 300 * NMR, "a cancel takes from its own week");
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(alice);
        vault.cancel(first, 1);
        toCut(2); // neither is settled
        eq(state().joining, 700 * NMR, "both join");
        eq(state().waiting, 0, "nothing waits");
        settle();
        eq(state().free, 400 * NMR, "week 1");
        eq(state().joining, 300 * NMR, "week 2");
        eq(state().units, 4, "units");
        uint256 third = buy(carol, id, 5, false);
        eq(state().waiting, 500 * NMR, "week 3");
        settle();
        eq(state().free, 700 * NMR, "week 2");
        eq(state().joining + state().waiting, 500 * NMR, "week 3");
        settle();
        eq(state().free, 1_200 * NMR, "week 3");
        eq(state().units, 12, "units");
        eq(reader.liveUnits(vault, third), 5, "third");
        eq(reader.liveUnits(vault, safeSecond), 2, "second");
        eq(vault.sync(), 0, "every wei has its place");
    }

    function test_an_empty_week_between_two_that_wait() public {
        buy(alice, id, 1, false);
        settle();
        settle();
        buy(alice, id, 2, false);
        toCut(3);
        buy(alice, id, 4, false);
        settle();
        eq(state().free, 300 * NMR, "weeks 1 and 3");
        settle();
        eq(state().free, 700 * NMR, "and 4");
    }

    function test_the_house_must_be_the_share_of_the_backers_value() public {
        Terms memory t = simple();
        t.houseMinBps = 3_333;
        bytes32 demanding = offer(t);
        addHouse(2 * 33.33e18 - 1);
        refusedDeposit(demanding, 2, 1, HouseTooSmall.selector);
        addHouse(1);
        uint256 series = buy(alice, demanding, 2, false);
        eq(state().houseSpare, 0, "all of the spare is taken");
        vm.prank(alice);
        vault.cancel(series, 1);
        eq(state().houseSpare, 33.33e18, "half comes back");
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
        eq(state().reserveLocked, 100 * NMR, "locked");
        refusedDeposit(safe, 1, 1, ReserveInsufficient.selector);
        vm.prank(alice);
        vault.cancel(series, 2);
        eq(state().reserveLocked, 0, "unlocked");
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

    function testFuzz_deposit_and_cancel_leave_nothing(uint64 units, uint64 back, bool pay) public {
        units = uint64(bound(units, 1, 10_000));
        back = uint64(bound(back, 1, units));
        addReserve(500_000 * NMR);
        uint256 series = buy(alice, offer(covered()), units, pay);
        vm.prank(alice);
        vault.cancel(series, back);
        eq(state().waiting, uint256(units - back) * 100 * NMR, "waiting");
        eq(state().reserveLocked, uint256(units - back) * 50 * NMR, "locked");
        eq(nmr.balanceOf(alice), 1_000_000 * NMR - uint256(units - back) * 100 * NMR, "refund");
    }
}
