// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract FactoryTest is Fixture {
    event VaultCreated(address indexed vault, address indexed owner, uint256 tournament, bytes32 modelId);

    function refusedVault(CreateVault memory p) internal {
        vm.expectRevert(BadVault.selector);
        factory.create(p);
    }

    function test_a_vault_is_what_it_was_created_with() public view {
        eq(vault.owner(), owner, "owner");
        eq(vault.committer(), committer, "committer");
        eq(vault.stakerKey(), stakerKey, "staker key");
        eq(vault.settler(), settler, "settler");
        eq(vault.guardian(), guardian, "guardian");
        eq(vault.nmr(), address(nmr), "nmr");
        eq(vault.tournament(), 8, "tournament");
        eq(vault.modelId(), MODEL, "model");
        eq(vault.firstCut(), FIRST_CUT, "first cut");
        eq(vault.window(), 40 hours, "window");
        eq(staker.vault(), address(vault), "the staker's vault");
        eq(address(staker.staking()), address(staking), "the staker's contract");
    }

    function test_the_code_fits_the_chain() public view {
        yes(address(vault).code.length <= 24_576, "vault");
        yes(address(factory).code.length <= 24_576, "factory");
    }

    function test_each_creation_has_its_own_address_once() public {
        vm.expectRevert();
        factory.create(params());
        CreateVault memory p = params();
        p.guardian = address(0);
        yes(address(factory.create(p)) != address(vault), "another");
    }

    function test_33_three_keys_three_holders() public {
        CreateVault memory p = params();
        p.committer = p.stakerKey;
        refusedVault(p);
        (p = params()).settler = p.stakerKey;
        refusedVault(p);
        (p = params()).settler = p.committer;
        refusedVault(p);
        (p = params()).settler = address(0);
        refusedVault(p);
        (p = params()).committer = address(0);
        refusedVault(p);
        (p = params()).stakerKey = address(0);
        refusedVault(p);
        (p = params()).owner = address(0xF4240);
        refusedVault(p);
    }

    function test_times() public {
        CreateVault memory p = params();
        p.firstCut = uint64(clock());
        refusedVault(p);
        p.firstCut = uint64(clock()) + 1;
        p.window = 5 days;
        factory.create(p);
        p.window = 5 days + 1;
        refusedVault(p);
        p.window = 1 hours - 1;
        refusedVault(p);
    }

    function test_the_week_of_a_moment() public {
        eq(vault.currentWeek(), 1, "before the first cut");
        eq(vault.cut(1), FIRST_CUT, "cut 1");
        vm.warp(FIRST_CUT);
        eq(vault.currentWeek(), 2, "at the cut");
        vm.warp(FIRST_CUT + 7 days - 1);
        eq(vault.currentWeek(), 2, "before the next");
        vm.warp(FIRST_CUT + 7 days);
        eq(vault.currentWeek(), 3, "at the next");
    }
}
