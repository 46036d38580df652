// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Attack.sol";

/// What a key, or several that work together, can't do. 4 units of alice, 100 NMR of house; the instruction is 40 NMR a round.
contract KeysTest is Attack {
    uint256 internal series;
    bytes32 internal id;

    function setUp() public virtual override {
        super.setUp();
        addHouse(100 * NMR);
        series = buy(alice, id = offer(simple()), 4, false);
        Week memory week = next();
        week.stakeLimit = uint88(40 * NMR);
        week.books = Books.root(books(), 0, DIGEST);
        settle(week, none());
    }

    function books() internal view returns (Leaf[] memory) {
        return leaves(house(100 * NMR), leaf(series, 0, 4, 100 * NMR));
    }

    function proposal(Week memory week) internal view returns (bytes memory) {
        return abi.encodeCall(vault.propose, (week, none()));
    }

    function test_23_a_stranger_plays_every_role() public {
        toCut(2);
        bytes[17] memory calls = [
            proposal(next()),
            abi.encodeCall(vault.commit, (1, 0)),
            abi.encodeCall(vault.stake, (1, 1, 1, 0, "")),
            abi.encodeCall(vault.withdrawOffer, (id)),
            abi.encodeCall(vault.addHouse, (1)),
            abi.encodeCall(vault.askHouse, (1)),
            abi.encodeCall(vault.takeHouse, ()),
            abi.encodeCall(vault.addReserve, (1)),
            abi.encodeCall(vault.askReserve, (1)),
            abi.encodeCall(vault.takeReserve, ()),
            abi.encodeCall(vault.pause, (true, true)),
            abi.encodeCall(vault.veto, ()),
            abi.encodeCall(vault.cancelFor, (alice, series, 1)),
            abi.encodeCall(vault.closeBooks, ()),
            abi.encodeCall(vault.releaseReserve, (0)),
            abi.encodeCall(vault.payOut, (stranger, 1)),
            abi.encodeCall(vault.moveCuts, (9, 0, 1))
        ];
        for (uint256 i; i < calls.length; ++i) denied(stranger, calls[i], NotAllowed.selector);
        denied(stranger, abi.encodeCall(vault.changeStaker, (generation)), NotAllowed.selector);
        denied(stranger, address(notices), abi.encodeCall(notices.moveCut, (9, 1)), NotAllowed.selector);
        denied(stranger, address(notices), abi.encodeCall(notices.revokeCutMove, ()), NotAllowed.selector);
        denied(stranger, address(notices), abi.encodeCall(notices.announceStaker, (generation)), NotAllowed.selector);
        denied(stranger, address(notices), abi.encodeCall(notices.revokeStaker, ()), NotAllowed.selector);
        denied(stranger, address(notices), abi.encodeCall(notices.adoptStaker, ()), NotAllowed.selector);
        denied(stranger, address(staker), abi.encodeCall(staker.stake, (1, 1, "")), NotAllowed.selector);
        denied(stranger, address(staker), abi.encodeCall(staker.collect, (1, 1, "")), NotAllowed.selector);
        denied(stranger, address(factory), abi.encodeCall(factory.announce, (generation)), NotAllowed.selector);
        denied(stranger, abi.encodeWithSignature("windDown()"), TooEarly.selector);
    }

    function test_24_a_stake_without_commitment() public {
        staking.openRound(7, uint64(clock() + 1 hours));
        denied(stakerKey, stakeCall(7, 1), NoCommitment.selector);
        open(7);
        staking.openRound(8, uint64(clock() + 1 hours));
        denied(stakerKey, stakeCall(8, 1), NoCommitment.selector); // that of another round
    }

    function test_24_a_stake_beyond_the_instruction() public {
        open(7);
        denied(stakerKey, stakeCall(7, 40 * NMR + 1), BeyondInstruction.selector);
        stake(7, 40 * NMR);
    }

    function test_24_a_round_twice_or_going_back() public {
        stake(7, 1);
        denied(stakerKey, stakeCall(7, 1), AlreadyStaked.selector);
        denied(stakerKey, stakeCall(6, 1), RoundOutOfOrder.selector);
        collect(7, 0);
        denied(stakerKey, stakeCall(7, 1), AlreadyStaked.selector);
        stake(8, 1);
    }

    /// "Decided" 4: an instruction is good until the next cut, not for 14 days.
    function test_24_a_stale_instruction() public {
        vm.warp(vault.cut(2) - 1);
        stake(7, 1);
        vm.warp(vault.cut(2));
        open(8);
        denied(stakerKey, stakeCall(8, 1), Pending.selector);
        vm.warp(clock() + 15 days);
        open(8);
        denied(stakerKey, stakeCall(8, 1), Pending.selector);
        for (uint256 i; i < 3; ++i) {
            denied(stakerKey, stakeCall(8, 1), Pending.selector);
            settle();
        }
        open(8);
        stake(8, 1);
    }

    function test_25_an_authorisation_for_another_model_tournament_round_or_staker() public {
        open(7);
        bytes32 before = keccak256(abi.encode(state()));
        StakeAuthorization memory right = StakeAuthorization(8, 7, MODEL, numeraiSees, NMR, 0, 0, 0, clock() + 600);
        for (uint256 i; i < 4; ++i) {
            StakeAuthorization memory a = abi.decode(abi.encode(right), (StakeAuthorization));
            if (i == 0) a.modelId = bytes32(uint256(1));
            if (i == 1) a.tournamentId = 11;
            if (i == 2) a.roundId = 8;
            if (i == 3) a.staker = stranger;
            denied(stakerKey, stakeWith(a), SandboxStaking.BadSignature.selector);
            eq(reader.openStake(vault, 7), 0, "nothing is staked");
        }
        right.maxAmount = NMR - 1;
        denied(stakerKey, stakeWith(right), SandboxStaking.BeyondMaxAmount.selector);
        eq(keccak256(abi.encode(state())), before, "nothing changed");
        right.maxAmount = NMR;
        bytes memory call = stakeWith(right);
        vm.prank(stakerKey);
        (bool done,) = address(vault).call(call);
        yes(done, "the right one");
        eq(staker.stakeOf(7), NMR, "at Numerai");
    }

    /// A stake of 1 NMR in round 7.
    function stakeWith(StakeAuthorization memory a) internal view returns (bytes memory) {
        bytes memory signature = sign(NUMERAI_KEY, staking.authorizationDigest(a));
        bytes memory authorisation = abi.encode(a.maxAmount, a.submissionId, a.submissionHash, a.nonce, a.deadline, signature);
        return abi.encodeCall(vault.stake, (7, uint88(NMR), 10_000, 0, authorisation));
    }

    function test_26_the_commitment_is_frozen_by_the_stake() public {
        open(7);
        by(committer).commit(7, keccak256("better"));
        eq(bytes32(reader.commitment(vault, 7)), bytes32(bytes28(keccak256("better"))), "changed before");
        stake(7, 1);
        bytes28 frozen = reader.commitment(vault, 7);
        denied(committer, abi.encodeCall(vault.commit, (7, keccak256("late"))), AlreadyStaked.selector);
        denied(committer, abi.encodeCall(vault.commit, (6, keccak256("late"))), RoundOutOfOrder.selector);
        eq(bytes32(reader.commitment(vault, 7)), bytes32(frozen), "as it was");
    }

    function test_27_nobody_proposes_for_28_days() public {
        uint256 last = state().settledAt;
        bytes memory windDown = abi.encodeWithSignature("windDown()");
        vm.warp(last + 28 days - 1);
        denied(stranger, windDown, TooEarly.selector);
        vm.warp(last + 28 days);
        by(stranger).windDown();
        eq(state().windDownAt, clock(), "winding down");
        denied(owner, windDown, WindingDown.selector);
    }

    function test_28_nobody_accepts_but_a_stranger() public {
        Week memory week = next();
        propose(week, none());
        by(stranger).accept(week, none());
        eq(state().lastAccepted, 2, "accepted");
    }

    function test_29_the_guardian_vetoes_for_ever() public {
        uint256 late = buy(bob, id, 1, false);
        uint256 last = state().settledAt;
        toCut(2);
        while (clock() < last + 28 days) {
            Week memory week = next();
            by(settler).propose(week, none());
            by(guardian).veto();
            vm.warp(clock() + 1 days);
        }
        by(stranger).windDown();
        last = clock();
        while (clock() < last + 28 days) {
            Week memory week = next();
            by(settler).propose(week, none());
            by(guardian).veto();
            vm.warp(clock() + 1 days);
        }
        vm.prank(stranger);
        wayOut.open();
        by(bob).cancel(late, 1);
        eq(nmr.balanceOf(bob), 1_000_000 * NMR, "what waited");
        eq(escape(alice, books(), 1, 0, 0), 400 * NMR, "principal");
        eq(escape(stranger, books(), 0, 0, 0), 100 * NMR, "house");
        eq(nmr.balanceOf(owner), 1_000_000 * NMR, "to the owner");
        nothingIsMissing();
    }

    function test_30_veto_and_the_same_week_again() public {
        uint256 late = buy(carol, id, 1, false);
        Week memory week = next();
        propose(week, none());
        by(guardian).veto();
        denied(stranger, abi.encodeCall(vault.accept, (week, none())), NothingPending.selector);
        eq(state().joining, 100 * NMR, "joins later");
        settle(week, none());
        eq(state().joining, 0, "joined once");
        eq(state().free, 600 * NMR, "free");
        eq(reader.liveUnits(vault, late), 1, "lives");
        eq(state().units, 5, "outstanding");
        settle();
        eq(state().free, 600 * NMR, "not again");
    }

    function test_31_veto_after_the_acceptance() public {
        denied(guardian, abi.encodeCall(vault.veto, ()), NothingPending.selector);
        settle();
        denied(guardian, abi.encodeCall(vault.veto, ()), NothingPending.selector);
        eq(state().lastAccepted, 2, "accepted");
    }

    function test_32_veto_and_accept_in_the_same_block() public {
        buy(bob, id, 2, false);
        Week memory week = next();
        propose(week, none());
        uint256 snapshot = vm.snapshotState();
        by(guardian).veto();
        denied(stranger, abi.encodeCall(vault.accept, (week, none())), NothingPending.selector);
        eq(state().lastAccepted, 1, "vetoed");
        eq(state().joining, 200 * NMR, "still joining");
        settle(week, none());
        eq(state().free, 700 * NMR, "joined");
        yes(vm.revertToState(snapshot), "back");
        by(stranger).accept(week, none());
        denied(guardian, abi.encodeCall(vault.veto, ()), NothingPending.selector);
        eq(state().lastAccepted, 2, "accepted");
        eq(state().free, 700 * NMR, "joined");
        settle();
        nothingIsMissing();
    }

    function test_33_two_keys_of_one_holder() public {
        vm.warp(FIRST_CUT - 1);
        CreateVault memory p = params();
        p.committer = p.stakerKey;
        denied(stranger, address(factory), abi.encodeCall(factory.create, (p)), BadVault.selector);
        (p = params()).settler = p.stakerKey;
        denied(stranger, address(factory), abi.encodeCall(factory.create, (p)), BadVault.selector);
        (p = params()).settler = p.committer;
        denied(stranger, address(factory), abi.encodeCall(factory.create, (p)), BadVault.selector);
        (p = params()).settler = address(0);
        denied(stranger, address(factory), abi.encodeCall(factory.create, (p)), BadVault.selector);
        (p = params()).guardian = address(0); // nobody has to be
        factory.create(p);
    }
}

contract KeysTest_OnAccount is KeysTest, OnAccount {}
