// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Fields of a packed word, by their first bit and their length. The caller sees to it that a value fits.
library Word {
    function get(uint256 word, uint256 first, uint256 bits) internal pure returns (uint256) {
        return word >> first & (1 << bits) - 1;
    }

    function set(uint256 word, uint256 first, uint256 bits, uint256 value) internal pure returns (uint256) {
        return word & ~((1 << bits) - 1 << first) | value << first;
    }
}
