// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Word} from "./Word.sol";

/// What every call of a backer reads, in one word: read once, changed on the stack, written once.
/// bits 0 waiting[88] | 88 waitingUnits[40] | 128 waitingWeek[16] | 144 lastAccepted[16] | 160 windDownWeek[16] | 176 movedFrom[16] | 192 shift[24] |
/// 216 moved[24] | 240 depositsPaused[8] | 248 extras[8]
type Door is uint256;

using DoorLib for Door global;

library DoorLib {
    /// Deposits, wei and units, of waitingWeek.
    function waiting(Door d) internal pure returns (uint256) {
        return Word.get(Door.unwrap(d), 0, 88);
    }

    function waitingUnits(Door d) internal pure returns (uint256) {
        return Word.get(Door.unwrap(d), 88, 40);
    }

    function waitingWeek(Door d) internal pure returns (uint32) {
        return uint32(Word.get(Door.unwrap(d), 128, 16));
    }

    function lastAccepted(Door d) internal pure returns (uint32) {
        return uint32(Word.get(Door.unwrap(d), 144, 16));
    }

    /// The settlement at which everybody leaves; 0: not winding down.
    function windDownWeek(Door d) internal pure returns (uint32) {
        return uint32(Word.get(Door.unwrap(d), 160, 16));
    }

    /// Cuts from this week on are `moved` seconds from the calendar, those before `shift`; 0: no move.
    function movedFrom(Door d) internal pure returns (uint32) {
        return uint32(Word.get(Door.unwrap(d), 176, 16));
    }

    function shift(Door d) internal pure returns (int32) {
        return int24(uint24(Word.get(Door.unwrap(d), 192, 24)));
    }

    function moved(Door d) internal pure returns (int32) {
        return int24(uint24(Word.get(Door.unwrap(d), 216, 24)));
    }

    function depositsPaused(Door d) internal pure returns (bool) {
        return Word.get(Door.unwrap(d), 240, 8) != 0;
    }

    /// Whether somebody waits in an Extras slot, or the owner asked for reserve.
    function extras(Door d) internal pure returns (bool) {
        return Word.get(Door.unwrap(d), 248, 8) != 0;
    }

    function withWaiting(Door d, uint256 week, uint256 amount, uint256 units) internal pure returns (Door) {
        return Door.wrap(Word.set(Door.unwrap(d), 0, 144, week << 128 | units << 88 | amount));
    }

    function withLastAccepted(Door d, uint256 week) internal pure returns (Door) {
        return Door.wrap(Word.set(Door.unwrap(d), 144, 16, week));
    }

    function withWindDownWeek(Door d, uint256 week) internal pure returns (Door) {
        return Door.wrap(Word.set(Door.unwrap(d), 160, 16, week));
    }

    function withMove(Door d, uint16 from, int24 shift_, int24 moved_) internal pure returns (Door) {
        return Door.wrap(Word.set(Door.unwrap(d), 176, 64, uint256(uint24(moved_)) << 40 | uint256(uint24(shift_)) << 16 | from));
    }

    function withDepositsPaused(Door d, bool paused) internal pure returns (Door) {
        return Door.wrap(Word.set(Door.unwrap(d), 240, 8, paused ? 1 : 0));
    }

    function withExtras(Door d, bool any) internal pure returns (Door) {
        return Door.wrap(Word.set(Door.unwrap(d), 248, 8, any ? 1 : 0));
    }
}
