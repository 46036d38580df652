// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Terms} from "./interfaces/IVault.sol";
import {Word} from "./Word.sol";

/// Offered terms in one word. idEnd: the last 32 bits of the terms id, whose first 224 name the slot.
/// bits 0 unitSize[80] | 80 profitShareBps[16] | 96 lossShareBps[16] | 112 reserveBps[16] | 128 crystallisation[8] | 136 clawBackWeeks[16] |
/// 152 compoundingWeeks[16] | 168 lockupWeeks[16] | 184 upfrontFeeBps[16] | 200 houseMinBps[16] | 216 status[8] | 224 idEnd[32]
type Offer is uint256;

using OfferLib for Offer global;

/// Bounds and per-unit amounts of ACCOUNTING.md section 1, and the EIP-712 struct hash that is the terms id.
library TermsLib {
    uint256 internal constant WHOLE_BPS = 10_000;

    bytes32 internal constant TYPE_HASH = keccak256(
        "Terms(address vault,uint96 unitSize,uint16 profitShareBps,uint16 lossShareBps,uint16 reserveBps,uint8 crystallisation,uint16 clawBackWeeks,uint16 compoundingWeeks,uint16 lockupWeeks,uint16 upfrontFeeBps,uint16 houseMinBps)"
    );

    bytes32 private constant DOMAIN_TYPE_HASH = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME_HASH = keccak256("Backstake");
    bytes32 private constant VERSION_HASH = keccak256("1");

    function id(Terms memory terms, address vault) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPE_HASH, vault, terms)); // a static struct encodes as its fields in order
    }

    /// What the owner signs: EIP-712 typed data of the vault that calls, on the chain that it is on now.
    function digest(bytes32 id_) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(keccak256(abi.encode(DOMAIN_TYPE_HASH, NAME_HASH, VERSION_HASH, block.chainid, address(this))), id_);
    }

    function inBounds(Terms memory t) internal pure returns (bool) {
        return t.unitSize >= 1e15 && t.unitSize <= 1e24 // 0.001 … 1,000,000 NMR
            && t.profitShareBps <= WHOLE_BPS && t.lossShareBps <= WHOLE_BPS && t.reserveBps <= WHOLE_BPS && t.crystallisation <= 2
            && t.clawBackWeeks <= 104 && t.compoundingWeeks >= 1 && t.compoundingWeeks <= 520 && t.lockupWeeks <= 520
            && t.upfrontFeeBps <= 1_000 && t.houseMinBps <= WHOLE_BPS;
    }

    function toOffer(Terms memory t, bytes32 id_) internal pure returns (Offer) {
        uint256 second = uint256(t.clawBackWeeks) | uint256(t.compoundingWeeks) << 16 | uint256(t.lockupWeeks) << 32 | uint256(t.upfrontFeeBps) << 48
            | uint256(t.houseMinBps) << 64 | uint256(OfferLib.OFFERED) << 80 | uint256(uint32(uint256(id_))) << 88;
        return Offer.wrap(
            uint256(t.unitSize) | uint256(t.profitShareBps) << 80 | uint256(t.lossShareBps) << 96 | uint256(t.reserveBps) << 112
                | uint256(t.crystallisation) << 128 | second << 136
        );
    }
}

library OfferLib {
    uint256 internal constant OFFERED = 1;
    uint256 internal constant WITHDRAWN = 2;

    function unitSize(Offer o) internal pure returns (uint256) {
        return Word.get(Offer.unwrap(o), 0, 80);
    }

    function compoundingWeeks(Offer o) internal pure returns (uint32) {
        return uint32(Word.get(Offer.unwrap(o), 152, 16));
    }

    function lockupWeeks(Offer o) internal pure returns (uint32) {
        return uint32(Word.get(Offer.unwrap(o), 168, 16));
    }

    function wasOffered(Offer o) internal pure returns (bool) {
        return Word.get(Offer.unwrap(o), 216, 8) != 0;
    }

    function isOffered(Offer o, bytes32 id) internal pure returns (bool) {
        return Offer.unwrap(o) >> 216 == (uint256(uint32(uint256(id))) << 8 | OFFERED);
    }

    function withdrawn(Offer o) internal pure returns (Offer) {
        return Offer.wrap(Word.set(Offer.unwrap(o), 216, 8, WITHDRAWN));
    }

    /// Whether a unit locks reserve, takes of the house's spare or pays an upfront fee.
    function asksMore(Offer o) internal pure returns (bool) {
        return Offer.unwrap(o) & (0xffff << 112 | 0xffffffff << 184) != 0;
    }

    /// ⌊unitSize·ρ/10⁴⌋: what a unit locks of the reserve, and the most it can be covered by.
    function lockPerUnit(Offer o) internal pure returns (uint256) {
        return o.unitSize() * Word.get(Offer.unwrap(o), 112, 16) / TermsLib.WHOLE_BPS;
    }

    /// ⌈unitSize·houseMinBps/10⁴⌉: what a unit takes of the house's spare.
    function sparePerUnit(Offer o) internal pure returns (uint256) {
        return Math.ceilDiv(o.unitSize() * Word.get(Offer.unwrap(o), 200, 16), TermsLib.WHOLE_BPS);
    }

    /// ⌊unitSize·upfrontFeeBps/10⁴⌋
    function feePerUnit(Offer o) internal pure returns (uint256) {
        return o.unitSize() * Word.get(Offer.unwrap(o), 184, 16) / TermsLib.WHOLE_BPS;
    }
}
