// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INumeraiAccount, INumeraiAccounts} from "../src/interfaces/INumeraiAccount.sol";
import {StakeAuthorization} from "../src/interfaces/INumeraiStaking.sol";
import {SandboxAccount} from "../src/sandbox/SandboxAccount.sol";
import {Numerai} from "./Numerai.sol";

/// The sandbox's staking account: what Numerai's is assumed to refuse.
contract AccountTest is Numerai {
    INumeraiAccounts internal accounts;
    INumeraiAccount internal account;
    address internal owner = address(0x1000001);
    address internal operator = address(0x1000002);

    function setUp() public override {
        super.setUp();
        accounts = INumeraiAccounts(vm.deployCode("SandboxAccount.sol:SandboxAccounts", abi.encode(staking, nmr)));
        staking.openRound(7, uint64(clock() + 60));
        nmr.faucet(owner, 100 * NMR);
        by(owner);
        account = accounts.createInstance();
        nmr.approve(address(account), 100 * NMR);
        account.setOperator(operator);
        account.approveStaking();
        account.deposit(10 * NMR);
    }

    function by(address caller) internal {
        vm.stopPrank();
        vm.startPrank(caller);
    }

    function stakes(address caller, uint256 tournament, bytes32 model, uint256 amount, bytes4 reason) internal {
        StakeAuthorization memory a = StakeAuthorization(tournament, 7, model, address(account), amount, 0, 0, 0, clock());
        bytes memory signature = sign(NUMERAI_KEY, staking.authorizationDigest(a));
        by(caller);
        if (reason != 0) vm.expectRevert(reason);
        account.stake(a, amount, signature);
        by(owner);
    }

    function test_selectors_of_the_vectors() public view {
        bytes4[19] memory ours = [
            account.modelConfig.selector,
            account.availableBalance.selector,
            account.owner.selector,
            account.operator.selector,
            account.staking.selector,
            account.factory.selector,
            account.nmr.selector,
            account.pendingOwner.selector,
            account.setModelConfig.selector,
            account.deposit.selector,
            account.withdraw.selector,
            account.approveStaking.selector,
            account.setOperator.selector,
            account.transferOwnership.selector,
            account.acceptOwnership.selector,
            staking.stakeByRound.selector,
            staking.rounds.selector,
            accounts.getInstanceCount.selector,
            accounts.getInstance.selector
        ];
        uint32[19] memory vectors = [
            0x685f4a31, 0xab2f0e51, 0x8da5cb5b, 0x570ca735, 0x4cf088d9, 0xc45a0155, 0x72d2a59b, 0xe30c3978, 0x8859fd37, 0xb6b55f25, 0x2e1a7d4d, 0x029a93e9,
            0xb3ab15fb, 0xf2fde38b, 0x79ba5097, 0xf4a884df, 0x8c65c81f, 0xae34325c, 0xebd348de
        ];
        for (uint256 i; i < 19; ++i) eq(uint32(ours[i]), vectors[i], "selector");
        eq(
            INumeraiAccount.ModelConfigUpdated.selector, 0x481bad5c91011256e508ab43ccad86a505b44506b18d7f9dddd7a863bf711767, "ModelConfigUpdated"
        );
    }

    function test_the_operator_stakes_within_the_limit_of_the_model() public {
        stakes(operator, 8, MODEL, NMR, SandboxAccount.BeyondLimit.selector);
        account.setModelConfig(8, MODEL, uint128(2 * NMR), 0, true);
        stakes(operator, 8, MODEL, 2 * NMR + 1, SandboxAccount.BeyondLimit.selector);
        stakes(operator, 11, MODEL, NMR, SandboxAccount.BeyondLimit.selector);
        stakes(operator, 8, bytes32(uint256(1)), NMR, SandboxAccount.BeyondLimit.selector);
        account.setModelConfig(8, MODEL, uint128(2 * NMR), 0, false);
        stakes(operator, 8, MODEL, NMR, SandboxAccount.BeyondLimit.selector);
        account.setModelConfig(8, MODEL, uint128(2 * NMR), 0, true);
        stakes(operator, 8, MODEL, 2 * NMR, 0);
        eq(account.availableBalance(), 8 * NMR, "available");
        (uint256 amount,) = staking.stakeByRound(7, address(account), MODEL);
        eq(amount, 2 * NMR, "at Numerai");
    }

    function test_each_may_do_his_own() public {
        account.setModelConfig(8, MODEL, uint128(NMR), 0, true);
        stakes(owner, 8, MODEL, NMR, SandboxAccount.NotOperator.selector); // the owner isn't the operator
        bytes[6] memory calls = [
            abi.encodeCall(account.deposit, (0)),
            abi.encodeCall(account.withdraw, (0)),
            abi.encodeCall(account.approveStaking, ()),
            abi.encodeCall(account.setOperator, (operator)),
            abi.encodeCall(account.setModelConfig, (8, MODEL, 1, 0, true)),
            abi.encodeCall(account.transferOwnership, (operator))
        ];
        by(operator);
        for (uint256 i; i < 6; ++i) {
            (bool done, bytes memory answer) = address(account).call(calls[i]);
            yes(!done && bytes4(answer) == SandboxAccount.NotOwner.selector, "the operator isn't the owner");
        }
    }

    function test_the_owner_changes_in_two_steps() public {
        address next = address(0x1000003);
        account.transferOwnership(next);
        eq(account.owner(), owner, "still");
        vm.expectRevert(SandboxAccount.NotPendingOwner.selector);
        account.acceptOwnership();
        by(next);
        account.acceptOwnership();
        eq(account.owner(), next, "the next");
        eq(account.pendingOwner(), address(0), "nobody waits");
        by(owner);
        vm.expectRevert(SandboxAccount.NotOwner.selector);
        account.withdraw(NMR);
        by(next);
        account.withdraw(10 * NMR);
        eq(nmr.balanceOf(next), 10 * NMR, "NMR goes to the owner");
    }

    function test_accounts_are_counted() public {
        eq(accounts.getInstanceCount(), 1, "one");
        INumeraiAccount second = accounts.createInstance();
        eq(accounts.getInstanceCount(), 2, "two");
        eq(address(accounts.getInstance(1)), address(second), "the second");
        eq(address(second.factory()), address(accounts), "its factory");
        eq(address(second.staking()), address(staking), "its staking contract");
        eq(address(second.nmr()), address(nmr), "its NMR");
    }
}
