// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Attack.sol";

contract BackerAttacksTest is Attack {
    bytes32 internal id;
    uint256 internal series;

    /// 5 units of alice, locked up for 2 weeks of 4.
    function setUp() public virtual override {
        super.setUp();
        Terms memory t = simple();
        (t.lockupWeeks, t.compoundingWeeks) = (2, 4);
        series = buy(alice, id = offer(t), 5, false);
    }

    function deniedExit(address who, uint256 of_, uint64 units, bytes4 reason) internal {
        denied(who, abi.encodeCall(vault.exit, (of_, units)), reason);
    }

    function deniedCancel(address who, uint64 units, bytes4 reason) internal {
        denied(who, abi.encodeCall(vault.cancel, (series, units)), reason);
    }

    function deniedTransfer(address to, uint256 units, bytes4 reason) internal {
        denied(alice, abi.encodeCall(vault.transfer, (to, series, units)), reason);
    }

    /// "Decided" 1: the cut decides, not the settlement.
    function test_41_the_cut_slips_in_before_the_deposit() public {
        vm.warp(FIRST_CUT - 1);
        eq(Series.joinWeek(buy(alice, id, 1, false)), 1, "before the cut");
        vm.warp(FIRST_CUT);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 1)), WrongWeek.selector);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 3)), WrongWeek.selector);
        eq(Series.joinWeek(buy(alice, id, 1, false)), 2, "after it");
        settle();
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 1)), WrongWeek.selector);
        eq(Series.joinWeek(buy(alice, id, 1, false)), 2, "whether the settlement was made or not");
    }

    function test_42_exit_before_the_lockup_ends() public {
        deniedExit(alice, series, 1, UnknownSeries.selector); // waiting
        settle();
        vm.warp(vault.cut(2) - 1);
        deniedExit(alice, series, 1, LockedUp.selector);
        vm.warp(vault.cut(2));
        exit(alice, series, 1);
        (uint64 units,,) = vault.classOf(series, 3);
        eq(units, 1, "class of settlement 3");
        eq(reader.liveUnits(vault, series), 4, "live");
    }

    function test_42_exit_others_units() public {
        settle();
        toCut(2);
        deniedExit(bob, series, 1, NotEnoughUnits.selector);
        deniedExit(alice, series, 6, NotEnoughUnits.selector);
        deniedExit(alice, series, 0, UnitsNotPositive.selector);
        deniedExit(alice, series, type(uint64).max, TooManyUnits.selector);
        deniedExit(alice, 7, 1, UnknownSeries.selector);
    }

    function test_42_exit_once_the_term_has_ended() public {
        while (state().lastAccepted < 4) settle();
        vm.warp(vault.cut(5) - 1);
        exit(alice, series, 1);
        vm.warp(vault.cut(5));
        deniedExit(alice, series, 1, UnknownSeries.selector);
    }

    function test_43_cancel_after_joining() public {
        vm.warp(FIRST_CUT - 1);
        by(alice).cancel(series, 1);
        vm.warp(FIRST_CUT);
        deniedCancel(alice, 1, NotEnoughUnits.selector);
        settle();
        deniedCancel(alice, 1, NotEnoughUnits.selector);
    }

    function test_43_cancel_what_he_does_not_hold() public {
        deniedCancel(bob, 1, NotEnoughUnits.selector);
        deniedCancel(alice, 6, NotEnoughUnits.selector);
        deniedCancel(alice, 0, UnitsNotPositive.selector);
        deniedCancel(alice, type(uint64).max, TooManyUnits.selector);
    }

    function test_44_two_exits_in_a_week_and_a_third_in_the_next() public {
        settle();
        toCut(2);
        exit(alice, series, 1);
        exit(alice, series, 1);
        settle();
        toCut(3);
        exit(alice, series, 1);
        (uint64 first,) = reader.leavingOf(vault, series, 3, alice);
        (uint64 second,) = reader.leavingOf(vault, series, 4, alice);
        eq(first, 2, "week 3");
        eq(second, 1, "week 4");
        eq(vault.balanceOf(alice, series), 2, "live");
        settle(one(series, 3, 2, 90 * NMR, 0, true));
        settle(one(series, 4, 1, 80 * NMR, 0, true));
        eq(vault.claim(series, 3, alice), 180 * NMR, "two");
        eq(vault.claim(series, 4, alice), 80 * NMR, "one");
        eq(state().promised, 0, "promised");
    }

    function test_45_more_units_than_there_is_nmr() public {
        denied(alice, abi.encodeCall(vault.deposit, (id, type(uint64).max, false, 1)), TooManyUnits.selector);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1_000_001, false, 1)), TooManyUnits.selector);
        Terms memory t = simple();
        t.unitSize = 1e24;
        bytes32 huge = offer(t);
        // 10^30 wei, more than any of the vault's amounts holds: the transfer fails before a sum matters
        denied(alice, abi.encodeCall(vault.deposit, (huge, 1_000_000, false, 1)), NmrRefused.selector);
        denied(alice, abi.encodeCall(vault.deposit, (huge, 310, false, 1)), NmrRefused.selector); // just beyond 2^88 wei
        eq(vault.balanceOf(alice, Series.id(huge, false, 1)), 0, "no units");
        eq(state().waiting, 500 * NMR, "nothing came");
        nothingIsMissing();
    }

    function test_45_more_than_the_backer_has() public {
        nmr.faucet(stranger, 100 * NMR - 1);
        vm.prank(stranger);
        nmr.approve(address(vault), type(uint256).max);
        denied(stranger, abi.encodeCall(vault.deposit, (id, 1, false, 1)), NmrRefused.selector);
        nmr.faucet(stranger, 1);
        buy(stranger, id, 1, false);
    }

    function test_46_transfers_to_self_of_none_and_to_bad_receivers() public {
        settle();
        by(alice).transfer(alice, series, 5);
        eq(vault.balanceOf(alice, series), 5, "self");
        deniedTransfer(alice, 6, NotEnoughUnits.selector);
        deniedTransfer(bob, 0, UnitsNotPositive.selector);
        deniedTransfer(bob, 6, NotEnoughUnits.selector);
        deniedTransfer(bob, 1_000_001, TooManyUnits.selector);
        deniedTransfer(bob, type(uint256).max, TooManyUnits.selector);
        deniedTransfer(address(0xF4240), 1, BadReceiver.selector);
        deniedTransfer(address(0xdEaD), 1, BadReceiver.selector);
        deniedTransfer(address(vault), 1, BadReceiver.selector);
        deniedTransfer(address(nmr), 1, BadReceiver.selector);
        deniedTransfer(address(0), 1, bytes4(keccak256("ERC6909InvalidReceiver(address)")));
        by(alice).transfer(address(0xF4241), series, 1);
        eq(reader.liveUnits(vault, series), 5, "live");
    }

    function test_46_operators_and_allowances() public {
        bytes memory take = abi.encodeCall(vault.transferFrom, (alice, bob, series, 1));
        bytes4 noAllowance = bytes4(keccak256("ERC6909InsufficientAllowance(address,uint256,uint256,uint256)"));
        by(alice).approve(carol, series, 1);
        denied(carol, take, UnknownSeries.selector); // units that wait don't move
        toCut(1);
        denied(carol, take, UnknownSeries.selector); // nor those that nothing has accepted
        settle();
        denied(bob, take, noAllowance);
        by(carol).transferFrom(alice, bob, series, 1);
        denied(carol, take, noAllowance);
        by(alice).setOperator(carol, true);
        by(carol).transferFrom(alice, bob, series, 1);
        denied(carol, abi.encodeCall(vault.transferFrom, (alice, bob, series, 4)), NotEnoughUnits.selector);
        settle();
        toCut(3);
        deniedExit(carol, series, 1, NotEnoughUnits.selector); // an operator moves units, he doesn't exit them
        by(alice).setOperator(carol, false);
        denied(carol, take, noAllowance);
        eq(vault.balanceOf(bob, series), 2, "bob");
        eq(vault.balanceOf(alice, series), 3, "alice");
    }

    function test_47_everything_paused_stops_deposits_and_stakes_alone() public {
        bytes32 free = offer(simple());
        uint256 early = buy(alice, free, 5, false);
        settle();
        stake(1, 100 * NMR);
        exit(alice, early, 1);
        uint256 late = buy(bob, free, 2, false);
        by(guardian).pause(true, true);
        denied(alice, abi.encodeCall(vault.deposit, (free, 1, false, 2)), Stopped.selector);
        open(2);
        denied(stakerKey, stakeCall(2, 1), Stopped.selector);

        by(bob).cancel(late, 1);
        exit(alice, early, 1);
        by(alice).cancelExit(early, 1);
        by(alice).transfer(bob, early, 1);
        addHouse(1);
        addReserve(1);
        collect(1, int256(NMR));
        settle(one(early, 2, 1, 100 * NMR, 0, true));
        eq(vault.claim(early, 2, alice), 100 * NMR, "claim");
        eq(vault.sync(), 0, "sync");
        by(owner).pause(false, false);
        buy(alice, free, 1, false);
        stake(3, 1);
    }
}

