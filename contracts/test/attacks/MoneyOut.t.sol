// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrantNmr} from "../hostile/HostileNmr.sol";
import {HostileOwner} from "../hostile/HostileOwner.sol";
import {HostileStaker} from "../hostile/HostileStaker.sol";
import "./Attack.sol";

/// With 4 covered units of alice, 2 of them leaving, 2 units of bob, 100 NMR of house. Lines are right until an attack bends them.
contract MoneyOutTest is Attack {
    uint256 internal series;
    uint256 internal other;

    function setUp() public virtual override {
        super.setUp();
        addHouse(100 * NMR);
        addReserve(200 * NMR);
        series = buy(alice, offer(covered()), 4, false);
        Terms memory t = simple();
        t.compoundingWeeks = 11;
        other = buy(bob, offer(t), 2, false);
        settle();
        exit(alice, series, 2);
    }

    function paid(uint256 amount) internal view returns (Line[] memory) {
        return one(series, 2, 2, amount, 0, false);
    }

    function only(Line[] memory lines, uint256 i) internal pure returns (Line[] memory l) {
        l = new Line[](1);
        l[0] = lines[i];
    }

    function donate(uint256 amount) internal {
        vm.prank(carol);
        nmr.transfer(address(vault), amount);
    }

    function test_01_a_donation_before_or_after_deposits_changes_no_unit_and_no_payout() public {
        donate(100 * NMR);
        uint256 late = buy(carol, offer(simple()), 1, false);
        eq(vault.balanceOf(carol, late), 1, "units");
        donate(50 * NMR);
        settle(paid(100 * NMR));
        eq(vault.claim(series, 2, alice), 200 * NMR, "payout");
        eq(state().free, 600 * NMR, "not booked");
        eq(vault.sync(), 150 * NMR, "surplus");
        eq(state().waiting, 150 * NMR, "it is house");
        eq(vault.sync(), 0, "once");
        eq(state().units, 7, "outstanding units");
        eq(state().gainsLeft, 0, "no gain");
    }

    function test_02_all_cash_as_house() public {
        Week memory week = next();
        week.houseOut = uint88(700 * NMR);
        refused(week, none(), BeyondGains.selector);
    }

    function test_03_the_house_a_wei_more_or_twice() public {
        Week memory week = next();
        week.houseOut = uint88(100 * NMR + 1);
        refused(week, none(), BeyondGains.selector);
        week.houseOut = uint88(100 * NMR);
        settle(week, none());
        week = next();
        week.houseOut = 1;
        refused(week, none(), BeyondGains.selector);
        week.houseOut = uint88(100 * NMR);
        refused(week, none(), BeyondGains.selector);
        vm.prank(owner);
        eq(vault.takeHouse(), 100 * NMR, "taken");
        vm.prank(owner);
        eq(vault.takeHouse(), 0, "once");
    }

    function test_04_a_class_above_its_unit_size_without_gains() public {
        refused(paid(100 * NMR + 1), BeyondGains.selector);
        settle(paid(100 * NMR));
        refused(paid(100 * NMR + 1), BeyondGains.selector); // in two steps
    }

    function test_05_more_or_fewer_units_than_leave() public {
        refused(one(series, 2, 1, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(series, 2, 3, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(other, 2, 2, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(other, 2, 0, 100 * NMR, 0, false), UnitsDiffer.selector);
        refused(one(uint256(keccak256("unknown")) >> 32 << 32, 2, 1, 0, 0, false), UnitsDiffer.selector);
    }

    function test_05_more_or_fewer_live_units_than_there_are() public {
        uint256 live = buy(carol, offer(simple()), 2, true);
        settle();
        refused(one(live, 0, 1, NMR, 0, false), UnitsDiffer.selector);
        refused(one(live, 0, 3, NMR, 0, false), UnitsDiffer.selector);
        refused(one(live, 0, 0, NMR, 0, false), UnitsDiffer.selector);
        settle();
        play(7, 100 * NMR, int256(4 * NMR));
        settle(one(live, 0, 2, NMR, 0, false));
        eq(vault.claim(live, 0, carol), 2 * NMR, "both units");
    }

    function test_06_a_later_week_lowers_a_payout() public {
        settle(paid(50 * NMR));
        refused(paid(50 * NMR - 1), PaidFell.selector);
        refused(paid(0), PaidFell.selector);
        settle(paid(50 * NMR));
        settle(one(series, 2, 2, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 200 * NMR, "all");
    }

    function test_07_lines_twice_unsorted_or_of_the_future() public {
        exit(bob, other, 1);
        Line[] memory a = one(series, 2, 2, 50 * NMR, 0, false);
        Line[] memory right = ordered(a, one(other, 2, 1, 50 * NMR, 0, false));
        refused(two(a, a), LineOrder.selector);
        refused(two(only(right, 1), only(right, 0)), LineOrder.selector);
        refused(one(series, 3, 2, 50 * NMR, 0, false), LineOrder.selector);
        refused(one(series, 1, 2, 50 * NMR, 0, false), LineOrder.selector); // the join week
        refused(one(series, 0, 2, 50 * NMR, 0, false), LineOrder.selector); // live units that are not paid out
        refused(one(0, 0, 1, 50 * NMR, 0, false), LineOrder.selector);
        settle(right);
    }

    function test_08_a_second_early() public {
        Week memory week = next();
        vm.warp(vault.cut(2) - 1);
        denied(settler, abi.encodeCall(vault.propose, (week, none())), TooEarly.selector);
        vm.warp(vault.cut(2));
        by(settler).propose(week, none());
        denied(settler, abi.encodeCall(vault.propose, (week, none())), Pending.selector);
        vm.warp(vault.cut(2) + WINDOW - 1);
        denied(settler, abi.encodeCall(vault.accept, (week, none())), TooEarly.selector);
        vm.warp(vault.cut(2) + WINDOW);
        by(stranger).accept(week, none());
        eq(state().lastAccepted, 2, "accepted");
        denied(stranger, abi.encodeCall(vault.accept, (week, none())), NothingPending.selector);
    }

    function test_09_other_lines_or_other_bytes() public {
        Week memory week = next();
        Line[] memory right = paid(100 * NMR);
        propose(week, right);
        denied(stranger, abi.encodeCall(vault.accept, (week, paid(100 * NMR - 1))), LinesDiffer.selector);
        denied(stranger, abi.encodeCall(vault.accept, (week, none())), LinesDiffer.selector);
        denied(stranger, bytes.concat(abi.encodeCall(vault.accept, (week, right)), hex"00"), LinesDiffer.selector);
        ++week.stakeLimit;
        denied(stranger, abi.encodeCall(vault.accept, (week, right)), LinesDiffer.selector);
        --week.stakeLimit;
        ++week.week;
        denied(stranger, abi.encodeCall(vault.accept, (week, right)), LinesDiffer.selector);
        --week.week;
        vault.accept(week, right);
    }

    /// The books of an accepted settlement are 32 bytes that the settler chose: they could be the digest of another one.
    function test_09_a_settlement_that_hides_in_the_books_of_another() public {
        Week memory hidden = next();
        (hidden.week, hidden.houseOut) = (4, uint88(100 * NMR));
        Week memory week = next();
        week.books = keccak256(abi.encode(hidden, none()));
        settle(week, none());
        week = next();
        propose(week, none());
        denied(settler, abi.encodeCall(vault.accept, (hidden, none())), LinesDiffer.selector);
        eq(state().lastAccepted, 2, "nothing is accepted");
        vault.accept(week, none());
        denied(settler, abi.encodeCall(vault.accept, (hidden, none())), NothingPending.selector);
    }

    function test_10_promise_what_is_staked() public {
        stake(1, 501 * NMR);
        refused(paid(100 * NMR), BeyondCash.selector);
        Week memory week = next();
        week.houseOut = 1;
        refused(week, paid(99.5e18), BeyondCash.selector);
        collect(1, 0);
        settle(paid(100 * NMR));
    }

    function test_10_exactly_the_cash() public {
        stake(1, 500 * NMR);
        settle(paid(100 * NMR));
        eq(state().free, 0, "free");
        eq(state().promised, 200 * NMR, "promised");
    }

    function test_11_money_that_is_not_free_is_not_staked() public {
        settle(paid(50 * NMR)); // 100 promised
        buy(carol, offer(simple()), 1, false); // 100 waiting
        addReserve(100 * NMR);
        addHouse(100 * NMR);
        open(7);
        denied(stakerKey, stakeCall(7, 600 * NMR + 1), BeyondCash.selector);
        toCut(3);
        open(7);
        denied(stakerKey, stakeCall(7, 1), Pending.selector); // 200 joining
        settle();
        open(7);
        denied(stakerKey, stakeCall(7, 800 * NMR + 1), BeyondCash.selector);
        stake(7, 800 * NMR);
        eq(vault.claim(series, 2, alice), 100 * NMR, "what was promised is here");
        nothingIsMissing();
    }

    function test_12_claim_twice() public {
        settle(paid(60 * NMR));
        vm.prank(stranger); // anybody, for the holder
        eq(vault.claim(series, 2, alice), 120 * NMR, "first");
        eq(nmr.balanceOf(alice), 1_000_000 * NMR - 280 * NMR, "to the holder");
        eq(nmr.balanceOf(stranger), 0, "to nobody else");
        eq(vault.claim(series, 2, alice), 0, "twice");
        settle(one(series, 2, 2, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 80 * NMR, "the growth");
        eq(vault.claim(series, 2, alice), 0, "twice");
        eq(state().promised, 0, "all paid");
    }

    function test_13_sell_then_both_claim() public {
        super.setUp();
        Terms memory t = simple();
        t.compoundingWeeks = 3;
        uint256 short = buy(alice, offer(t), 5, false);
        settle();
        by(alice).transfer(bob, short, 2);
        toCut(3);
        settle();
        exit(alice, short, 1); // asked out in the end week, in the same class
        settle();
        settle(one(short, 4, 5, 90 * NMR, 0, true));
        eq(vault.claimable(short, 4, alice), 270 * NMR, "claimable by alice");
        eq(vault.claim(short, 4, alice), 270 * NMR, "alice");
        eq(vault.claim(short, 4, alice), 0, "alice twice");
        eq(vault.claim(short, 4, bob), 180 * NMR, "bob");
        eq(vault.claim(short, 4, bob), 0, "bob twice");
        eq(state().promised, 0, "promised");
        eq(reader.liveUnits(vault, short), 0, "converted");
        eq(vault.balanceOf(bob, short), 0, "burnt");
    }

    function test_14_no_such_class() public {
        settle();
        bytes32 before = keccak256(abi.encode(state()));
        uint32 join = Series.joinWeek(series);
        uint256[4] memory ids = [series, other, 12345, 0];
        uint32[6] memory exits = [uint32(0), join, 2, 3, 9, type(uint32).max];
        for (uint256 i; i < 4; ++i) {
            for (uint256 w; w < 6; ++w) {
                eq(vault.claim(ids[i], exits[w], alice), 0, "alice");
                eq(vault.claim(ids[i], exits[w], carol), 0, "no holder");
            }
        }
        eq(keccak256(abi.encode(state())), before, "nothing changed");
        settle(paid(100 * NMR));
        eq(vault.claim(series, 2, alice), 200 * NMR, "the class that is one");
    }

    function test_15_cover_above_the_lock_or_without_closing() public {
        exit(bob, other, 1);
        refused(one(series, 2, 2, 90 * NMR, 50 * NMR + 1, true), CoverBeyondTerms.selector);
        refused(one(series, 2, 2, 90 * NMR, 1, false), CoverBeyondTerms.selector);
        refused(one(other, 2, 1, 90 * NMR, 1, true), CoverBeyondTerms.selector); // terms without a reserve
        settle(one(series, 2, 2, 90 * NMR, 50 * NMR, true));
        eq(state().reserve, 100 * NMR, "reserve");
        eq(state().reserveLocked, 100 * NMR, "locked for the units that stay");
    }

    function test_16_cover_twice_or_reopening() public {
        settle(one(series, 2, 2, 90 * NMR, 10 * NMR, true));
        refused(one(series, 2, 2, 90 * NMR, 10 * NMR, true), ClassClosed.selector);
        refused(one(series, 2, 2, 90 * NMR, 0, false), ClassClosed.selector);
        eq(vault.claim(series, 2, alice), 180 * NMR, "a closed class still pays");
        refused(one(series, 2, 2, 90 * NMR, 10 * NMR, true), ClassClosed.selector);
    }

    function test_17_the_locked_reserve_stays() public {
        denied(owner, abi.encodeCall(vault.askReserve, (1)), ReserveLocked.selector);
        Week memory week = next();
        week.reserveOut = 1;
        refused(week, none(), ReserveLocked.selector);
        vm.prank(owner);
        eq(vault.takeReserve(), 0, "nothing is due");
        settle(one(series, 2, 2, 90 * NMR, 10 * NMR, true)); // unlocks 100, of which 20 covered
        denied(owner, abi.encodeCall(vault.askReserve, (uint88(80 * NMR + 1))), ReserveLocked.selector);
        by(owner).askReserve(uint88(80 * NMR));
        week = next();
        week.reserveOut = uint88(80 * NMR + 1);
        refused(week, none(), ReserveLocked.selector);
        week.reserveOut = uint88(80 * NMR);
        settle(week, none());
        vm.prank(owner);
        eq(vault.takeReserve(), 80 * NMR, "what is not locked");
        eq(state().reserve, 100 * NMR, "what is");
    }

    function test_18_the_exact_gains_and_a_wei_more() public {
        play(1, 100 * NMR, int256(7 * NMR));
        Week memory week = next();
        week.houseOut = uint88(105 * NMR);
        refused(week, paid(101 * NMR + 1), BeyondGains.selector);
        ++week.houseOut;
        refused(week, paid(101 * NMR), BeyondGains.selector);
        --week.houseOut;
        settle(week, paid(101 * NMR));
        eq(state().gainsLeft, 5 * NMR, "what the owner has got");
        refused(paid(101 * NMR + 1), BeyondGains.selector);
    }

    function test_21_a_staker_before_its_time_or_revoked() public {
        IStakers later = newGeneration();
        vm.prank(curator);
        factory.announce(later);
        denied(owner, address(notices), abi.encodeCall(notices.announceStaker, (later)), UnknownStakers.selector);
        vm.warp(clock() + 14 days);
        vm.prank(owner);
        notices.announceStaker(later);
        uint256 adoptable = clock() + 14 days;
        bytes memory adopt = abi.encodeCall(notices.adoptStaker, ());
        denied(owner, address(notices), adopt, TooEarly.selector);
        while (vault.cut(state().lastAccepted + 1) < adoptable) settle();
        if (clock() < adoptable) vm.warp(adoptable - 1);
        denied(owner, address(notices), adopt, TooEarly.selector);
        if (clock() < adoptable) vm.warp(adoptable);
        denied(owner, address(notices), adopt, TooEarly.selector); // exits of its last days aren't settled
        uint256 snapshot = vm.snapshotState();
        vm.prank(guardian);
        notices.revokeStaker();
        settle();
        denied(owner, address(notices), adopt, NothingPending.selector);
        yes(vm.revertToState(snapshot), "back");
        settle();
        denied(stranger, address(notices), adopt, NotAllowed.selector);
        vm.prank(owner);
        notices.adoptStaker();
        eq(state().generation, 1, "adopted");
    }
}

contract MoneyOutTest_OnAccount is MoneyOutTest, OnAccount {}

/// A vault whose NMR calls back in the middle of a transfer. A friend of whoever attacks holds 2 units; 2 are alice's.
contract ReentrantNmrTest is Attack {
    HostileOwner internal friend;
    ReentrantNmr internal hooked;
    uint256 internal series;
    bytes32 internal id;

    constructor() {
        nmrArtifact = "HostileNmr.sol:ReentrantNmr";
    }

    function setUp() public override {
        super.setUp();
        hooked = ReentrantNmr(address(nmr));
        friend = new HostileOwner(HostileOwner.Answer.Yes);
        nmr.faucet(address(friend), 1_000 * NMR);
        vm.prank(address(friend));
        nmr.approve(address(vault), 1_000 * NMR);
        series = buy(alice, id = offer(simple()), 2, false);
        buy(address(friend), id, 2, false);
    }

    function armFriend(address target, bytes memory call, bool before) internal {
        hooked.arm(address(friend), abi.encodeCall(friend.execute, (target, call)), before);
    }

    /// The call that the hook made: done, with this answer (of the friend, if it was through him).
    function inner(bool done) internal view returns (bytes memory answer) {
        bool was;
        (was, answer) = hooked.outcomes(0);
        yes(was == done, "the call inside");
    }

    function claimInside(bytes memory call, bool before) internal {
        settle();
        exit(alice, series, 2);
        settle(one(series, 2, 2, 100 * NMR, 0, false));
        hooked.arm(address(vault), call, before);
        eq(vault.claim(series, 2, alice), 200 * NMR, "outer");
        eq(nmr.balanceOf(alice), 1_000_000 * NMR, "received once");
    }

    function test_19_a_claim_inside_a_claim() public {
        for (uint256 i; i < 2; ++i) {
            uint256 snapshot = vm.snapshotState();
            claimInside(abi.encodeCall(vault.claim, (series, 2, alice)), i == 0);
            eq(abi.decode(inner(true), (uint256)), 0, "inner");
            nothingIsMissing();
            vm.revertToState(snapshot);
        }
    }

    function test_19_sync_inside_a_claim() public {
        claimInside(abi.encodeCall(vault.sync, ()), true);
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        nothingIsMissing();
    }

    function test_19_a_cancel_inside_a_cancel() public {
        bytes memory cancel = abi.encodeCall(vault.cancel, (series, 2));
        armFriend(address(vault), cancel, true);
        friend.execute(address(vault), cancel);
        eq(bytes32(bytes4(inner(false))), bytes32(NotEnoughUnits.selector), "inner");
        eq(nmr.balanceOf(address(friend)), 1_000 * NMR, "refunded once");
        nothingIsMissing();
    }

    function test_19_sync_inside_a_cancel() public {
        hooked.arm(address(vault), abi.encodeCall(vault.sync, ()), true);
        by(alice).cancel(series, 2);
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        nothingIsMissing();
    }

    function test_19_a_deposit_inside_a_deposit() public {
        armFriend(address(vault), abi.encodeCall(vault.deposit, (id, 1, false, 1)), true);
        vm.prank(alice);
        (bool done,) = address(vault).call(abi.encodeCall(vault.deposit, (id, 1, false, 1)));
        eq(vault.balanceOf(alice, series) + vault.balanceOf(address(friend), series), done ? 6 : 4, "units that are paid for");
        nothingIsMissing();
    }

    function test_19_an_escape_inside_an_escape() public {
        Leaf[] memory l = leaves(house(0), leaf(series, 0, 4, 100 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        bytes memory call = escapeCall(l, 1, 0, 0);
        armFriend(address(wayOut), call, true);
        friend.execute(address(wayOut), call);
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        eq(nmr.balanceOf(address(friend)), 1_000 * NMR, "200 of 400, once");
        eq(abi.decode(friend.execute(address(wayOut), call), (uint256)), 0, "nor later");
        eq(escape(alice, l, 1, 0, 0), 200 * NMR, "the other half");
        nothingIsMissing();
    }

    function test_19_sync_inside_an_escape() public {
        Leaf[] memory l = leaves(house(0), leaf(series, 0, 4, 100 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        hooked.arm(address(vault), abi.encodeCall(vault.sync, ()), true);
        escape(alice, l, 1, 0, 0);
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        nothingIsMissing();
    }

    function test_19_takeRest_inside_takeRest() public {
        settle();
        toTheWayOut();
        vm.warp(clock() + 26 weeks);
        bytes memory call = abi.encodeCall(wayOut.takeRest, (series, 0, alice));
        hooked.arm(address(wayOut), call, true);
        eq(wayOut.takeRest(series, 0, alice), 200 * NMR, "outer");
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        eq(wayOut.takeRest(series, 0, alice), 0, "nor later");
        eq(wayOut.takeRest(series, 0, address(friend)), 200 * NMR, "the other half");
        nothingIsMissing();
    }

    function test_19_a_collect_inside_a_collect() public {
        settle();
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, NMR, 0);
        hooked.arm(address(vault), abi.encodeCall(vault.collect, (7, proof)), false);
        eq(vault.collect(7, proof), 11 * NMR, "collected");
        inner(false);
        eq(state().free, 401 * NMR, "free");
        nothingIsMissing();
    }

    function test_19_sync_inside_a_stake() public {
        settle();
        hooked.arm(address(vault), abi.encodeCall(vault.sync, ()), true);
        stake(7, 10 * NMR);
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        nothingIsMissing();
    }

    function test_19_a_claim_that_pays_inside_another_claim() public {
        settle();
        exit(alice, series, 2);
        friend.execute(address(vault), abi.encodeCall(vault.exit, (series, 2)));
        settle(one(series, 2, 4, 100 * NMR, 0, false));
        hooked.arm(address(vault), abi.encodeCall(vault.claim, (series, 2, address(friend))), true);
        eq(vault.claim(series, 2, alice), 200 * NMR, "outer");
        eq(bytes32(bytes4(inner(false))), bytes32(Pending.selector), "inner");
        eq(vault.claim(series, 2, address(friend)), 200 * NMR, "nothing is lost");
        nothingIsMissing();
    }

    function test_19_takeHouse_and_takeReserve_inside_themselves() public {
        CreateVault memory p = params();
        p.owner = address(friend);
        use(factory.create(p));
        friend.execute(address(nmr), abi.encodeCall(nmr.approve, (address(vault), 200 * NMR)));
        friend.execute(address(vault), abi.encodeCall(vault.addHouse, (uint88(100 * NMR))));
        friend.execute(address(vault), abi.encodeCall(vault.addReserve, (uint88(100 * NMR))));
        friend.execute(address(vault), abi.encodeCall(vault.askReserve, (uint88(60 * NMR))));
        Week memory week = next();
        (week.houseOut, week.reserveOut) = (uint88(70 * NMR), uint88(60 * NMR));
        settle(week, none());
        uint256 had = nmr.balanceOf(address(friend));
        bytes[2] memory calls = [abi.encodeCall(vault.takeHouse, ()), abi.encodeCall(vault.takeReserve, ())];
        for (uint256 i; i < 2; ++i) {
            armFriend(address(vault), calls[i], true);
            friend.execute(address(vault), calls[i]);
            (bool done, bytes memory answer) = hooked.outcomes(i);
            yes(!done && bytes4(answer) == Pending.selector, "inner");
            friend.execute(address(vault), calls[i]); // nor later
        }
        eq(nmr.balanceOf(address(friend)) - had, 130 * NMR, "once");
        nothingIsMissing();
    }
}

contract ReentrantNmrTest_OnAccount is ReentrantNmrTest, OnAccount {}
/// A vault whose owner has adopted a hostile generation of stakers.
contract HostileStakerTest is Attack {
    HostileStaker internal hostile;
    bytes32 internal id;

    function setUp() public override {
        super.setUp();
        buy(alice, id = offer(simple()), 2, false);
        IStakers next = IStakers(vm.deployCode("HostileStaker.sol:HostileStakers", abi.encode(nmr)));
        vm.prank(curator);
        factory.announce(next);
        vm.warp(clock() + 14 days);
        vm.prank(owner);
        notices.announceStaker(next);
        uint256 adoptable = clock() + 14 days;
        while (clock() < adoptable) settle();
        settle();
        vm.prank(owner);
        notices.adoptStaker();
        hostile = HostileStaker(address(state().staker));
        stakes(7);
        stakes(8);
    }

    function stakes(uint32 round) internal {
        open(round);
        uint32 collects = state().collects;
        vm.prank(stakerKey);
        vault.stake(round, uint88(10 * NMR), 10_000, collects, "");
    }

    function test_20_more_reported_than_sent() public {
        hostile.set(10 * NMR + 1, 10 * NMR);
        vm.expectRevert(NmrRefused.selector);
        vault.collect(7, "");
        eq(reader.openStake(vault, 7), 10 * NMR, "still open");
    }

    function test_20_sent_without_a_report_is_a_surplus() public {
        hostile.set(0, 12 * NMR);
        vault.collect(7, "");
        eq(state().gainsLeft, 2, "no gain but the floors'");
        eq(state().free, 180 * NMR, "free");
        eq(vault.sync(), 12 * NMR, "surplus");
    }

    function test_20_money_that_it_keeps_is_a_loss_and_no_more() public {
        hostile.set(0, 0);
        vault.collect(7, "");
        eq(state().free, 180 * NMR, "free");
    }

    /// The round's NMR, or what passes for it, is booked a second time by a call from within the collect.
    function insideCollect(uint256 sent, address target, bytes memory call) internal {
        hostile.set(10 * NMR, sent);
        hostile.arm(target, call);
        try vault.collect(7, "") {} catch (bytes memory reason) {
            eq(bytes32(bytes4(reason)), bytes32(NmrRefused.selector), "reason");
        }
        State memory s = state();
        yes(nmr.balanceOf(address(vault)) >= s.free + s.waiting + s.joining + s.promised + s.reserve, "every wei once");
    }

    function test_20_a_second_collect_of_the_round_inside_collect() public {
        insideCollect(10 * NMR, address(vault), abi.encodeCall(vault.collect, (7, "")));
    }

    function test_20_a_collect_of_another_round_inside_collect() public {
        insideCollect(0, address(this), abi.encodeCall(this.collectTheOther, ()));
    }

    /// What comes in here passes for both rounds'.
    function collectTheOther() external {
        hostile.set(10 * NMR, 10 * NMR);
        vault.collect(8, "");
    }

    function test_20_sync_inside_collect() public {
        insideCollect(10 * NMR, address(vault), abi.encodeCall(vault.sync, ()));
    }

    function test_20_a_deposit_inside_collect() public {
        HostileOwner friend = new HostileOwner(HostileOwner.Answer.Yes);
        nmr.faucet(address(friend), 100 * NMR);
        vm.prank(address(friend));
        nmr.approve(address(vault), 100 * NMR);
        bytes memory deposit = abi.encodeCall(vault.deposit, (id, 1, false, state().currentWeek));
        insideCollect(0, address(friend), abi.encodeCall(friend.execute, (address(vault), deposit)));
    }
}

