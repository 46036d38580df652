// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./attacks/Attack.sol";

/// The way out without an operator; attacks on it are in attacks/EscapeAttacks.t.sol.
contract WayOutTest is Attack {
    event Escaped(address indexed holder, uint256 indexed series, uint32 indexed exitWeek, uint256 amount);
    event RestTaken(address indexed holder, uint256 indexed series, uint32 indexed exitWeek, uint256 amount);

    uint256 internal series;

    /// 4 covered units of alice, 2 of bob; 100 NMR of house, 400 of reserve of which 300 are locked.
    function setUp() public override {
        super.setUp();
        addHouse(100 * NMR);
        addReserve(400 * NMR);
        series = buy(alice, offer(covered()), 4, false);
        buy(bob, offer0(), 2, false);
    }

    function offer0() private view returns (bytes32) {
        return TermsLib.id(covered(), address(vault));
    }

    function honest(uint256 value) internal view returns (Leaf[] memory) {
        return leaves(house(100 * NMR), leaf(series, 0, 6, value));
    }

    /* OPENING */

    function test_it_opens_28_days_after_the_later_of_wind_down_and_last_settlement() public {
        settle();
        bytes memory open = abi.encodeWithSignature("open()");
        vm.warp(clock() + 28 days);
        denied(stranger, address(wayOut), open, TooEarly.selector); // not winding down
        vault.windDown();
        uint256 since = clock();
        vm.warp(since + 28 days - 1);
        denied(owner, address(wayOut), open, TooEarly.selector);
        settle();
        since = state().settledAt;
        vm.warp(since + 28 days - 1);
        denied(owner, address(wayOut), open, TooEarly.selector);
        vm.warp(since + 28 days);
        vm.prank(stranger);
        wayOut.open();
        eq(wayOut.openedAt(), clock(), "opened");
        yes(state().booksClosed, "no settlement comes any more");
        denied(stranger, address(wayOut), open, EscapeOpen.selector);
    }

    function test_it_is_shut_until_then() public {
        settleBooks(honest(100 * NMR), 0, none());
        by(owner).windDown();
        denied(alice, address(wayOut), escapeCall(honest(100 * NMR), 1, 0, 0), EscapeNotOpen.selector);
        eq(wayOut.openedAt() + wayOut.paid(), 0, "shut");
    }

    function test_without_units_the_reserve_is_the_owners_at_once() public {
        by(alice).cancel(series, 4);
        settle(); // bob's 2 join
        exit(bob, series, 2);
        settle(one(series, 2, 2, 100 * NMR, 0, true));
        toTheWayOut();
        eq(state().reserveDue, 400 * NMR, "due");
        vm.prank(owner);
        eq(vault.takeReserve(), 400 * NMR, "taken");
    }

    /* WITH A PROOF */

    function test_everybody_gets_his_value() public {
        settleBooks(honest(100 * NMR), 0, none());
        toTheWayOut();
        vm.expectEmit(true, true, true, true);
        emit Escaped(alice, series, 0, 400 * NMR);
        eq(escape(alice, honest(100 * NMR), 1, 0, 0), 400 * NMR, "alice");
        eq(wayOut.escapedOf(series, 0, alice), 100 * NMR, "a unit");
        vm.expectEmit(true, true, true, true);
        emit Escaped(owner, 0, 0, 100 * NMR);
        eq(escape(stranger, honest(100 * NMR), 0, 0, 0), 100 * NMR, "the house, by anybody");
        eq(escape(bob, honest(100 * NMR), 1, 0, 0), 200 * NMR, "bob");
        eq(wayOut.paid(), 700 * NMR, "paid");
        denied(stranger, address(wayOut), escapeCall(honest(100 * NMR), 1, 0, 0), NotEnoughUnits.selector);
    }

    function test_the_house_is_one_unit() public {
        Leaf[] memory l = leaves(leaf(0, 0, 2, 50 * NMR), leaf(series, 0, 6, 100 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        denied(owner, address(wayOut), escapeCall(l, 0, 0, 0), UnitsDiffer.selector);
    }

    function test_units_are_the_chains() public {
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 0, 5, 120 * NMR));
        settleBooks(l, 0, none());
        play(1, 100 * NMR, int256(400 * NMR)); // so that gains don't bind
        toTheWayOut();
        eq(escape(alice, l, 1, 0, 0), 4 * (uint256(120 * NMR) * 1_100 / 700), "4 of the 5");
        denied(bob, address(wayOut), escapeCall(l, 1, 0, 0), UnitsDiffer.selector);
    }

    function test_the_units_of_a_class_are_the_chains() public {
        settle();
        exit(alice, series, 2);
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 2, 1, 100 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        denied(alice, address(wayOut), escapeCall(l, 1, 0, 2), UnitsDiffer.selector);
    }

    function test_the_cover_comes_from_the_locked_reserve_once_and_the_rest_is_the_owners() public {
        settle();
        play(1, 100 * NMR, -int256(60 * NMR));
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 0, 6, 95 * NMR)); // 90 and 5 of cover
        settleBooks(l, 30 * NMR, none());
        by(owner).askReserve(uint88(10 * NMR));
        toTheWayOut();
        eq(escape(alice, l, 1, 30 * NMR, 0), 380 * NMR, "alice");
        eq(state().reserveDue, 370 * NMR, "the rest");
        eq(state().reserveLocked, 0, "nothing is locked any more");
        eq(escape(bob, l, 1, 30 * NMR, 0), 190 * NMR, "bob");
        eq(escape(bob, l, 0, 30 * NMR, 0), 100 * NMR, "house");
        eq(state().reserveDue, 370 * NMR, "once");
        vm.prank(owner);
        eq(vault.takeReserve(), 370 * NMR, "taken");
        eq(nmr.balanceOf(address(vault)), 0, "nothing stays");
    }

    function test_no_more_cover_than_units_have_locked() public {
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 0, 6, 100 * NMR));
        settleBooks(l, 300 * NMR + 1, none());
        buy(carol, offer0(), 2, false); // locks the other 100, for units that no settlement accepted
        toTheWayOut();
        denied(alice, address(wayOut), escapeCall(l, 1, 300 * NMR + 1, 0), CoverBeyondTerms.selector);
        vm.warp(wayOut.openedAt() + 26 weeks);
        eq(wayOut.takeRest(series, 0, alice), 400 * NMR, "but nobody is stranded");
    }

    function test_deposits_and_house_that_wait_come_back_in_full() public {
        settleBooks(honest(100 * NMR), 0, none());
        uint256 second = buy(carol, offer0(), 1, false);
        addHouse(30 * NMR);
        toCut(2);
        uint256 third = buy(carol, offer0(), 1, true);
        addHouse(20 * NMR);
        toTheWayOut();
        eq(state().houseDue, 50 * NMR, "house");
        eq(state().waiting + state().joining, 200 * NMR, "deposits");
        escape(alice, honest(100 * NMR), 1, 0, 0);
        eq(state().reserveLocked, 100 * NMR, "what they lock is theirs until then");
        by(carol).cancel(second, 1);
        by(stranger).cancelFor(carol, third, 1);
        eq(nmr.balanceOf(carol), 1_000_000 * NMR, "in full");
        vm.prank(owner);
        eq(vault.takeHouse(), 50 * NMR, "house");
        vm.prank(owner);
        eq(vault.takeReserve(), 400 * NMR, "reserve");
        eq(state().reserveLocked, 0, "locked");
        nothingIsMissing();
    }

    function test_results_after_the_last_settlement_are_everybodys() public {
        settleBooks(honest(100 * NMR), 0, none());
        stake(1, 350 * NMR);
        stake(2, 350 * NMR);
        toTheWayOut();
        eq(escape(alice, honest(100 * NMR), 1, 0, 0), 0, "nothing is here");
        collect(1, int256(70 * NMR));
        eq(escape(alice, honest(100 * NMR), 1, 0, 0), 240 * NMR, "4 of 7 of 420");
        collect(2, -int256(140 * NMR));
        eq(escape(alice, honest(100 * NMR), 1, 0, 0), 120 * NMR, "4 of 7 of 630");
        eq(escape(bob, honest(100 * NMR), 1, 0, 0), 180 * NMR, "2 of 7");
        eq(escape(owner, honest(100 * NMR), 0, 0, 0), 90 * NMR, "1 of 7");
    }

    function test_units_that_left_at_the_wind_down_escape_converted_or_not() public {
        settle();
        by(owner).windDown();
        exit(alice, series, 1);
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 2, 6, 40 * NMR));
        settleBooks(l, 0, one(series, 2, 6, 60 * NMR, 0, false));
        toTheWayOut();
        denied(alice, address(wayOut), escapeCall(l, 1, 0, 0), BadProof.selector); // they live no more
        eq(escape(alice, l, 1, 0, 2), 4 * uint256(40 * NMR) * 340 / 340, "3 live and 1 leaving");
        eq(vault.claim(series, 2, alice), 240 * NMR, "what was promised");
        eq(escape(alice, l, 1, 0, 2), 0, "twice");
        eq(vault.claim(series, 2, bob), 120 * NMR, "converts");
        eq(escape(bob, l, 1, 0, 2), 80 * NMR, "bob");
        eq(escape(bob, l, 0, 0, 0), 100 * NMR, "house");
        eq(nmr.balanceOf(address(vault)), 400 * NMR, "the reserve");
    }

    function test_a_closed_class_has_had_its_money() public {
        settle();
        exit(alice, series, 2);
        settle(one(series, 2, 2, 100 * NMR, 0, true));
        Leaf[] memory l = leaves(house(100 * NMR), leaf(series, 2, 2, 100 * NMR), leaf(series, 0, 4, 100 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        denied(alice, address(wayOut), escapeCall(l, 1, 0, 2), NotEnoughUnits.selector);
        vm.warp(wayOut.openedAt() + 26 weeks);
        denied(alice, address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 2, alice)), NotEnoughUnits.selector);
    }

    /* UNITS THAT ARE PAID OUT */

    /// A `pay` series of carol and alice (3 and 1 units) that has got 10 NMR a unit; the rounds have won 90.
    function paySeries() internal returns (uint256 pays) {
        by(alice).cancel(series, 4);
        by(bob).cancel(series, 2);
        bytes32 id = offer(simple());
        pays = buy(carol, id, 3, true);
        buy(alice, id, 1, true);
        settle();
        play(1, 100 * NMR, int256(90 * NMR));
    }

    function test_pay_units_escape_with_what_is_left_of_them() public {
        uint256 pays = paySeries();
        Leaf[] memory l = leaves(house(100 * NMR), leaf(pays, 0, 4, 112.5e18));
        settleBooks(l, 0, one(pays, 0, 4, 10 * NMR, 0, false)); // leaves 590 - 40
        eq(vault.claim(pays, 0, carol), 30 * NMR, "claimed before");
        toTheWayOut();
        eq(escape(carol, l, 1, 0, 0), 337.5e18, "carol");
        eq(escape(alice, l, 1, 0, 0), 112.5e18, "alice");
        eq(escape(alice, l, 0, 0, 0), 100 * NMR, "house");
        eq(vault.claim(pays, 0, alice), 10 * NMR, "claimed afterwards");
        eq(nmr.balanceOf(address(vault)), 400 * NMR, "the reserve");
    }

    /// What they were paid counts: over its whole life no unit gets more beyond its size than was won.
    function test_the_bound_counts_what_pay_units_were_paid() public {
        uint256 pays = paySeries();
        Leaf[] memory l = leaves(house(100 * NMR - 4), leaf(pays, 0, 4, 112.5e18 + 1));
        settleBooks(l, 0, one(pays, 0, 4, 10 * NMR, 0, false));
        toTheWayOut();
        eq(escape(carol, l, 1, 0, 0), 337.5e18 + 3, "3 of 4 of the gains, and 3 wei");
        denied(alice, address(wayOut), escapeCall(l, 1, 0, 0), BeyondGains.selector);
    }

    function test_pay_units_that_asked_out_after_the_last_settlement() public {
        uint256 pays = paySeries();
        Leaf[] memory l = leaves(house(100 * NMR), leaf(pays, 0, 4, 112.5e18));
        settleBooks(l, 0, one(pays, 0, 4, 10 * NMR, 0, false)); // 2
        exit(carol, pays, 2); // 3
        toTheWayOut();
        eq(escape(carol, l, 1, 0, 3), 225e18, "leaving");
        eq(escape(carol, l, 1, 0, 0), 112.5e18, "live");
        eq(vault.claim(pays, 3, carol), 0, "the claim was settled when they asked out");
        eq(nmr.balanceOf(carol), 1_000_000 * NMR - 300 * NMR + 30 * NMR + 337.5e18, "carol");
    }

    /* WITHOUT */

    function test_the_rest_is_shared_by_unit_size_and_the_locked_reserve_is_part_of_it() public {
        settle(); // with books that nobody can prove
        play(1, 700 * NMR, -int256(350 * NMR));
        toTheWayOut();
        vm.warp(wayOut.openedAt() + 26 weeks);
        vm.expectEmit(true, true, true, true);
        emit RestTaken(alice, series, 0, 400 * NMR);
        eq(wayOut.takeRest(series, 0, alice), 400 * NMR, "350 and 300 of reserve for 600");
        eq(wayOut.takeRest(series, 0, bob), 200 * NMR, "bob");
        eq(wayOut.takeRest(series, 0, bob), 0, "twice");
        vm.prank(owner);
        eq(vault.takeReserve(), 100 * NMR, "the rest of the reserve");
        denied(stranger, address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 0, carol)), NotEnoughUnits.selector);
        eq(wayOut.paid(), 600 * NMR, "paid");
    }

    function test_the_rest_grows_with_what_comes_home() public {
        settle();
        stake(1, 700 * NMR);
        toTheWayOut();
        vm.warp(wayOut.openedAt() + 26 weeks);
        eq(wayOut.takeRest(series, 0, alice), 200 * NMR, "4 of 6 of 300");
        collect(1, -int256(580 * NMR));
        eq(wayOut.takeRest(series, 0, bob), 140 * NMR, "2 of 6 of 420");
        eq(wayOut.takeRest(series, 0, alice), 80 * NMR, "the difference");
        eq(state().free, 0, "all");
    }

    function test_who_has_escaped_has_no_part_in_the_rest() public {
        settleBooks(honest(100 * NMR), 0, none());
        stake(1, 350 * NMR);
        toTheWayOut();
        eq(escape(alice, honest(100 * NMR), 1, 0, 0), 200 * NMR, "half");
        vm.warp(wayOut.openedAt() + 26 weeks);
        collect(1, 0);
        denied(alice, address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 0, alice)), NotEnoughUnits.selector);
        eq(wayOut.takeRest(series, 0, bob), 200 * NMR, "no more than his unit size");
        eq(wayOut.takeRest(series, 0, bob), 0, "twice");
    }

    /// What one class can't take any more is the others'.
    function test_the_rest_is_shared_by_what_units_were_not_paid() public {
        settle();
        exit(alice, series, 4);
        settle(one(series, 2, 4, 90 * NMR, 0, false)); // 4 units lack 10, 2 lack 100
        stake(1, 340 * NMR);
        toTheWayOut();
        collect(1, -int256(340 * NMR));
        vm.warp(wayOut.openedAt() + 26 weeks); // 300 of reserve is here
        eq(wayOut.takeRest(series, 2, alice), 40 * NMR, "in full");
        eq(wayOut.takeRest(series, 0, bob), 200 * NMR, "in full");
        eq(state().principal, 240 * NMR, "what they lacked");
    }

    function test_a_little_rest_is_shared_by_what_units_were_not_paid() public {
        settle();
        exit(alice, series, 4);
        settle(one(series, 2, 4, 90 * NMR, 0, true)); // closed: has no part
        exit(bob, series, 1);
        settle(one(series, 3, 1, 50 * NMR, 0, false)); // 290 left, and 100 of reserve
        stake(1, 290 * NMR);
        toTheWayOut();
        collect(1, -int256(275 * NMR));
        vm.warp(wayOut.openedAt() + 26 weeks);
        eq(wayOut.takeRest(series, 3, bob), uint256(115 * NMR) / 3, "50 of 150");
        eq(wayOut.takeRest(series, 0, bob), uint256(230 * NMR) / 3, "100 of 150");
        denied(stranger, address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 2, alice)), NotEnoughUnits.selector);
        yes(state().free <= 1, "a wei stays");
    }

    function test_what_a_class_was_promised_counts_for_its_rest() public {
        settle();
        exit(alice, series, 2);
        settle(one(series, 2, 2, 70 * NMR, 0, false));
        toTheWayOut();
        vm.warp(wayOut.openedAt() + 26 weeks);
        eq(wayOut.takeRest(series, 2, alice), 60 * NMR, "30 a unit");
        eq(vault.claim(series, 2, alice), 140 * NMR, "and the promise");
        eq(wayOut.takeRest(series, 0, alice), 200 * NMR, "the live ones");
        eq(wayOut.takeRest(series, 0, bob), 200 * NMR, "bob");
    }

    /* ANY ORDER */

    /// Whatever comes home when, and whoever asks when: nobody gets more than his part, and in the end everybody has it but for a wei a unit.
    function testFuzz_the_order_changes_no_total(uint256 order, uint256 staked, int256 result) public {
        settleBooks(honest(100 * NMR), 0, none());
        staked = bound(staked, 1, 700 * NMR);
        result = result % int256(staked + 1);
        stake(1, staked);
        toTheWayOut();
        address[3] memory who = [alice, bob, owner];
        uint256[3] memory before = [nmr.balanceOf(alice), nmr.balanceOf(bob), nmr.balanceOf(owner)];
        for (uint256 i; i < 8; ++i) {
            if (i == 4) collect(1, result);
            uint256 turn = (order >> 8 * i) % 3;
            escape(who[turn], honest(100 * NMR), turn == 2 ? 0 : 1, 0, 0);
        }
        for (uint256 i; i < 3; ++i) escape(who[i], honest(100 * NMR), i == 2 ? 0 : 1, 0, 0);
        uint256 pot = uint256(int256(700 * NMR) + result);
        uint256[3] memory parts = [uint256(4), 2, 1];
        for (uint256 i; i < 3; ++i) {
            uint256 got = nmr.balanceOf(who[i]) - before[i];
            yes(got <= pot * parts[i] / 7 && got + parts[i] >= pot * parts[i] / 7, "his part");
        }
        eq(state().free, pot - wayOut.paid(), "free");
        nothingIsMissing();
    }
}

contract WayOutTest_OnAccount is WayOutTest, OnAccount {}
