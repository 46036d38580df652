// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiAccount} from "../src/interfaces/INumeraiAccount.sol";
import {IStakers} from "../src/interfaces/IStaker.sol";
import {SandboxAccount, SandboxAccounts} from "../src/sandbox/SandboxAccount.sol";
import {SandboxStaking} from "../src/sandbox/SandboxStaking.sol";
import {NumeraiAccountStaker} from "./Contracts.sol";
import {FrugalAccount, FrugalStaking} from "./hostile/FrugalNumerai.sol";
import {Numerai, OnAccount} from "./Numerai.sol";
import "../src/Errors.sol";

/// A staker whose vault is this contract.
contract StakerTest is Numerai {
    uint256 internal constant BALANCE = 1_000 * NMR;
    address internal stranger = address(0x3000001);

    function setUp() public override {
        super.setUp();
        use(generation.create(8, MODEL));
        nmr.faucet(address(this), BALANCE);
    }

    function stake(uint32 round, uint256 amount) internal {
        staking.openRound(round, uint64(clock() + 1 hours));
        bytes memory authorisation = authorise(round, amount, MODEL);
        nmr.transfer(address(staker), amount);
        staker.stake(round, amount, authorisation);
    }

    function refusedStake(uint32 round, uint256 amount, bytes memory authorisation, bytes4 reason) internal {
        nmr.transfer(address(staker), amount);
        vm.expectRevert(reason);
        staker.stake(round, amount, authorisation);
    }

    /// What nothing may be left of after a call: NMR, and allowances but the account's own for Numerai.
    function nothingStays() internal view {
        eq(nmr.balanceOf(address(staker)) + nmr.balanceOf(numeraiSees), 0, "NMR");
        eq(nmr.allowance(address(staker), address(staking)) + nmr.allowance(address(staker), numeraiSees), 0, "allowance");
    }

    function test_a_stake_is_numerais_and_leaves_nothing_behind() public {
        stake(7, 10 * NMR);
        (uint256 amount, bool claimed) = staking.stakeByRound(7, numeraiSees, MODEL);
        eq(amount, 10 * NMR, "at Numerai");
        yes(!claimed, "not claimed");
        eq(staker.stakeOf(7), 10 * NMR, "stakeOf");
        eq(staker.stakeOf(8), 0, "another round");
        eq(nmr.balanceOf(address(staking)), 1_000_010 * NMR, "received");
        nothingStays();
    }

    function test_a_profit_comes_home() public {
        stake(7, 10 * NMR);
        eq(staker.collect(7, 10 * NMR, resolve(7, 3 * NMR, 0)), 13 * NMR, "returned");
        eq(nmr.balanceOf(address(this)), BALANCE + 3 * NMR, "received");
        nothingStays();
    }

    function test_what_is_left_of_a_loss_comes_home() public {
        stake(7, 10 * NMR);
        eq(staker.collect(7, 10 * NMR, resolve(7, 0, 4 * NMR)), 6 * NMR, "returned");
        eq(nmr.balanceOf(address(this)), BALANCE - 4 * NMR, "received");
        nothingStays();
    }

    function test_a_total_loss_is_a_result() public {
        stake(7, 10 * NMR);
        eq(staker.collect(7, 10 * NMR, resolve(7, 0, 10 * NMR)), 0, "returned");
        eq(nmr.balanceOf(address(this)), BALANCE - 10 * NMR, "received");
        nothingStays();
    }

    function test_a_long_proof() public {
        stake(7, 10 * NMR);
        bytes32 node = keccak256(bytes.concat(keccak256(abi.encode(uint256(7), MODEL, numeraiSees, NMR, uint256(0)))));
        bytes32[] memory path = new bytes32[](12);
        for (uint256 i; i < 12; ++i) {
            path[i] = keccak256(abi.encode(i));
            node = node < path[i] ? keccak256(bytes.concat(node, path[i])) : keccak256(bytes.concat(path[i], node));
        }
        staking.resolve(7, node);
        bytes32 right = path[11];
        path[11] = 0;
        vm.expectRevert(BadProof.selector);
        staker.collect(7, 10 * NMR, abi.encode(NMR, 0, path));
        path[11] = right;
        eq(staker.collect(7, 10 * NMR, abi.encode(NMR, 0, path)), 11 * NMR, "returned");
    }

    function test_rounds_that_came_home_unasked_keep_their_own_results() public {
        stake(7, 10 * NMR);
        stake(8, 20 * NMR);
        stake(9, 30 * NMR);
        bytes memory p7 = resolve(7, 1 * NMR, 0);
        bytes memory p8 = resolve(8, 0, 5 * NMR);
        bytes memory p9 = resolve(9, 2 * NMR, 0);
        vm.prank(stranger);
        staking.claim(7, MODEL, numeraiSees, 1 * NMR, 0, new bytes32[](0));
        staking.returnUnclaimed(8, MODEL, numeraiSees, 0, 5 * NMR);
        eq(nmr.balanceOf(numeraiSees), 26 * NMR, "both came home");
        vm.expectRevert(BadProof.selector);
        staker.collect(8, 20 * NMR, p7);
        vm.expectRevert(BadProof.selector);
        staker.collect(7, 10 * NMR, p8);
        eq(staker.collect(8, 20 * NMR, p8), 15 * NMR, "round 8");
        eq(staker.collect(9, 30 * NMR, p9), 32 * NMR, "round 9, claimed here");
        eq(staker.collect(7, 10 * NMR, p7), 11 * NMR, "round 7");
        eq(nmr.balanceOf(address(this)), BALANCE - 2 * NMR, "all together");
        nothingStays();
    }

    function test_20_nmr_of_somebody_else_is_no_result() public {
        stake(7, 10 * NMR);
        nmr.faucet(address(staker), NMR);
        nmr.faucet(numeraiSees, NMR);
        stake(8, 10 * NMR);
        eq(staker.collect(7, 10 * NMR, resolve(7, 0, 0)), 10 * NMR, "round 7");
        eq(staker.collect(8, 10 * NMR, resolve(8, 0, NMR)), 9 * NMR, "round 8");
        eq(nmr.balanceOf(address(this)), BALANCE - NMR, "as Numerai says");
    }

    function test_an_unresolved_round_brings_nothing() public {
        stake(7, 10 * NMR);
        vm.expectRevert(BadProof.selector);
        staker.collect(7, 10 * NMR, abi.encode(NMR, 0, new bytes32[](0)));
    }

    function test_a_proof_that_is_none() public {
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, NMR, 0);
        vm.expectRevert();
        staker.collect(7, 10 * NMR, "");
        vm.expectRevert(BadProof.selector);
        staker.collect(7, 10 * NMR, abi.encode(2 * NMR, 0, new bytes32[](0)));
        eq(staker.collect(7, 10 * NMR, proof), 11 * NMR, "the right one");
    }

    function test_25_an_authorisation_for_something_else() public {
        staking.openRound(7, uint64(clock() + 60));
        staking.openRound(8, uint64(clock() + 60));
        refusedStake(7, NMR, authorise(7, NMR, bytes32(uint256(1))), SandboxStaking.BadSignature.selector); // another model
        refusedStake(7, NMR, authorise(8, NMR, MODEL), SandboxStaking.BadSignature.selector); // another round
        address ours = numeraiSees;
        numeraiSees = stranger;
        bytes memory foreign = authorise(7, NMR, MODEL);
        numeraiSees = ours;
        refusedStake(7, NMR, foreign, SandboxStaking.BadSignature.selector); // another staker
        refusedStake(7, NMR + 1, authorise(7, NMR, MODEL), SandboxStaking.BeyondMaxAmount.selector);
        vm.expectRevert();
        staker.stake(7, NMR, "");
        eq(staker.stakeOf(7), 0, "nothing is staked");
    }

    function test_23_only_its_vault_uses_it() public {
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, 0, 0);
        vm.expectRevert(NotAllowed.selector);
        vm.prank(stranger);
        staker.collect(7, 10 * NMR, proof);
        vm.expectRevert(NotAllowed.selector);
        vm.prank(stranger);
        staker.stake(8, 0, "");
        eq(staker.vault(), address(this), "vault");
        eq(staker.numeraiStaker(), numeraiSees, "what Numerai sees");
    }

    /// What the staker itself would leave behind, or, on an account, the account.
    function test_52_a_staking_contract_takes_all_that_it_is_allowed_or_nothing() public {
        for (uint256 left; left < 2; ++left) {
            staking = SandboxStaking(address(new FrugalStaking(IERC20(address(nmr)), left)));
            use(newGeneration().create(8, MODEL));
            stakeFrugally(left);
        }
    }

    /// Refused unless nothing is left of 10 NMR.
    function stakeFrugally(uint256 left) internal {
        nmr.transfer(address(staker), 10 * NMR);
        if (left != 0) vm.expectRevert(NmrRefused.selector);
        staker.stake(7, 10 * NMR, abi.encode(10 * NMR, bytes32(0), bytes32(0), 0, 0, ""));
        eq(nmr.balanceOf(address(staking)), left == 0 ? 10 * NMR : 0, "at Numerai");
        eq(nmr.balanceOf(address(staker)), left == 0 ? 0 : 10 * NMR, "not gone");
    }

    function test_50_stopped_nmr_loses_nothing() public {
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, NMR, 0);
        stake(8, 10 * NMR);
        bytes memory taken = resolve(8, NMR, 0);
        staking.claim(8, MODEL, numeraiSees, NMR, 0, new bytes32[](0));
        staking.openRound(9, uint64(clock() + 60));
        bytes memory authorisation = authorise(9, NMR, MODEL);
        nmr.transfer(address(staker), NMR);
        nmr.emergencyStop();
        vm.expectRevert(NmrRefused.selector);
        staker.stake(9, NMR, authorisation);
        vm.expectRevert(NmrRefused.selector);
        staker.collect(7, 10 * NMR, proof);
        vm.expectRevert(onAccount ? SandboxAccount.NmrFailed.selector : NmrRefused.selector);
        staker.collect(8, 10 * NMR, taken);
        nmr.release();
        staker.stake(9, NMR, authorisation);
        eq(staker.collect(7, 10 * NMR, proof) + staker.collect(8, 10 * NMR, taken), 22 * NMR, "collected");
        nothingStays();
    }

    function testFuzz_any_result_comes_home(uint256 amount, uint256 payout, uint256 burn, bool unasked) public {
        amount = bound(amount, 1, BALANCE);
        payout = bound(payout, 0, BALANCE);
        burn = bound(burn, 0, amount);
        stake(7, amount);
        bytes memory proof = resolve(7, payout, burn);
        if (unasked) staking.returnUnclaimed(7, MODEL, numeraiSees, payout, burn);
        eq(staker.collect(7, amount, proof), amount + payout - burn, "returned");
        eq(nmr.balanceOf(address(this)), BALANCE + payout - burn, "received");
        nothingStays();
    }
}

