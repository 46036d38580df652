// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC6909} from "@openzeppelin/contracts/token/ERC6909/draft-ERC6909.sol";

/// A series id: high 224 bits of the terms id | pay[1] | joinWeek[31].
library Series {
    uint256 private constant PAY_BIT = 1 << 31;

    function id(bytes32 terms, bool pay, uint32 week) internal pure returns (uint256) {
        return (uint256(terms) >> 32 << 32) | (pay ? PAY_BIT : 0) | week;
    }

    function offer(uint256 series) internal pure returns (bytes28) {
        return bytes28(bytes32(series));
    }

    function pays(uint256 series) internal pure returns (bool) {
        return series & PAY_BIT != 0;
    }

    function joinWeek(uint256 series) internal pure returns (uint32) {
        return uint32(series & (PAY_BIT - 1));
    }
}

/// Live and waiting units as ERC-6909 tokens. The vault decides whether units may move, before they do.
abstract contract Units is ERC6909 {
    function _beforeMove(address from, address to, uint256 series, uint256 units) internal virtual;

    function _update(address from, address to, uint256 series, uint256 units) internal override {
        if (from != address(0) && to != address(0)) _beforeMove(from, to, series, units);
        super._update(from, to, series, units);
    }
}
