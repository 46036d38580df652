// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Attack.sol";

/// 4 units of alice and 2 of bob, 100 NMR of house. The books of settlement 1 say what they are worth.
contract EscapeAttacksTest is Attack {
    bytes32 internal id;
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        addHouse(100 * NMR);
        series = buy(alice, id = offer(simple()), 4, false);
        buy(bob, id, 2, false);
    }

    function honest() internal view returns (Leaf[] memory) {
        return leaves(house(100 * NMR), leaf(series, 0, 6, 100 * NMR));
    }

    function received(address who) internal view returns (uint256) {
        return nmr.balanceOf(who);
    }

    /// "Decided" 15: a pending proposal stays.
    function test_56_windDown_with_a_pending_proposal() public {
        settleBooks(honest(), 0, none());
        uint256 joins = buy(carol, id, 1, false); // 2
        Week memory week = next();
        propose(week, none());
        uint256 waits = buy(carol, id, 2, false); // 3
        by(owner).windDown();
        vault.accept(week, none());
        eq(state().free, 800 * NMR, "who joined, joined");
        eq(state().waiting, 200 * NMR, "who waits, waits");
        by(carol).cancel(waits, 1);
        settle(ordered(one(series, 3, 6, 100 * NMR, 0, true), one(joins, 3, 1, 100 * NMR, 0, true)));
        eq(vault.claim(waits, 3, carol), 100 * NMR, "given back");
        eq(vault.claim(joins, 3, carol), 100 * NMR, "left with the others");
        eq(received(carol), 1_000_000 * NMR, "nothing is lost");
        eq(state().free, 100 * NMR, "the house's");
    }

    function test_56_a_proposal_that_nobody_accepted_is_dead_once_the_way_out_is_open() public {
        settleBooks(honest(), 0, none());
        uint256 joins = buy(carol, id, 1, false); // 2
        Week memory week = next();
        propose(week, none());
        uint256 waits = buy(carol, id, 2, false); // 3
        toTheWayOut();
        denied(stranger, abi.encodeCall(vault.accept, (week, none())), NothingPending.selector);
        by(carol).cancel(joins, 1);
        by(stranger).cancelFor(carol, waits, 2);
        eq(received(carol), 1_000_000 * NMR, "in full");
        eq(escape(alice, honest(), 1, 0, 0), 400 * NMR, "alice");
        eq(escape(bob, honest(), 1, 0, 0), 200 * NMR, "bob");
        eq(escape(stranger, honest(), 0, 0, 0), 100 * NMR, "the house");
        eq(nmr.balanceOf(address(vault)), 0, "nothing stays");
    }

    function test_56_no_books_keep_a_deposit_from_its_refund() public {
        Terms memory t = simple();
        t.houseMinBps = 10_000;
        bytes32 demanding = offer(t);
        Week memory week = next();
        week.houseSpare = type(uint88).max;
        settle(week, none());
        uint256 waits = buy(carol, demanding, 1, false);
        vm.prank(owner);
        (bool added,) = address(vault).call(abi.encodeCall(vault.addHouse, (uint88(100 * NMR))));
        uint256 snapshot = vm.snapshotState();
        by(carol).cancel(waits, 1);
        vm.revertToState(snapshot);
        toTheWayOut();
        by(carol).cancel(waits, 1);
        eq(received(carol), 1_000_000 * NMR, "in full");
        vm.prank(owner);
        eq(vault.takeHouse(), added ? 100 * NMR : 0, "what came last");
    }

    function test_57_exits_after_the_last_books_share_the_live_leaf() public {
        settleBooks(honest(), 0, none());
        exit(alice, series, 1); // 2
        vm.warp(vault.cut(2));
        exit(alice, series, 1); // 3
        exit(bob, series, 2);
        toTheWayOut();
        denied(alice, address(wayOut), escapeCall(honest(), 1, 0, 4), NotEnoughUnits.selector);
        eq(escape(alice, honest(), 1, 0, 0), 200 * NMR, "live");
        eq(escape(alice, honest(), 1, 0, 2), 100 * NMR, "of week 2");
        eq(escape(bob, honest(), 1, 0, 3), 200 * NMR, "bob's");
        eq(escape(alice, honest(), 1, 0, 3), 100 * NMR, "of week 3");
        denied(bob, address(wayOut), escapeCall(honest(), 1, 0, 0), NotEnoughUnits.selector);
        eq(received(alice) + received(bob), 2_000_000 * NMR, "all");
        nothingIsMissing();
    }

    /// Units that no settlement accepted have no leaf and no principal: they are a deposit, and can't leave as anything else.
    function test_57_exits_of_what_was_never_accepted() public {
        settleBooks(honest(), 0, none());
        uint256 late = buy(carol, id, 2, false); // 2
        toCut(2);
        denied(carol, abi.encodeCall(vault.exit, (late, 1)), UnknownSeries.selector);
        denied(carol, abi.encodeCall(vault.transfer, (bob, late, 1)), UnknownSeries.selector);
        toTheWayOut();
        by(carol).cancel(late, 2);
        eq(received(carol), 1_000_000 * NMR, "in full");
    }

    /// Whoever asks out or back once the way out is open would count twice.
    function test_57_nobody_exits_or_moves_once_it_is_open() public {
        settleBooks(honest(), 0, none());
        exit(alice, series, 1);
        uint256 asked = clock();
        toTheWayOut();
        denied(alice, abi.encodeCall(vault.exit, (series, 1)), UnknownSeries.selector);
        denied(alice, abi.encodeCall(vault.transfer, (bob, series, 1)), UnknownSeries.selector);
        denied(alice, abi.encodeCall(vault.cancelExit, (series, 1)), NotEnoughUnits.selector);
        vm.warp(asked); // in the week of the exit
        denied(alice, abi.encodeCall(vault.cancelExit, (series, 1)), NotEnoughUnits.selector);
    }

    function test_58_escape_twice_and_more_comes_home() public {
        settleBooks(honest(), 0, none());
        stake(7, 350 * NMR);
        toTheWayOut();
        eq(escape(alice, honest(), 1, 0, 0), 200 * NMR, "half is here");
        eq(escape(alice, honest(), 1, 0, 0), 0, "twice");
        eq(escape(stranger, honest(), 0, 0, 0), 50 * NMR, "house");
        collect(7, -int256(70 * NMR));
        eq(escape(alice, honest(), 1, 0, 0), 160 * NMR, "the difference");
        eq(escape(alice, honest(), 1, 0, 0), 0, "twice");
        eq(escape(bob, honest(), 1, 0, 0), 180 * NMR, "both at once");
        eq(escape(stranger, honest(), 0, 0, 0), 40 * NMR, "house");
        eq(escape(stranger, honest(), 0, 0, 0), 0, "twice");
        eq(nmr.balanceOf(address(vault)), 0, "630 of 700");
    }

    function bent(Leaf memory l, Proof memory p) internal {
        denied(alice, address(wayOut), abi.encodeCall(wayOut.escape, (l, p, 0)), BadProof.selector);
    }

    function test_59_a_wrong_proof() public {
        uint256 other = buy(carol, offer(another()), 1, false);
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 0, 6, 100 * NMR), leaf(other, 0, 1, 100 * NMR));
        if (other < series) (l[1], l[2]) = (l[2], l[1]);
        uint256 at = other < series ? 2 : 1;
        settleBooks(l, 0, none());
        toTheWayOut();
        Proof memory p = Books.proof(l, at, 0, DIGEST);
        Leaf memory mine = l[at];
        bent(leaf(series, 0, 6, 100 * NMR + 1), p);
        bent(leaf(series, 0, 6, 100 * NMR - 1), p);
        bent(leaf(series, 0, 5, 120 * NMR), p); // the same sum
        bent(leaf(series, 2, 6, 100 * NMR), p);
        bent(leaf(series ^ 1 << 31, 0, 6, 100 * NMR), p);
        p.index ^= 1;
        bent(mine, p);
        p.index ^= 1;
        for (uint256 i; i < 2; ++i) {
            p.sums[i] ^= 1 << 60; // another total
            bent(mine, p);
            p.sums[i] ^= 1 << 60;
            p.siblings[i] ^= bytes32(uint256(1));
            bent(mine, p);
            p.siblings[i] ^= bytes32(uint256(1));
        }
        ++p.cover;
        denied(alice, address(wayOut), abi.encodeCall(wayOut.escape, (mine, p, 0)), CoverBeyondTerms.selector);
        --p.cover;
        p.digest = 0;
        bent(mine, p);
        p.digest = DIGEST;
        Proof memory short = Proof(p.index >> 1, new bytes32[](1), new uint256[](1), 0, DIGEST); // a node for a leaf
        (short.siblings[0], short.sums[0]) = (p.siblings[1], p.sums[1]);
        bent(mine, short);
        vm.prank(alice);
        wayOut.escape(mine, p, 0);
        eq(received(alice), 1_000_000 * NMR, "the right one");
    }

    function another() private pure returns (Terms memory t) {
        t = simple();
        t.profitShareBps = 1;
    }

    function test_59_no_proof_when_no_settlement_was_accepted() public {
        toTheWayOut();
        bytes memory call = escapeCall(honest(), 1, 0, 0);
        denied(alice, address(wayOut), call, BadProof.selector);
        by(alice).cancel(series, 4);
        by(bob).cancel(series, 2);
        vm.prank(owner);
        eq(vault.takeHouse(), 100 * NMR, "house");
        eq(nmr.balanceOf(address(vault)), 0, "everybody has his own");
    }

    function test_60_accepted_claims_are_paid_in_full_beside() public {
        settleBooks(honest(), 0, none());
        exit(alice, series, 2);
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 0, 4, 100 * NMR), leaf(series, 2, 2, 40 * NMR));
        settleBooks(l, 0, one(series, 2, 2, 60 * NMR, 0, false));
        stake(7, 480 * NMR); // and 480 that never comes home is all that is free but 100
        toTheWayOut();
        eq(escape(bob, l, 1, 0, 0), 2 * (uint256(100 * NMR) * 100 / 580), "a part of what is free");
        eq(vault.claim(series, 2, alice), 120 * NMR, "what was promised");
        eq(vault.claim(series, 2, alice), 0, "once");
        eq(escape(alice, l, 2, 0, 2) / 2, uint256(40 * NMR) * 100 / 580, "and its part");
        nothingIsMissing();
    }

    function test_61_stake_deposit_or_settle_after_windDown() public {
        settleBooks(honest(), 0, none());
        open(7);
        bytes memory stakes = stakeCall(7, 1);
        by(owner).windDown();
        denied(stakerKey, stakes, WindingDown.selector);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 2)), WindingDown.selector);
        toTheWayOut();
        open(8);
        denied(stakerKey, stakeCall(8, 1), WindingDown.selector);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, vault.currentWeek())), WindingDown.selector);
        denied(settler, abi.encodeCall(vault.propose, (next(), none())), EscapeOpen.selector);
        denied(owner, abi.encodeCall(vault.askHouse, (1)), Pending.selector);
        denied(owner, abi.encodeCall(vault.askReserve, (1)), Pending.selector);
        denied(owner, abi.encodeCall(vault.addHouse, (1)), Pending.selector);
    }

    function test_67_a_huge_leaf() public {
        Leaf[] memory l = leaves(house(10 * NMR), leaf(series, 0, 6, 115 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        denied(alice, address(wayOut), escapeCall(l, 1, 0, 0), BeyondGains.selector);
        eq(escape(stranger, l, 0, 0, 0), 10 * NMR, "what is not beyond");
    }

    function test_67_a_huge_house() public {
        Leaf[] memory l = leaves(house(101 * NMR), leaf(series, 0, 6, uint256(599 * NMR) / 6));
        settleBooks(l, 0, none());
        toTheWayOut();
        denied(owner, address(wayOut), escapeCall(l, 0, 0, 0), BeyondGains.selector);
        yes(escape(alice, l, 1, 0, 0) > 399 * NMR, "what is not beyond");
    }

    function test_67_exactly_the_gains() public {
        settle();
        play(1, 100 * NMR, int256(60 * NMR));
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 0, 6, 110 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        eq(escape(alice, l, 1, 0, 0), 440 * NMR, "alice");
        eq(escape(bob, l, 1, 0, 0), 220 * NMR, "bob");
        eq(escape(stranger, l, 0, 0, 0), 100 * NMR, "house");
        eq(nmr.balanceOf(address(vault)), 0, "all");
    }

    function test_67_a_wei_beyond_the_gains() public {
        settle();
        play(1, 100 * NMR, int256(60 * NMR));
        Leaf[] memory l = leaves(house(100 * NMR + 1), leaf(series, 0, 6, 110 * NMR - 1));
        settleBooks(l, 0, none());
        toTheWayOut();
        escape(alice, l, 1, 0, 0);
        escape(bob, l, 1, 0, 0);
        uint256 most = 100 * NMR + 6; // what the units didn't use
        yes(escape(stranger, l, 0, 0, 0) <= most, "house");
        eq(state().gainsLeft, 60 * NMR, "the vault's bound is not touched");
    }

    function test_68_a_leaf_of_nothing() public {
        Leaf[] memory l = leaves(house(700 * NMR), leaf(series, 0, 6, 0));
        settleBooks(l, 0, none());
        toTheWayOut();
        denied(owner, address(wayOut), escapeCall(l, 0, 0, 0), BeyondGains.selector);
        eq(escape(alice, l, 1, 0, 0), 0, "nothing, which binds nobody");
        vm.warp(wayOut.openedAt() + 26 weeks);
        eq(wayOut.takeRest(series, 0, alice), 400 * NMR, "alice");
        eq(wayOut.takeRest(series, 0, bob), 200 * NMR, "bob");
        eq(wayOut.takeRest(series, 0, bob), 0, "once");
        eq(state().free, 100 * NMR, "the house's");
    }

    function test_69_the_rest_too_early() public {
        settleBooks(honest(), 0, none());
        bytes memory take = abi.encodeCall(wayOut.takeRest, (series, 0, alice));
        denied(stranger, address(wayOut), take, EscapeNotOpen.selector);
        toTheWayOut();
        denied(stranger, address(wayOut), take, EscapeNotOpen.selector);
        vm.warp(wayOut.openedAt() + 26 weeks - 1);
        denied(stranger, address(wayOut), take, EscapeNotOpen.selector);
        vm.warp(wayOut.openedAt() + 26 weeks);
        vm.prank(stranger);
        eq(wayOut.takeRest(series, 0, alice), 400 * NMR, "to the holder");
        eq(received(alice), 1_000_000 * NMR, "to the holder");
        denied(bob, address(wayOut), escapeCall(honest(), 1, 0, 0), EscapeNotOpen.selector);
    }
}

contract EscapeAttacksTest_OnAccount is EscapeAttacksTest, OnAccount {}
