// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// NMR's quirks in the sandbox (CONTRACT 4.8, data/vectors/nmr_contract.json), and the vault among them. This contract is NMR's multisig and relay.
contract NmrTest is Fixture {
    function test_selectors_of_the_vectors() public view {
        eq(bytes32(nmr.transfer.selector), bytes32(bytes4(0xa9059cbb)), "transfer");
        eq(bytes32(nmr.transferFrom.selector), bytes32(bytes4(0x23b872dd)), "transferFrom");
        eq(bytes32(nmr.approve.selector), bytes32(bytes4(0x095ea7b3)), "approve");
        eq(bytes32(nmr.balanceOf.selector), bytes32(bytes4(0x70a08231)), "balanceOf");
        eq(bytes32(nmr.allowance.selector), bytes32(bytes4(0xdd62ed3e)), "allowance");
        eq(bytes32(nmr.totalSupply.selector), bytes32(bytes4(0x18160ddd)), "totalSupply");
        eq(bytes32(nmr.decimals.selector), bytes32(bytes4(0x313ce567)), "decimals");
        eq(bytes32(nmr.name.selector), bytes32(bytes4(0x06fdde03)), "name");
        eq(bytes32(nmr.symbol.selector), bytes32(bytes4(0x95d89b41)), "symbol");
        eq(bytes32(nmr.changeApproval.selector), bytes32(bytes4(0x9281cd65)), "changeApproval");
        eq(bytes32(nmr.mint.selector), bytes32(bytes4(0xa0712d68)), "mint");
        eq(bytes32(nmr.numeraiTransfer.selector), bytes32(bytes4(0x7c8d56b8)), "numeraiTransfer");
        eq(bytes32(nmr.withdraw.selector), bytes32(bytes4(0xd9caed12)), "withdraw");
        eq(bytes32(nmr.contractUpgradable.selector), bytes32(bytes4(0x78b150bd)), "contractUpgradable");
        eq(bytes32(nmr.delegateContract.selector), bytes32(bytes4(0x3c2b0725)), "delegateContract");
        eq(bytes32(nmr.stopped.selector), bytes32(bytes4(0x75f12b21)), "stopped");
        eq(bytes32(nmr.supply_cap.selector), bytes32(bytes4(0xeaac77ea)), "supply_cap");
    }

    function test_mint_burns_the_callers_own() public {
        uint256 supply = nmr.totalSupply();
        vm.prank(alice);
        nmr.mint(NMR);
        eq(nmr.balanceOf(alice), 999_999 * NMR, "balance");
        eq(nmr.totalSupply(), supply - NMR, "supply");
    }

    function test_the_relay_empties_custodied_accounts_alone() public {
        // data/vectors/nmr_contract.json, relay_isUser_classification
        address[3] memory custodied = [address(1), address(0x215ea), address(0xF4240)];
        address[4] memory others = [address(0), address(0xdEaD), address(0xF4241), 0x1776e1F26f98b1A5dF9cD347953a26dd3Cb46671];
        for (uint256 i; i < 3; ++i) {
            nmr.faucet(custodied[i], 1);
            vm.prank(stranger);
            yes(!nmr.withdraw(custodied[i], bob, 1), "a stranger");
            yes(nmr.withdraw(custodied[i], bob, 1), "custodied");
            yes(!nmr.withdraw(custodied[i], bob, 1), "more than there is");
        }
        for (uint256 i; i < 4; ++i) {
            nmr.faucet(others[i], 1);
            yes(!nmr.withdraw(others[i], bob, 1), "not custodied");
        }
        eq(nmr.balanceOf(bob), 1_000_000 * NMR + 3, "moved");
    }

    function test_nobody_spends_the_multisigs_or_the_tokens_own() public {
        nmr.approve(bob, NMR);
        nmr.faucet(address(this), NMR);
        vm.expectRevert();
        vm.prank(bob);
        nmr.transferFrom(address(this), bob, 1);
        vm.expectRevert();
        nmr.transferFrom(address(nmr), bob, 0);
    }

    function test_stopped_it_answers_false_without_a_reason() public {
        vm.prank(alice);
        nmr.approve(bob, NMR);
        vm.expectRevert();
        vm.prank(stranger);
        nmr.emergencyStop();
        nmr.emergencyStop();
        bytes[5] memory stopped = [
            abi.encodeCall(nmr.transfer, (bob, 1)),
            abi.encodeCall(nmr.transferFrom, (alice, bob, 1)),
            abi.encodeCall(nmr.approve, (carol, 1)),
            abi.encodeCall(nmr.changeApproval, (carol, 0, 1)),
            abi.encodeCall(nmr.mint, (1))
        ];
        for (uint256 i; i < 5; ++i) {
            vm.prank(bob);
            (bool done, bytes memory answer) = address(nmr).call(stopped[i]);
            yes(done && !abi.decode(answer, (bool)), "false");
        }
        eq(nmr.balanceOf(bob), 1_000_000 * NMR, "nothing moved");
        vm.prank(bob);
        yes(nmr.numeraiTransfer(alice, NMR), "an allowance still burns");
        vm.expectRevert();
        vm.prank(stranger);
        nmr.release();
        nmr.release();
        vm.prank(bob);
        yes(nmr.transfer(alice, 1), "released");
    }

    function test_what_is_delegated_fails_with_false() public {
        vm.prank(alice);
        yes(!nmr.mint(1_000_000 * NMR + 1), "mint");
        vm.prank(bob);
        yes(!nmr.numeraiTransfer(alice, 1), "numeraiTransfer without an allowance");
        vm.prank(alice);
        nmr.approve(bob, type(uint256).max);
        vm.prank(bob);
        yes(!nmr.numeraiTransfer(alice, 1_000_000 * NMR + 1), "numeraiTransfer of more than there is");
        eq(nmr.allowance(alice, bob), type(uint256).max, "allowance");
        eq(nmr.balanceOf(alice), 1_000_000 * NMR, "balance");
    }
}

contract NmrTest_OnAccount is NmrTest, OnAccount {}
