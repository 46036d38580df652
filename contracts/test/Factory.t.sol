// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract FactoryTest is Fixture {
    event StakersAnnounced(IStakers indexed stakers, uint256 listedAt);
    event VaultCreated(address indexed vault, address indexed owner, uint256 tournament, bytes32 modelId);

    function refusedVault(CreateVault memory p) internal {
        vm.expectRevert(BadVault.selector);
        factory.create(p);
    }

    function test_a_vault_is_what_it_was_created_with() public view {
        eq(keccak256(abi.encode(notices.created())), keccak256(abi.encode(params())), "created");
        eq(staker.vault(), address(vault), "the staker's vault");
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
        vm.expectEmit(false, true, true, true);
        emit VaultCreated(address(0), owner, 8, MODEL);
        Vault second = factory.create(p);
        yes(address(second) != address(vault), "another vault");
        eq(reader.state(second).staker.vault(), address(second), "and its own staker");
    }

    function test_an_address_follows_from_what_is_created() public {
        uint256 snapshot = vm.snapshotState();
        CreateVault memory p = params();
        p.modelId = bytes32(uint256(1));
        address first = address(factory.create(p));
        vm.revertToState(snapshot);
        vm.prank(stranger);
        eq(address(factory.create(p)), first, "whoever creates it, and whatever was created before");
    }

    function test_only_the_curator_adds_to_the_list_and_only_once() public {
        IStakers next = newGeneration();
        vm.expectRevert(NotAllowed.selector);
        vm.prank(owner);
        factory.announce(next);
        vm.prank(curator);
        factory.announce(next);
        vm.expectRevert(AlreadyOffered.selector);
        vm.prank(curator);
        factory.announce(next);
        vm.expectRevert(AlreadyOffered.selector);
        vm.prank(curator);
        factory.announce(generation);
        eq(factory.curator(), curator, "curator");
    }

    function test_a_generation_is_listed_after_14_days_and_stays() public {
        yes(factory.isListed(generation), "the first");
        IStakers next = newGeneration();
        CreateVault memory p = params();
        p.stakers = next;
        vm.prank(curator);
        vm.expectEmit(true, true, true, true);
        emit StakersAnnounced(next, clock() + 14 days);
        factory.announce(next);
        vm.warp(clock() + 14 days - 1);
        p.firstCut = uint64(clock() + 1 days);
        yes(!factory.isListed(next), "a second early");
        vm.expectRevert(UnknownStakers.selector);
        factory.create(p);
        vm.warp(clock() + 1);
        yes(factory.isListed(next), "14 days");
        yes(address(factory.create(p)) != address(0), "created");
        yes(factory.isListed(generation), "the first still is");
        eq(factory.listedAt(next), clock(), "since");
    }

    function test_a_generation_that_nobody_announced_is_unknown() public {
        CreateVault memory p = params();
        p.stakers = newGeneration();
        vm.expectRevert(UnknownStakers.selector);
        factory.create(p);
        p.stakers = IStakers(address(0));
        vm.expectRevert(UnknownStakers.selector);
        factory.create(p);
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
        eq(state().currentWeek, 1, "before the first cut");
        eq(vault.cut(1), FIRST_CUT, "cut 1");
        vm.warp(FIRST_CUT);
        eq(state().currentWeek, 2, "at the cut");
        vm.warp(FIRST_CUT + 7 days - 1);
        eq(state().currentWeek, 2, "before the next");
        vm.warp(FIRST_CUT + 7 days);
        eq(state().currentWeek, 3, "at the next");
    }
}

contract FactoryTest_OnAccount is FactoryTest, OnAccount {}
