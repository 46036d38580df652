// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// cut(n) = firstCut + (n - 1) weeks, and how far it was moved: from the week movedFrom on by `moved` seconds, before by `shift` (0: no move). Both stay below
/// 3 days, so cuts keep their order. Nothing overflows: times are below 2^41, weeks below 2^32, and no cut is before 1970.
library Calendar {
    function scheduled(uint256 firstCut, uint256 week) internal pure returns (uint256) {
        unchecked {
            return firstCut + week * 1 weeks - 1 weeks;
        }
    }

    function cut(uint256 firstCut, uint256 movedFrom, int256 shift, int256 moved, uint256 week) internal pure returns (uint256) {
        unchecked {
            return uint256(int256(scheduled(firstCut, week)) + (movedFrom != 0 && week >= movedFrom ? moved : shift));
        }
    }

    /// The settlement that an act at this time belongs to: the first whose cut is later.
    function weekAt(uint256 firstCut, uint256 movedFrom, int256 shift, int256 moved, uint256 time) internal pure returns (uint32) {
        uint256 week = _weekAt(firstCut, shift, time);
        if (movedFrom == 0 || week < movedFrom) return uint32(week);
        week = _weekAt(firstCut, moved, time);
        return uint32(week < movedFrom ? movedFrom : week);
    }

    function _weekAt(uint256 firstCut, int256 shift, uint256 time) private pure returns (uint256) {
        unchecked {
            uint256 first = uint256(int256(firstCut) + shift);
            return time < first ? 1 : (time - first) / 1 weeks + 2;
        }
    }
}
