// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract RoundsTest is Fixture {
    function setUp() public override {
        super.setUp();
        addHouse(100 * NMR);
        Week memory week = next();
        week.stakeLimit = uint88(40 * NMR);
        settle(week, none());
    }

    function refusedStake(uint32 round, uint256 amount, uint16 shareBps, uint32 collects, bytes4 reason) internal {
        bytes memory authorisation = authorise(round, amount, MODEL);
        vm.expectRevert(reason);
        vm.prank(stakerKey);
        vault.stake(round, uint88(amount), shareBps, collects, authorisation);
    }

    function refusedStake(uint32 round, uint256 amount, bytes4 reason) internal {
        refusedStake(round, amount, 10_000, state().collects, reason);
    }

    function test_a_round_is_staked_and_collected() public {
        stake(7, 40 * NMR);
        eq(state().free, 60 * NMR, "free");
        eq(reader.openStake(vault, 7), 40 * NMR, "open");
        eq(state().staked, 40 * NMR, "staked");
        (uint256 amount,) = staking.stakeByRound(7, numeraiSees, MODEL);
        eq(amount, 40 * NMR, "at Numerai");
        eq(nmr.allowance(address(staker), address(staking)), 0, "no allowance stays");
        collect(7, int256(3 * NMR));
        eq(state().free, 103 * NMR, "free");
        eq(state().staked, 0, "staked");
        eq(state().gainsLeft, 3 * NMR, "gains");
        eq(state().collects, 1, "collects");
        eq(nmr.balanceOf(numeraiSees), 0, "nothing stays");
    }

    function test_amount_and_share_are_positive() public {
        open(7);
        refusedStake(7, 0, AmountNotPositive.selector);
        refusedStake(7, 1, 0, 0, BadShare.selector);
        refusedStake(7, 1, 10_001, 0, BadShare.selector);
    }

    function test_the_books_moved_since_the_amount_was_computed() public {
        stake(7, 10 * NMR);
        collect(7, 0);
        open(8);
        refusedStake(8, 1, 10_000, 0, BooksMoved.selector);
        refusedStake(8, 1, 10_000, 2, BooksMoved.selector);
        stake(8, 1);
    }

    function test_two_rounds_that_somebody_else_claimed_keep_their_own_results() public {
        stake(7, 10 * NMR);
        stake(8, 20 * NMR);
        bytes memory p7 = resolve(7, 1 * NMR, 0);
        bytes memory p8 = resolve(8, 0, 5 * NMR);
        bytes32[] memory path = new bytes32[](0);
        staking.claim(7, MODEL, numeraiSees, 1 * NMR, 0, path);
        staking.claim(8, MODEL, numeraiSees, 0, 5 * NMR, path);
        eq(nmr.balanceOf(numeraiSees), 26 * NMR, "both came home");
        vm.expectRevert(BadProof.selector);
        vault.collect(8, p7);
        eq(vault.collect(8, p8), 15 * NMR, "round 8");
        eq(vault.collect(7, p7), 11 * NMR, "round 7");
        eq(state().gainsLeft, 1 * NMR, "gains of round 7; no unit bears dust");
        eq(vault.sync(), 0, "no surplus");
    }

    function test_a_commitment_is_kept_until_its_place_in_the_ring_is_taken() public {
        open(7);
        eq(bytes32(reader.commitment(vault, 7)), bytes32(bytes28(hashOf(7))), "hash");
        eq(bytes32(reader.commitment(vault, 135)), 0, "not the next one's");
        open(134);
        eq(bytes32(reader.commitment(vault, 7)), bytes32(bytes28(hashOf(7))), "its neighbour doesn't matter");
        open(135);
        eq(bytes32(reader.commitment(vault, 7)), 0, "gone");
        refusedStake(7, 1, NoCommitment.selector);
        stake(135, 1);
    }

    function test_128_rounds_are_open_at_once() public {
        for (uint32 r = 1; r <= 128; ++r) stake(r, 1);
        eq(state().staked, 128, "staked");
        open(129);
        refusedStake(129, 1, RingFull.selector);
        collect(1, 0);
        stake(129, 1);
        collect(129, 0);
        collect(128, 0);
        eq(reader.openStake(vault, 1) + reader.openStake(vault, 128) + reader.openStake(vault, 129), 0, "home");
        eq(reader.openStake(vault, 2), 1, "open");
        eq(state().staked, 126, "staked");
    }

    function test_the_share_is_in_the_log() public {
        open(7);
        bytes memory authorisation = authorise(7, NMR, MODEL);
        vm.expectEmit(true, true, true, true);
        emit Staked(7, NMR, 1);
        vm.prank(stakerKey);
        vault.stake(7, uint88(NMR), 1, 0, authorisation);
    }

    event Staked(uint32 indexed round, uint256 amount, uint16 shareBps);

    function testFuzz_any_result_comes_home(uint256 amount, int256 result) public {
        amount = bound(amount, 1, 40 * NMR);
        result = result % int256(amount + 1);
        play(7, amount, result);
        eq(state().free, uint256(int256(100 * NMR) + result), "free");
        eq(vault.sync(), 0, "surplus");
    }
}

contract RoundsTest_OnAccount is RoundsTest, OnAccount {}
