// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreateVault} from "./interfaces/CreateVault.sol";
import {INotices} from "./interfaces/INotices.sol";
import {IVault, Terms} from "./interfaces/IVault.sol";
import {IVaultReader, State} from "./interfaces/IVaultReader.sol";

/// Reads vaults by the words of their storage. The slots are those of Vault's variables in order, after three of ERC-6909; the bits those of Layout.sol.
contract VaultReader is IVaultReader {
    uint256 private constant DOOR = 3;
    uint256 private constant MONEY = 4;
    uint256 private constant SETTLEMENT = 5;
    uint256 private constant GAINS = 6;
    uint256 private constant RESERVE = 7;
    uint256 private constant JOINING = 8;
    uint256 private constant BRAKES = 9;
    uint256 private constant EXTRAS = 10; // two of three
    uint256 private constant HOUSE_DUE = 16;
    uint256 private constant HOUSE_NET = 17;
    uint256 private constant RESERVE_ASKED = 18;
    uint256 private constant RESERVE_DUE = 19;
    uint256 private constant DIGESTS = 20; // two
    uint256 private constant COMMITMENTS = 22;
    uint256 private constant STAKES = 150;
    uint256 private constant OFFERS = 278;
    uint256 private constant LIVE = 279;
    uint256 private constant LEAVING = 282;
    uint256 private constant RING = 128;

    function created(IVault vault) external view returns (CreateVault memory) {
        (INotices notices,) = vault.companions();
        return notices.created();
    }

    function state(IVault vault) external view returns (State memory s) {
        uint256[] memory w = _words(vault, 0, COMMITMENTS);
        uint256 door = w[DOOR];
        uint256 waitingWeek = _bits(door, 128, 16);
        (s.currentWeek, s.lastAccepted, s.windDownWeek) = (vault.currentWeek(), uint32(_bits(door, 144, 16)), uint32(_bits(door, 160, 16)));
        s.depositsPaused = _bits(door, 240, 8) != 0;
        (s.free, s.promised) = (_bits(w[MONEY], 0, 88), _bits(w[MONEY], 88, 88));
        (s.lastRound, s.collects) = (uint32(_bits(w[MONEY], 176, 32)), uint32(_bits(w[MONEY], 208, 32)));
        (s.stakingPaused, s.generation) = (_bits(w[MONEY], 240, 8) != 0, uint8(_bits(w[MONEY], 248, 8)));
        (s.stakeLimit, s.houseSpare) = (_bits(w[SETTLEMENT], 0, 88), _bits(w[SETTLEMENT], 88, 88));
        (s.settledAt, s.acceptableAt) = (uint64(_bits(w[SETTLEMENT], 176, 40)), uint64(_bits(w[SETTLEMENT], 216, 40)));
        s.books = bytes32(w[DIGESTS + (s.lastAccepted & 1)]);
        if (s.acceptableAt != 0) s.content = bytes32(w[DIGESTS + (s.lastAccepted + 1 & 1)]);
        if (s.currentWeek <= s.lastAccepted + 2) {
            s.waiting = w[EXTRAS + 3 * (s.currentWeek & 1)] + (waitingWeek == s.currentWeek ? _bits(door, 0, 88) : 0);
        }
        s.joining = _bits(door, 0, 88) + _bits(w[JOINING], 0, 88) + w[EXTRAS] + w[EXTRAS + 3] - s.waiting;
        (s.gainsLeft, s.principal, s.units) = (_bits(w[GAINS], 0, 88), _bits(w[GAINS], 88, 88), _bits(w[GAINS], 176, 40));
        (s.houseDue, s.houseNet) = (w[HOUSE_DUE], int256(w[HOUSE_NET]));
        (s.reserveDue, s.reserveLocked) = (w[RESERVE_DUE], _bits(w[RESERVE], 88, 88));
        s.reserve = _bits(w[RESERVE], 0, 88) + w[RESERVE_ASKED] + s.reserveDue;
        (s.windDownAt, s.booksClosed) = (uint64(_bits(w[BRAKES], 0, 40)), _bits(w[BRAKES], 40, 8) != 0);
        s.staker = vault.stakerOf(s.generation);
        (s.notices, s.wayOut) = vault.companions();
        w = _words(vault, STAKES, RING);
        for (uint256 i; i < RING; ++i) s.staked += _bits(w[i], 32, 88);
    }

    function terms(IVault vault, bytes32 id) external view returns (Terms memory content, uint8 status) {
        uint256 w = _word(vault, _key(bytes32(bytes28(id)), OFFERS));
        if (uint32(_bits(w, 224, 32)) != uint32(uint256(id))) return (content, 0);
        status = uint8(_bits(w, 216, 8));
        (content.unitSize, content.profitShareBps, content.lossShareBps) = (uint96(_bits(w, 0, 80)), uint16(_bits(w, 80, 16)), uint16(_bits(w, 96, 16)));
        (content.reserveBps, content.crystallisation) = (uint16(_bits(w, 112, 16)), uint8(_bits(w, 128, 8)));
        (content.clawBackWeeks, content.compoundingWeeks) = (uint16(_bits(w, 136, 16)), uint16(_bits(w, 152, 16)));
        (content.lockupWeeks, content.upfrontFeeBps, content.houseMinBps) = (uint16(_bits(w, 168, 16)), uint16(_bits(w, 184, 16)), uint16(_bits(w, 200, 16)));
    }

    function openStake(IVault vault, uint32 round) external view returns (uint256) {
        uint256 w = _word(vault, STAKES + round % RING);
        return _bits(w, 0, 32) == round ? _bits(w, 32, 88) : 0;
    }

    function commitment(IVault vault, uint32 round) external view returns (bytes28) {
        uint256 w = _word(vault, COMMITMENTS + round % RING);
        return _bits(w, 224, 32) == round ? bytes28(uint224(w)) : bytes28(0);
    }

    function liveUnits(IVault vault, uint256 series) external view returns (uint256) {
        return _bits(_word(vault, _key(bytes32(series), LIVE)), 0, 64);
    }

    function leavingOf(IVault vault, uint256 series, uint32 exitWeek, address holder) external view returns (uint64 units, uint88 paid) {
        uint256 slot = _key(bytes32(uint256(uint160(holder))), _key(bytes32(uint256(exitWeek)), _key(bytes32(series), LEAVING)));
        uint256 w = _word(vault, slot);
        return (uint64(_bits(w, 0, 64)), uint88(_bits(w, 64, 88)));
    }

    function _bits(uint256 word, uint256 from, uint256 count) private pure returns (uint256) {
        return word >> from & (1 << count) - 1;
    }

    /// The slot of a mapping's value.
    function _key(bytes32 key, uint256 slot) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(key, slot)));
    }

    function _word(IVault vault, uint256 slot) private view returns (uint256) {
        return _words(vault, slot, 1)[0];
    }

    function _words(IVault vault, uint256 first, uint256 count) private view returns (uint256[] memory) {
        uint256[] memory slots = new uint256[](count);
        for (uint256 i; i < count; ++i) slots[i] = first + i;
        return vault.words(slots);
    }
}
