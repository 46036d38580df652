// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./attacks/Attack.sol";

/// When a week ends, and how the owner moves that.
contract CutsTest is Attack {
    event CutMoved(uint32 indexed fromWeek, int32 shift);
    event CutMoveRevoked(uint32 indexed fromWeek);

    function move(uint32 fromWeek, int32 shift) internal {
        vm.prank(owner);
        notices.moveCut(fromWeek, shift);
    }

    function deniedMove(uint32 fromWeek, int32 shift, bytes4 reason) internal {
        denied(owner, address(notices), abi.encodeCall(notices.moveCut, (fromWeek, shift)), reason);
    }

    function revoke(address who) internal {
        vm.prank(who);
        notices.revokeCutMove();
    }

    function scheduled(uint32 week) internal pure returns (uint256) {
        return FIRST_CUT + (week - 1) * 7 days;
    }

    /// Both sides of each cut.
    function bordersFit(uint32 last) internal {
        for (uint32 w = vault.currentWeek(); w <= last; ++w) {
            vm.warp(vault.cut(w) - 1);
            eq(vault.currentWeek(), w, "a second before the cut");
            vm.warp(vault.cut(w));
            eq(vault.currentWeek(), w + 1, "at the cut");
        }
    }

    function test_the_calendar_of_creation() public {
        eq(vault.cut(1), FIRST_CUT, "first");
        eq(vault.cut(100), FIRST_CUT + 99 weeks, "hundredth");
        bordersFit(5);
    }

    function testFuzz_a_move_keeps_the_weeks_in_order(uint32 fromWeek, int32 shift) public {
        fromWeek = uint32(bound(fromWeek, 4, 8));
        shift = shift % int32(3 days);
        vm.expectEmit(true, true, true, true);
        emit CutMoved(fromWeek, shift);
        move(fromWeek, shift);
        for (uint32 w = 1; w < 12; ++w) {
            eq(vault.cut(w), uint256(int256(scheduled(w)) + (w < fromWeek ? int32(0) : shift)), "cut");
        }
        bordersFit(11);
    }

    function testFuzz_a_second_move_leaves_the_first_as_it_was(int32 first, int32 second) public {
        (first, second) = (first % int32(3 days), second % int32(3 days));
        move(4, first);
        while (state().lastAccepted < 4) settle();
        move(9, second);
        for (uint32 w = 4; w < 12; ++w) eq(vault.cut(w), uint256(int256(scheduled(w)) + (w < 9 ? first : second)), "cut");
        eq(vault.currentWeek(), 5, "week");
        bordersFit(11);
    }

    /// The move of week 5 would be in force for the whole calendar: week 4, which is settled, would begin again.
    function test_a_second_move_never_turns_the_week_back() public {
        move(5, int32(3 days - 1));
        while (state().lastAccepted < 4) settle();
        eq(vault.currentWeek(), 5, "week");
        deniedMove(20, 0, Pending.selector);
        eq(vault.currentWeek(), 5, "week");
        eq(vault.cut(4), scheduled(4), "a cut that has passed");
    }

    function test_it_takes_14_days_from_the_earlier_of_both_cuts() public {
        vm.warp(scheduled(5) - 14 days + 1);
        deniedMove(5, 1 hours, TooEarly.selector);
        deniedMove(4, 0, TooEarly.selector);
        deniedMove(1, 0, TooEarly.selector);
        deniedMove(0, 0, TooEarly.selector);
        vm.warp(scheduled(5) - 14 days);
        deniedMove(5, -1, TooEarly.selector);
        vm.warp(scheduled(5) - 14 days - 1);
        move(5, -1);
    }

    function test_less_than_3_days_either_way() public {
        deniedMove(9, int32(3 days), BadCut.selector);
        deniedMove(9, -int32(3 days), BadCut.selector);
        deniedMove(9, type(int32).max, BadCut.selector);
        deniedMove(9, type(int32).min, BadCut.selector);
        deniedMove(65_536, 1, BadCut.selector);
        move(9, -int32(3 days - 1));
        revoke(owner);
        move(9, int32(3 days - 1));
    }

    function test_one_move_at_a_time() public {
        move(5, 1 days);
        deniedMove(9, 2 days, Pending.selector);
        settle();
        deniedMove(9, 2 days, Pending.selector);
        revoke(guardian);
        move(9, 2 days);
    }

    function test_guardian_or_owner_revokes_before_either_cut_has_passed() public {
        denied(guardian, address(notices), abi.encodeCall(notices.revokeCutMove, ()), NothingPending.selector);
        move(5, 2 days);
        vm.warp(scheduled(5) - 1);
        uint256 snapshot = vm.snapshotState();
        vm.expectEmit(true, true, true, true);
        emit CutMoveRevoked(5);
        revoke(guardian);
        eq(vault.cut(5), scheduled(5), "as it was");
        denied(guardian, address(notices), abi.encodeCall(notices.revokeCutMove, ()), NothingPending.selector);
        vm.revertToState(snapshot);
        vm.warp(scheduled(5)); // the week has been longer than was agreed
        denied(guardian, address(notices), abi.encodeCall(notices.revokeCutMove, ()), NothingPending.selector);
        eq(vault.cut(5), scheduled(5) + 2 days, "moved");
    }

    function test_revoking_the_second_move_leaves_the_first() public {
        move(4, -1 days);
        while (state().lastAccepted < 4) settle();
        move(9, 2 days);
        revoke(guardian);
        eq(vault.cut(9), scheduled(9) - 1 days, "the first");
        denied(guardian, address(notices), abi.encodeCall(notices.revokeCutMove, ()), NothingPending.selector);
        move(9, 0);
        eq(vault.cut(9), scheduled(9), "back to the calendar");
        eq(vault.cut(8), scheduled(8) - 1 days, "the first until then");
    }

    function test_deposits_exits_and_settlements_follow_the_moved_cut() public {
        move(4, 1 days);
        bytes32 id = offer(simple());
        uint256 series = buy(alice, id, 2, false);
        while (state().lastAccepted < 3) settle();
        vm.warp(scheduled(4)); // before the moved cut
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 5)), WrongWeek.selector);
        uint256 late = buy(alice, id, 1, false);
        eq(Series.joinWeek(late), 4, "still week 4");
        exit(alice, series, 1);
        Week memory week = next();
        denied(settler, abi.encodeCall(vault.propose, (week, none())), TooEarly.selector);
        vm.warp(scheduled(4) + 1 days - 1);
        by(alice).cancelExit(series, 1);
        exit(alice, series, 2);
        vm.warp(scheduled(4) + 1 days);
        denied(alice, abi.encodeCall(vault.cancelExit, (series, 1)), NotEnoughUnits.selector);
        denied(alice, abi.encodeCall(vault.cancel, (late, 1)), NotEnoughUnits.selector);
        settle(one(series, 4, 2, 100 * NMR, 0, true));
        eq(vault.claim(series, 4, alice), 200 * NMR, "paid");
    }
}
