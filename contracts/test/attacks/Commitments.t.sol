// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Attack.sol";

contract CommitmentsTest is Attack {
    function setUp() public override {
        super.setUp();
        addHouse(1_000 * NMR);
        settle();
    }

    /// A commitment counts for its vault and round alone, and Numerai's authorisation for its staker and submission.
    function test_62_copy_another_delegates_hash() public {
        Vault first = vault;
        open(7);
        bytes memory authorisation = authorise(7, NMR, MODEL);
        vm.warp(FIRST_CUT - 5 days);
        CreateVault memory p = params();
        (p.committer, p.modelId) = (address(0x5000001), bytes32(uint256(1)));
        Vault second = factory.create(p);
        use(second);
        addHouseTo(second);
        settle();
        staking.openRound(7, uint64(clock() + 1 hours));
        denied(stakerKey, abi.encodeCall(second.stake, (7, uint88(NMR), 10_000, 0, authorisation)), NoCommitment.selector);
        denied(p.committer, address(first), abi.encodeCall(first.commit, (7, hashOf(7))), NotAllowed.selector);
        denied(committer, address(second), abi.encodeCall(second.commit, (7, hashOf(7))), NotAllowed.selector);
        bytes32 copied = hashOf(7);
        vm.prank(p.committer);
        second.commit(7, copied);
        denied(stakerKey, abi.encodeCall(second.stake, (7, uint88(NMR), 10_000, 0, authorisation)), SandboxStaking.BadSignature.selector);
        denied(stakerKey, stakeCall(8, NMR), NoCommitment.selector); // another round
        eq(bytes32(reader.commitment(first, 7)), bytes32(bytes28(copied)), "the first one's stays");
    }

    function addHouseTo(Vault second) private {
        vm.prank(owner);
        nmr.approve(address(second), type(uint256).max);
        addHouse(100 * NMR);
    }

    function test_63_a_round_overwrites_the_one_128_before_only_once_that_is_collected() public {
        stake(7, 10 * NMR);
        stake(8, 20 * NMR);
        open(135);
        denied(stakerKey, stakeCall(135, NMR), RingFull.selector);
        open(263); // two turns on
        denied(stakerKey, stakeCall(263, NMR), RingFull.selector);
        eq(reader.openStake(vault, 7), 10 * NMR, "still there");
        collect(7, int256(NMR));
        denied(stranger, abi.encodeCall(vault.collect, (135, "")), RoundNotOpen.selector);
        stake(135, 30 * NMR);
        eq(reader.openStake(vault, 7), 0, "home");
        eq(reader.openStake(vault, 135), 30 * NMR, "in its place");
        denied(stranger, abi.encodeCall(vault.collect, (7, "")), RoundNotOpen.selector);
        collect(8, 0);
        collect(135, 0);
        eq(state().free, 1_001 * NMR, "free");
        nothingIsMissing();
    }

    function test_63_a_commitment_is_overwritten_128_rounds_on_and_then_counts_no_more() public {
        open(7);
        open(135);
        denied(stakerKey, stakeCall(7, NMR), NoCommitment.selector);
        stake(135, NMR);
    }
}

contract CommitmentsTest_OnAccount is CommitmentsTest, OnAccount {}
