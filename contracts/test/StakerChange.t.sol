// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./attacks/Attack.sol";

/// A vault goes over to another generation of Numerai's staking contracts.
contract StakerChangeTest is Attack {
    event StakerAnnounced(IStakers next, uint64 adoptableAt);
    event StakerRevoked();
    event StakerAdopted(IStaker staker);

    IStakers internal later;
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        later = newGeneration();
        vm.prank(curator);
        factory.announce(later);
        series = buy(alice, offer(simple()), 5, false);
        settle();
        settle();
        settle(); // the generation is listed
    }

    function announce() internal {
        vm.prank(owner);
        notices.announceStaker(later);
    }

    function deniedAdoption(bytes4 reason) internal {
        denied(owner, address(notices), abi.encodeCall(notices.adoptStaker, ()), reason);
    }

    function weekOf(uint256 time) internal view returns (uint32 week) {
        for (week = 1; vault.cut(week) <= time; ++week) {}
    }

    function adopt() internal {
        while (true) {
            (, uint64 at) = notices.announced();
            if (clock() >= at && state().lastAccepted >= weekOf(at)) break;
            settle();
        }
        vm.prank(owner);
        notices.adoptStaker();
        use(vault);
    }

    function test_it_takes_14_days_and_the_settlement_of_the_last_of_them() public {
        vm.expectEmit(true, true, true, true);
        emit StakerAnnounced(later, uint64(clock() + 14 days));
        announce();
        uint256 at = clock() + 14 days;
        (IStakers next, uint64 adoptableAt) = notices.announced();
        uint32 week = weekOf(at);
        eq(address(next), address(later), "announced");
        eq(adoptableAt, at, "when");
        vm.warp(at - 1);
        deniedAdoption(TooEarly.selector);
        vm.warp(at);
        deniedAdoption(TooEarly.selector);
        while (state().lastAccepted + 1 < week) settle();
        exit(alice, series, 1);
        eq(vault.currentWeek(), week, "asked out in the last of them");
        deniedAdoption(TooEarly.selector);
        settle(one(series, week, 1, 100 * NMR, 0, true));
        vm.expectEmit(false, false, false, false);
        emit StakerAdopted(IStaker(address(0)));
        vm.prank(owner);
        notices.adoptStaker();
        use(vault);
        eq(state().generation, 1, "generation");
        eq(address(vault.stakerOf(1)), address(staker), "staker");
        eq(staker.vault(), address(vault), "its own");
        deniedAdoption(NothingPending.selector);
    }

    function test_rounds_come_home_through_the_staker_that_staked_them() public {
        IStaker first = staker;
        stake(7, 50 * NMR);
        announce();
        stake(8, 50 * NMR); // goes on with the old one meanwhile
        address firstSeen = numeraiSees;
        adopt();
        yes(numeraiSees != firstSeen, "Numerai sees another");
        stake(9, 30 * NMR);
        eq(first.stakeOf(7), 50 * NMR, "old");
        eq(staker.stakeOf(9), 30 * NMR, "new");
        eq(staker.stakeOf(7), 0, "not mixed");
        bytes memory foreign = resolve(7, NMR, 0); // said of the new staker
        denied(stranger, abi.encodeCall(vault.collect, (7, foreign)), BadProof.selector);
        collect(9, int256(3 * NMR));
        use(first);
        collect(7, int256(NMR));
        collect(8, -int256(2 * NMR));
        eq(state().free, 502 * NMR, "all home");
        eq(state().staked, 0, "nothing is open");
        nothingIsMissing();
    }

    function test_guardian_or_owner_revokes() public {
        denied(guardian, address(notices), abi.encodeCall(notices.revokeStaker, ()), NothingPending.selector);
        announce();
        vm.expectEmit(true, true, true, true);
        emit StakerRevoked();
        vm.prank(guardian);
        notices.revokeStaker();
        deniedAdoption(NothingPending.selector);
        announce();
        vm.prank(owner);
        notices.revokeStaker();
        deniedAdoption(NothingPending.selector);
    }

    function test_announcing_again_starts_the_time_again() public {
        announce();
        uint256 first = clock() + 14 days;
        vm.warp(clock() + 10 days);
        announce();
        while (state().lastAccepted < 8) settle();
        (, uint64 at) = notices.announced();
        eq(at, first + 10 days, "from the second");
        uint256 snapshot = vm.snapshotState();
        vm.warp(at - 1);
        deniedAdoption(TooEarly.selector);
        vm.revertToState(snapshot);
        vm.prank(owner);
        notices.adoptStaker();
    }

    function test_only_generations_of_the_list() public {
        IStakers unlisted = newGeneration();
        denied(owner, address(notices), abi.encodeCall(notices.announceStaker, (unlisted)), UnknownStakers.selector);
        denied(owner, address(notices), abi.encodeCall(notices.announceStaker, (IStakers(address(0)))), UnknownStakers.selector);
    }

    /// The last second of the notice lies in week 6 as it was to be, in week 7 as it then is.
    function test_revoking_a_cut_move_shortens_no_notice() public {
        vm.prank(owner);
        notices.moveCut(6, int32(60 hours));
        uint256 sixth = FIRST_CUT + 5 weeks;
        vm.warp(sixth + 48 hours - 14 days);
        announce();
        vm.prank(guardian);
        notices.revokeCutMove();
        while (state().lastAccepted < 6) settle();
        eq(clock(), sixth + 40 hours, "week 6 is settled");
        exit(alice, series, 1); // within the notice
        vm.warp(sixth + 48 hours);
        deniedAdoption(TooEarly.selector);
        settle();
        vm.prank(owner);
        notices.adoptStaker();
    }

    function test_an_announced_staker_can_be_adopted_after_the_cuts_were_moved() public {
        announce();
        (, uint64 at) = notices.announced();
        uint32 next = weekOf(at) + 1;
        vm.prank(owner);
        notices.moveCut(next, 1 days);
        adopt();
        eq(state().generation, 1, "adopted");
    }
}

contract StakerChangeTest_OnAccount is StakerChangeTest, OnAccount {}
