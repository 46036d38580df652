// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Terms} from "./interfaces/IVault.sol";

/// Bounds and per-unit amounts of ACCOUNTING.md section 1, and the EIP-712 struct hash that is the terms id.
library TermsLib {
    uint256 internal constant WHOLE_BPS = 10_000;
    /// In a stored `crystallisation`: the offer is withdrawn. Its hash is then no longer its id, so nobody can deposit under it.
    uint8 internal constant WITHDRAWN = 0x80;

    bytes32 internal constant TYPE_HASH = keccak256(
        "Terms(address vault,uint96 unitSize,uint16 profitShareBps,uint16 lossShareBps,uint16 reserveBps,uint8 crystallisation,uint16 clawBackWeeks,uint16 compoundingWeeks,uint16 lockupWeeks,uint16 upfrontFeeBps,uint16 houseMinBps)"
    );

    function id(Terms memory terms, address vault) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPE_HASH, vault, terms)); // a static struct encodes as its fields in order
    }

    function inBounds(Terms memory t) internal pure returns (bool) {
        return t.unitSize >= 1e15 && t.unitSize <= 1e24 // 0.001 … 1,000,000 NMR
            && t.profitShareBps <= WHOLE_BPS && t.lossShareBps <= WHOLE_BPS && t.reserveBps <= WHOLE_BPS && t.crystallisation <= 2
            && t.clawBackWeeks <= 104 && t.compoundingWeeks >= 1 && t.compoundingWeeks <= 520 && t.lockupWeeks <= 520
            && t.upfrontFeeBps <= 1_000 && t.houseMinBps <= WHOLE_BPS;
    }

    /// ⌊unitSize·ρ/10⁴⌋: what a unit locks of the reserve, and the most it can be covered by.
    function lockPerUnit(Terms memory t) internal pure returns (uint256) {
        return uint256(t.unitSize) * t.reserveBps / WHOLE_BPS;
    }

    /// ⌈unitSize·houseMinBps/10⁴⌉: what a unit takes of the house's spare.
    function sparePerUnit(Terms memory t) internal pure returns (uint256) {
        return Math.ceilDiv(uint256(t.unitSize) * t.houseMinBps, WHOLE_BPS);
    }

    /// ⌊unitSize·upfrontFeeBps/10⁴⌋
    function feePerUnit(Terms memory t) internal pure returns (uint256) {
        return uint256(t.unitSize) * t.upfrontFeeBps / WHOLE_BPS;
    }
}