contract StakerTest_OnAccount is StakerTest, OnAccount {
    function account() internal view returns (INumeraiAccount) {
        return NumeraiAccountStaker(address(staker)).account();
    }

    function test_the_account_is_the_stakers_for_ever() public {
        eq(staker.numeraiStaker(), address(account()), "what Numerai sees");
        eq(account().owner(), address(staker), "owner");
        eq(account().operator(), address(staker), "operator");
        eq(account().pendingOwner(), address(0), "nobody waits for it");
        vm.expectRevert(SandboxAccount.NotPendingOwner.selector);
        NumeraiAccountStaker(address(staker)).acceptAccount();
        SandboxAccounts accounts = SandboxAccounts(address(account().factory()));
        eq(accounts.getInstanceCount(), 1, "accounts");
        eq(address(accounts.getInstance(0)), address(account()), "account");
    }

    function test_nobody_else_uses_the_account() public {
        INumeraiAccount it = account(); // this contract is the vault
        bytes[8] memory calls = [
            abi.encodeCall(it.deposit, (0)),
            abi.encodeCall(it.withdraw, (0)),
            abi.encodeCall(it.approveStaking, ()),
            abi.encodeCall(it.setOperator, (stranger)),
            abi.encodeCall(it.setModelConfig, (8, MODEL, 1, 0, true)),
            abi.encodeCall(it.transferOwnership, (stranger)),
            abi.encodeCall(it.acceptOwnership, ()),
            abi.encodeWithSelector(it.stake.selector, 8, 7, MODEL, address(it), NMR, 0, 0, 0, clock(), NMR, 352, 0)
        ];
        for (uint256 i; i < 8; ++i) {
            (bool done, bytes memory answer) = address(it).call(calls[i]);
            yes(!done, "allowed");
            bytes4 reason = i < 6 ? SandboxAccount.NotOwner.selector : i == 6 ? SandboxAccount.NotPendingOwner.selector : SandboxAccount.NotOperator.selector;
            eq(bytes32(bytes4(answer)), bytes32(reason), "reason");
        }
    }

    function test_52_an_account_takes_all_that_it_is_allowed_or_nothing() public {
        for (uint256 left; left < 2; ++left) {
            staking = SandboxStaking(address(uint160(0x4000000 + left)));
            FrugalAccount frugal = new FrugalAccount(IERC20(address(nmr)), address(staking), left);
            use(IStakers(vm.deployCode("NumeraiAccountStaker.sol:NumeraiAccountStakers", abi.encode(frugal))).create(8, MODEL));
            stakeFrugally(left);
        }
    }

    function test_the_limit_is_what_is_staked() public {
        stake(7, 10 * NMR);
        (uint128 limit, uint8 mode, bool enabled) = account().modelConfig(8, MODEL);
        eq(limit, 10 * NMR, "limit");
        yes(mode == 0 && enabled, "enabled");
        stake(8, 5 * NMR);
        (limit,,) = account().modelConfig(8, MODEL);
        eq(limit, 5 * NMR, "of the next stake");
        (,, enabled) = account().modelConfig(8, bytes32(uint256(1)));
        yes(!enabled, "another model");
        eq(account().availableBalance(), 0, "available");
    }
}
