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
        refusedStake(round, amount, 10_000, vault.collects(), reason);
    }

    function test_a_round_is_staked_and_collected() public {
        stake(7, 40 * NMR);
        eq(vault.free(), 60 * NMR, "free");
        eq(vault.openStake(7), 40 * NMR, "open");
        eq(vault.staked(), 40 * NMR, "staked");
        (uint256 amount,) = staking.stakeByRound(7, address(staker), MODEL);
        eq(amount, 40 * NMR, "at Numerai");
        eq(nmr.allowance(address(staker), address(staking)), 0, "no allowance stays");
        collect(7, int256(3 * NMR));
        eq(vault.free(), 103 * NMR, "free");
        eq(vault.staked(), 0, "staked");
        eq(vault.gains(), 3 * NMR, "gains");
        eq(vault.collects(), 1, "collects");
        eq(nmr.balanceOf(address(staker)), 0, "nothing stays");
    }

    function test_24_no_commitment() public {
        staking.openRound(7, uint64(clock() + 1));
        refusedStake(7, 1, NoCommitment.selector);
    }

    function test_24_the_instruction_is_the_limit() public {
        open(7);
        refusedStake(7, 40 * NMR + 1, BeyondInstruction.selector);
        stake(7, 40 * NMR);
    }

    function test_11_only_free_cash_is_staked() public {
        stake(1, 40 * NMR);
        stake(2, 40 * NMR);
        addHouse(100 * NMR);
        addReserve(100 * NMR);
        open(3);
        refusedStake(3, 20 * NMR + 1, BeyondCash.selector);
        stake(4, 20 * NMR);
    }

    function test_24_rounds_go_up_and_are_staked_once() public {
        stake(7, 1);
        open(9);
        refusedStake(7, 1, AlreadyStaked.selector);
        refusedStake(6, 1, RoundOutOfOrder.selector);
        stake(8, 1);
        stake(9, 1);
    }

    function test_26_the_commitment_is_frozen_by_the_stake() public {
        open(7);
        open(7);
        (bytes28 hash, uint32 at) = vault.commitment(7);
        eq(bytes32(hash), bytes32(bytes28(hashOf(7))), "hash");
        eq(at, clock(), "time");
        stake(7, 1);
        vm.expectRevert(AlreadyStaked.selector);
        vm.prank(committer);
        vault.commit(7, 0);
        vm.expectRevert(RoundOutOfOrder.selector);
        vm.prank(committer);
        vault.commit(6, 0);
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

    function test_no_stake_from_the_cut_to_the_acceptance() public {
        vm.warp(vault.cut(2) - 1);
        stake(7, 1);
        vm.warp(vault.cut(2));
        open(8);
        refusedStake(8, 1, Pending.selector);
        vm.warp(clock() + 15 days); // 24: an old instruction
        refusedStake(8, 1, Pending.selector);
        settle();
        settle();
        settle();
        stake(9, 1);
    }

    function test_25_an_authorisation_for_something_else() public {
        open(7);
        bytes memory authorisation = authorise(7, 1, bytes32(uint256(1)));
        vm.expectRevert(BadAuthorisation.selector);
        vm.prank(stakerKey);
        vault.stake(7, 1, 10_000, 0, authorisation);
        authorisation = authorise(8, 1, MODEL);
        vm.expectRevert(BadAuthorisation.selector);
        vm.prank(stakerKey);
        vault.stake(7, 1, 10_000, 0, authorisation);
        eq(vault.staked(), 0, "nothing is staked");
    }

    function test_66_a_wrong_proof_changes_nothing_and_a_right_one_counts_once() public {
        stake(7, 10 * NMR);
        bytes memory right = resolve(7, 2 * NMR, 0);
        vm.expectRevert();
        vault.collect(7, abi.encode(3 * NMR, 0, new bytes32[](0)));
        vm.prank(stranger);
        eq(vault.collect(7, right), 12 * NMR, "returned");
        vm.expectRevert(RoundNotOpen.selector);
        vault.collect(7, right);
        vm.expectRevert(RoundNotOpen.selector);
        vault.collect(8, right);
    }

    function test_two_rounds_that_somebody_else_claimed_keep_their_own_results() public {
        stake(7, 10 * NMR);
        stake(8, 20 * NMR);
        bytes memory p7 = resolve(7, 1 * NMR, 0);
        bytes memory p8 = resolve(8, 0, 5 * NMR);
        bytes32[] memory path = new bytes32[](0);
        staking.claim(7, MODEL, address(staker), 1 * NMR, 0, path);
        staking.claim(8, MODEL, address(staker), 0, 5 * NMR, path);
        eq(nmr.balanceOf(address(staker)), 26 * NMR, "both came home");
        vm.expectRevert(BadProof.selector);
        vault.collect(8, p7);
        eq(vault.collect(8, p8), 15 * NMR, "round 8");
        eq(vault.collect(7, p7), 11 * NMR, "round 7");
        eq(vault.gains(), 1 * NMR, "gains of round 7; no unit bears dust");
        eq(vault.sync(), 0, "no surplus");
    }

    function test_20_nmr_sent_to_the_staker_is_no_result() public {
        stake(7, 10 * NMR);
        vm.prank(bob);
        nmr.transfer(address(staker), 5 * NMR);
        collect(7, 0);
        eq(vault.gains(), 0, "no gain");
        eq(vault.free(), 100 * NMR, "free");
        eq(vault.sync(), 5 * NMR, "it is house");
    }

    function test_only_the_vault_uses_the_staker() public {
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, 0, 0);
        vm.expectRevert(NotAllowed.selector);
        staker.collect(7, proof);
        vm.expectRevert(NotAllowed.selector);
        staker.stake(8, 1, "");
    }

    function testFuzz_any_result_comes_home(uint256 amount, int256 result) public {
        amount = bound(amount, 1, 40 * NMR);
        result = result % int256(amount + 1);
        play(7, amount, result);
        eq(vault.free(), uint256(int256(100 * NMR) + result), "free");
        eq(vault.sync(), 0, "surplus");
    }
}
