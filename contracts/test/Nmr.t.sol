// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// Says true without moving anything.
contract LyingNmr {
    function transferFrom(address, address, uint256) external pure returns (bool) {
        return true;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }
}

/// NMR's quirks in the sandbox, and the vault among them.
contract NmrTest is Fixture {
    function test_selectors_of_the_vectors() public view {
        eq(bytes32(nmr.changeApproval.selector), bytes32(bytes4(0x9281cd65)), "changeApproval");
        eq(bytes32(nmr.mint.selector), bytes32(bytes4(0xa0712d68)), "mint");
        eq(bytes32(nmr.numeraiTransfer.selector), bytes32(bytes4(0x7c8d56b8)), "numeraiTransfer");
        eq(bytes32(nmr.withdraw.selector), bytes32(bytes4(0xd9caed12)), "withdraw");
        eq(bytes32(nmr.contractUpgradable.selector), bytes32(bytes4(0x78b150bd)), "contractUpgradable");
        eq(bytes32(nmr.delegateContract.selector), bytes32(bytes4(0x3c2b0725)), "delegateContract");
        eq(bytes32(nmr.stopped.selector), bytes32(bytes4(0x75f12b21)), "stopped");
        eq(bytes32(nmr.supply_cap.selector), bytes32(bytes4(0xeaac77ea)), "supply_cap");
    }

    function test_51_appended_calldata_fails() public {
        bytes memory call = abi.encodeCall(nmr.transfer, (bob, 1));
        vm.prank(alice);
        (bool done,) = address(nmr).call{gas: 200_000}(bytes.concat(call, hex"00"));
        yes(!done, "appended");
        vm.prank(alice);
        (done,) = address(nmr).call{gas: 200_000}(call);
        yes(done, "exact");
    }

    function test_52_approve_only_from_or_to_zero() public {
        vm.expectRevert();
        vm.prank(alice);
        nmr.approve(address(vault), 1);
        vm.prank(alice);
        nmr.changeApproval(address(vault), type(uint256).max, 5);
        vm.prank(alice);
        nmr.approve(address(vault), 0);
        vm.prank(alice);
        nmr.approve(address(vault), 1);
        eq(nmr.allowance(alice, address(vault)), 1, "allowance");
    }

    function test_mint_burns_the_callers_own() public {
        uint256 supply = nmr.totalSupply();
        vm.prank(alice);
        nmr.mint(NMR);
        eq(nmr.balanceOf(alice), 999_999 * NMR, "balance");
        eq(nmr.totalSupply(), supply - NMR, "supply");
    }

    function test_54_an_allowance_is_a_licence_to_burn_and_the_vault_gives_none() public {
        vm.prank(alice);
        nmr.approve(bob, NMR);
        vm.prank(bob);
        nmr.numeraiTransfer(alice, NMR);
        eq(nmr.balanceOf(alice), 999_999 * NMR, "burnt");
        buy(alice, offer(simple()), 1, false);
        settle();
        play(1, 100 * NMR, 0);
        eq(nmr.allowance(address(vault), address(staking)) + nmr.allowance(address(vault), address(staker)), 0, "vault");
        eq(nmr.allowance(address(staker), address(staking)) + nmr.allowance(address(staker), address(vault)), 0, "staker");
    }

    function test_the_relay_empties_custodied_accounts_alone() public {
        nmr.faucet(address(0xF4240), 1);
        nmr.faucet(address(0xF4241), 1);
        nmr.withdraw(address(0xF4240), bob, 1);
        vm.expectRevert();
        nmr.withdraw(address(0xF4241), bob, 1);
        vm.expectRevert();
        nmr.transferFrom(address(this), bob, 0); // the multisig's own
    }

    function test_53_custodied_backers_are_refused() public {
        bytes32 id = offer(simple());
        address custodied = address(0xF4240);
        nmr.faucet(custodied, 100 * NMR);
        vm.prank(custodied);
        nmr.approve(address(vault), 100 * NMR);
        vm.expectRevert(BadReceiver.selector);
        vm.prank(custodied);
        vault.deposit(id, 1, false, 1);
    }

    function test_50_stopped_nmr_loses_nothing() public {
        bytes32 id = offer(simple());
        uint256 series = buy(alice, id, 2, false);
        settle();
        exit(alice, series, 1);
        stake(1, 10 * NMR);
        bytes memory proof = resolve(1, 0, 0);
        uint256 late = buy(bob, id, 1, false);
        nmr.emergencyStop();
        vm.expectRevert(NmrRefused.selector);
        vm.prank(bob);
        vault.cancel(late, 1);
        vm.expectRevert(NmrRefused.selector);
        vm.prank(bob);
        vault.deposit(id, 1, false, 2);
        vm.expectRevert(NmrRefused.selector);
        vm.prank(owner);
        vault.addHouse(1);
        open(2);
        bytes memory authorisation = authorise(2, 1, MODEL);
        vm.expectRevert(NmrRefused.selector);
        vm.prank(stakerKey);
        vault.stake(2, 1, 10_000, 0, authorisation);
        vm.expectRevert();
        vault.collect(1, proof);
        settle(one(series, 2, 1, 90 * NMR, 0, true));
        vm.expectRevert(NmrRefused.selector);
        vault.claim(series, 2, alice);
        nmr.release();
        eq(vault.claim(series, 2, alice), 90 * NMR, "claim");
        eq(vault.collect(1, proof), 10 * NMR, "collect");
    }

    function test_55_true_without_moving() public {
        CreateVault memory p = params();
        p.nmr = IERC20(address(new LyingNmr()));
        vault = factory.create(p);
        bytes32 id = offer(simple());
        vm.expectRevert(NmrRefused.selector);
        vm.prank(alice);
        vault.deposit(id, 1, false, 1);
    }
}
