// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// The sandbox's staking contract: what Numerai's is assumed to refuse.
contract StakingTest is Fixture {
    StakeAuthorization internal a;

    function setUp() public override {
        super.setUp();
        vm.prank(alice);
        nmr.approve(address(staking), 100 * NMR);
        staking.openRound(1, uint64(clock() + 60));
        a = StakeAuthorization(8, 1, MODEL, alice, 10 * NMR, bytes32(uint256(5)), bytes32(uint256(6)), 0, clock() + 30);
    }

    function stakes(uint256 key, uint256 amount) internal {
        bytes memory signature = sign(key, staking.authorizationDigest(a));
        vm.prank(alice);
        staking.stake(a, amount, signature);
    }

    function refusedStake(uint256 key, uint256 amount, bytes4 reason) internal {
        bytes memory signature = sign(key, staking.authorizationDigest(a));
        vm.expectRevert(reason);
        vm.prank(alice);
        staking.stake(a, amount, signature);
    }

    function test_what_is_signed_is_what_is_staked() public {
        refusedStake(NUMERAI_KEY + 1, NMR, SandboxStaking.BadSignature.selector);
        refusedStake(NUMERAI_KEY, 10 * NMR + 1, SandboxStaking.BeyondMaxAmount.selector);
        refusedStake(NUMERAI_KEY, 0, SandboxStaking.BeyondMaxAmount.selector);
        stakes(NUMERAI_KEY, 10 * NMR);
        refusedStake(NUMERAI_KEY, NMR, SandboxStaking.BadNonce.selector);
        a.nonce = 1;
        refusedStake(NUMERAI_KEY, NMR, SandboxStaking.AlreadyStakedHere.selector);
        bytes memory signature = sign(NUMERAI_KEY, staking.authorizationDigest(a));
        vm.expectRevert(SandboxStaking.NotStaker.selector);
        staking.stake(a, NMR, signature);
    }

    function test_deadline_and_closing_time() public {
        vm.warp(clock() + 31);
        refusedStake(NUMERAI_KEY, NMR, SandboxStaking.Expired.selector);
        a.deadline = clock() + 1_000;
        vm.warp(clock() + 29);
        refusedStake(NUMERAI_KEY, NMR, SandboxStaking.RoundClosed.selector);
        vm.warp(clock() - 1);
        stakes(NUMERAI_KEY, NMR);
    }

    function test_a_claim_pays_once_what_the_root_says() public {
        stakes(NUMERAI_KEY, 10 * NMR);
        bytes32[] memory path = new bytes32[](1);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(uint256(1), MODEL, alice, uint256(0), 4 * NMR))));
        path[0] = keccak256("another leaf");
        vm.expectRevert(SandboxStaking.WrongProof.selector);
        staking.claim(1, MODEL, alice, 0, 4 * NMR, path);
        staking.resolve(1, leaf < path[0] ? keccak256(bytes.concat(leaf, path[0])) : keccak256(bytes.concat(path[0], leaf)));
        vm.expectRevert(SandboxStaking.WrongProof.selector);
        staking.claim(1, MODEL, alice, 0, 3 * NMR, path);
        uint256 before = nmr.balanceOf(alice);
        uint256 supply = nmr.totalSupply();
        staking.claim(1, MODEL, alice, 0, 4 * NMR, path);
        eq(nmr.balanceOf(alice) - before, 6 * NMR, "stake less burn");
        eq(supply - nmr.totalSupply(), 4 * NMR, "burnt");
        vm.expectRevert(SandboxStaking.NothingToClaim.selector);
        staking.claim(1, MODEL, alice, 0, 4 * NMR, path);
    }

    function test_what_nobody_claims_is_returned_once() public {
        stakes(NUMERAI_KEY, 10 * NMR);
        vm.expectRevert(SandboxStaking.NotOwner.selector);
        vm.prank(stranger);
        staking.returnUnclaimed(1, MODEL, alice, NMR, 0);
        uint256 before = nmr.balanceOf(alice);
        staking.returnUnclaimed(1, MODEL, alice, NMR, 0);
        eq(nmr.balanceOf(alice) - before, 11 * NMR, "stake and payout");
        (, bool claimed) = staking.stakeByRound(1, alice, MODEL);
        yes(claimed, "claimed");
        vm.expectRevert(SandboxStaking.NothingToClaim.selector);
        staking.returnUnclaimed(1, MODEL, alice, NMR, 0);
    }

    function test_only_its_owner_opens_and_resolves() public {
        vm.expectRevert(SandboxStaking.NotOwner.selector);
        vm.prank(stranger);
        staking.openRound(2, 1);
        vm.expectRevert(SandboxStaking.NotOwner.selector);
        vm.prank(stranger);
        staking.resolve(1, 0);
    }
}