contract BackerAttacksTest_OnAccount is BackerAttacksTest, OnAccount {}

/// 10,000 holders of a unit each.
contract DustHoldersTest is Attack {
    uint64 internal constant HOLDERS = 10_000;
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        Terms memory t = simple();
        (t.unitSize, t.compoundingWeeks) = (1e15, 1);
        series = buy(alice, offer(t), HOLDERS, false);
        settle();
    }

    /// Gas of proposing and accepting that all units leave.
    function settlementGas() internal returns (uint256 gas) {
        Week memory week = next();
        Line[] memory lines = one(series, 2, HOLDERS, 1e15, 0, true);
        toCut(2);
        bytes memory proposal = abi.encodeCall(vault.propose, (week, lines));
        bytes memory acceptance = abi.encodeCall(vault.accept, (week, lines));
        vm.prank(settler);
        gas = gasleft();
        (bool proposed,) = address(vault).call(proposal);
        gas -= gasleft();
        vm.warp(state().acceptableAt);
        uint256 before = gasleft();
        (bool accepted,) = address(vault).call(acceptance);
        gas += before - gasleft();
        yes(proposed && accepted, "settled");
    }

    function test_48_a_settlement_costs_the_same_for_10000_holders() public {
        uint256 snapshot = vm.snapshotState();
        settlementGas(); // makes warm what both read
        vm.revertToState(snapshot);
        snapshot = vm.snapshotState();
        uint256 ofOne = settlementGas();
        vm.revertToState(snapshot);
        vm.startPrank(alice);
        for (uint160 i = 1; i < HOLDERS; ++i) vault.transfer(address(0x4000000 + i), series, 1);
        vm.stopPrank();
        uint256 ofAll = settlementGas();
        yes(ofAll <= ofOne + 5_000, "gas"); // 5,000: whatever of it was cold
        eq(vault.claim(series, 2, address(0x4000000 + 1)), 1e15, "the first");
        eq(vault.claim(series, 2, address(0x4000000 + uint160(HOLDERS) - 1)), 1e15, "the last");
    }
}

