// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Attack.sol";

/// 4 units of alice of 30 weeks, 2 of them leaving in week 2; 100 NMR of house.
contract LivenessTest is Attack {
    uint256 internal series;

    function setUp() public override {
        super.setUp();
        addHouse(100 * NMR);
        Terms memory t = simple();
        t.compoundingWeeks = 30;
        series = buy(alice, offer(t), 4, false);
        settle();
        exit(alice, series, 2);
    }

    function overdue(uint256 of_, uint32 exitWeek) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("windDown(uint256,uint32)", of_, exitWeek);
    }

    function openFor(uint256 of_, uint32 exitWeek) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("open(uint256,uint32)", of_, exitWeek);
    }

    function test_64_settled_every_week_and_nobody_paid() public {
        while (state().lastAccepted < 17) settle();
        vm.warp(vault.cut(18) - 1);
        denied(stranger, overdue(series, 2), TooEarly.selector);
        vm.warp(vault.cut(18)); // week 2 + 16 has passed
        denied(stranger, overdue(series, 3), TooEarly.selector); // no class
        denied(stranger, overdue(series, 1), TooEarly.selector); // the join week
        denied(stranger, overdue(series, 0), TooEarly.selector);
        denied(stranger, overdue(12345, 2), TooEarly.selector);
        denied(stranger, address(wayOut), openFor(series, 2), TooEarly.selector); // not winding down
        uint256 snapshot = vm.snapshotState();
        settle(one(series, 2, 2, 0, 0, true));
        denied(stranger, overdue(series, 2), TooEarly.selector); // closed
        yes(vm.revertToState(snapshot), "back");
        by(stranger).windDown(series, 2);
        denied(stranger, overdue(series, 2), WindingDown.selector);
        denied(stranger, address(wayOut), openFor(series, 3), TooEarly.selector);
        vm.prank(stranger);
        wayOut.open(series, 2);
        eq(wayOut.openedAt(), clock(), "open");
        denied(stranger, address(wayOut), openFor(series, 2), EscapeOpen.selector);
    }

    function test_64_a_class_of_units_that_nobody_claimed() public {
        Terms memory t = simple();
        t.compoundingWeeks = 1;
        uint256 short = buy(bob, offer(t), 1, false); // joins in week 2, ends in week 3
        while (state().lastAccepted < 18) settle(state().lastAccepted == 1 ? one(series, 2, 2, 100 * NMR, 0, true) : none());
        vm.warp(vault.cut(19) - 1);
        denied(stranger, overdue(short, 3), TooEarly.selector);
        vm.warp(vault.cut(19));
        by(stranger).windDown(short, 3);
        eq(state().windDownWeek, 20, "at the next cut");
    }

    function test_65_all_cash_staked_so_that_leavers_starve() public {
        for (uint32 r = 1; state().lastAccepted < 17; ++r) {
            if (r > 1) collect(r - 1, 0);
            stake(r, state().free);
            settle();
        }
        vm.warp(vault.cut(18));
        by(stranger).windDown(series, 2);
        open(100);
        denied(stakerKey, stakeCall(100, 1), WindingDown.selector);
        vm.prank(stranger);
        wayOut.open(series, 2);
        collect(state().lastRound, 0);
        eq(state().free, 500 * NMR, "all is home, and nobody stakes it again");
    }

    function test_66_a_collect_with_a_wrong_claim_or_a_right_one() public {
        stake(7, 10 * NMR);
        bytes memory right = resolve(7, 2 * NMR, 0);
        bytes32 before = keccak256(abi.encode(state()));
        bytes[4] memory wrong = [
            abi.encode(3 * NMR, 0, new bytes32[](0)),
            abi.encode(2 * NMR, 1, new bytes32[](0)),
            abi.encode(2 * NMR, 0, new bytes32[](1)),
            abi.encode(0, 0, new bytes32[](0))
        ];
        for (uint256 i; i < 4; ++i) denied(stranger, abi.encodeCall(vault.collect, (7, wrong[i])), BadProof.selector);
        vm.expectRevert();
        vault.collect(7, "");
        denied(stranger, abi.encodeCall(vault.collect, (8, right)), RoundNotOpen.selector);
        eq(keccak256(abi.encode(state())), before, "nothing changed");
        vm.prank(stranger);
        eq(vault.collect(7, right), 12 * NMR, "returned");
        eq(state().gainsLeft, 2 * NMR, "gains grew");
        denied(stranger, abi.encodeCall(vault.collect, (7, right)), RoundNotOpen.selector);
        eq(state().gainsLeft, 2 * NMR, "once");
        eq(state().free, 502 * NMR, "free");
        nothingIsMissing();
    }
}

contract LivenessTest_OnAccount is LivenessTest, OnAccount {}