/// A settlement of many classes, each under its own terms: the dearest.
abstract contract ManyClasses is Attack {
    uint64 internal classes;
    Line[] internal lines;
    bytes internal acceptance;

    function setUp() public override {
        super.setUp();
        Terms memory t = simple();
        t.unitSize = 1e15;
        uint256[] memory series = new uint256[](classes);
        for (uint16 i; i < classes; ++i) {
            t.profitShareBps = i;
            series[i] = buy(alice, offer(t), 2, false);
        }
        settle();
        for (uint256 i; i < classes; ++i) exit(alice, series[i], 1);
        sort(series);
        Line[] memory all = new Line[](classes);
        for (uint256 i; i < classes; ++i) all[i] = Line(series[i], 2, 1, 1e15, 0, true);
        Week memory week = next();
        propose(week, all);
        acceptance = abi.encodeCall(vault.accept, (week, all));
        for (uint256 i; i < classes; ++i) lines.push(all[i]);
    }

    function sort(uint256[] memory a) private pure {
        for (uint256 i = 1; i < a.length; ++i) {
            uint256 x = a[i];
            uint256 j = i;
            for (; j != 0 && a[j - 1] > x; --j) a[j] = a[j - 1];
            a[j] = x;
        }
    }

    /// Gas of the acceptance as a whole transaction. It is the first that this one does, so all its slots are cold.
    function acceptanceGas() internal returns (uint256 gas) {
        bytes memory call = acceptance;
        gas = 21_000;
        for (uint256 i; i < call.length; ++i) gas += call[i] == 0 ? 4 : 16;
        uint256 before = gasleft();
        (bool accepted,) = address(vault).call(call);
        gas += before - gasleft();
        yes(accepted, "accepted");
        eq(state().promised, classes * 1e15, "promised");
        eq(vault.claim(lines[classes - 1].series, 2, alice), 1e15, "the last class");
    }
}

contract TwoHundredClassesTest is ManyClasses {
    constructor() {
        classes = 200;
    }

    function test_49_200_classes_in_one_settlement_below_2500000_gas() public {
        uint256 gas = acceptanceGas();
        yes(gas > 200 * 5_000, "cold slots were read"); // or it measures nothing
        if (gas >= 2_500_000) revert NotEqual("gas", gas, 2_500_000);
    }
}

contract ThousandClassesTest is ManyClasses {
    constructor() {
        classes = 1_000;
    }

    /// A transaction may have 2^24 gas (EIP-7825).
    function test_49_1000_classes_in_one_transaction() public {
        yes(acceptanceGas() < 1 << 24, "gas");
    }
}
