// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Holding, LastBooks} from "./interfaces/IVaultForWayOut.sol";
import {Door} from "./Door.sol";
import "./Layout.sol";
import {Offer} from "./Terms.sol";
import {Series} from "./Units.sol";
import {VaultStorage} from "./VaultStorage.sol";
import "./Errors.sol";

/// What a vault answers its notices and its way out, and does at their word alone.
abstract contract Hooks is VaultStorage {
    using Series for uint256;

    uint256 private constant OVERDUE_WEEKS = 16;

    /* NOTICES */

    function moveCuts(uint16 fromWeek, int24 shift, int24 moved) external only(address(_notices)) {
        _door = _door.withMove(fromWeek, shift, moved);
    }

    function calendar() external view returns (uint32 lastAccepted, uint32 movedFrom, int32 shift, int32 moved) {
        return (_door.lastAccepted(), _door.movedFrom(), _door.shift(), _door.moved());
    }

    /* THE WAY OUT */

    function silentSince() external view returns (uint64 windDownAt, uint64 settledAt) {
        return (_brakes.windDownAt, _settlement.settledAt);
    }

    function isOverdue(uint256 series, uint32 exitWeek) public view returns (bool) {
        return exitWeek > series.joinWeek() && _weekOf(_door) > exitWeek + OVERDUE_WEEKS && !_classes[series][exitWeek].closed
            && _classUnits(series, exitWeek) != 0;
    }

    function closeBooks() external only(address(_wayOut)) returns (uint256 principal) {
        _brakes.booksClosed = true;
        _settlement.acceptableAt = 0;
        uint256 house = _extras[0].house + _extras[1].house;
        (_extras[0].house, _extras[1].house) = (0, 0);
        _houseDue += house;
        _money.promised += uint88(house);
        emit BooksClosed();
        return _gains.principal;
    }

    function lockedByUnits() public view returns (uint256) {
        return _reserve.locked - _extras[0].lock - _extras[1].lock;
    }

    function releaseReserve(uint256 cover) external only(address(_wayOut)) {
        uint256 locked = lockedByUnits();
        require(cover <= locked, CoverBeyondTerms());
        _money.free += uint88(cover);
        _reserveDue += _reserveAsked + _reserve.total - cover;
        _reserveAsked = 0;
        _reserve = Reserve(0, uint88(_reserve.locked - locked));
    }

    function payOut(address to, uint256 amount) external only(address(_wayOut)) {
        _money.free -= uint88(amount);
        _push(to, amount);
    }

    function lastBooks() external view returns (LastBooks memory) {
        uint32 week = _door.lastAccepted();
        return LastBooks(week, _digests[week & 1], _money.free, _gains.left, _houseNet, _owner);
    }

    function holding(uint256 series, uint32 exitWeek, address holder) external view returns (Holding memory held) {
        (Door door, Offer offered) = (_door, _offers[series.offer()]);
        held.unitSize = offered.unitSize();
        held.units = _leaving[series][exitWeek][holder].units;
        uint32 end = _end(door, series, offered.compoundingWeeks());
        bool ended = end <= door.lastAccepted();
        if (exitWeek == 0) {
            if (series.joinWeek() <= door.lastAccepted() && !ended) held.units = balanceOf(holder, series);
            held.paid = _live[series].paid;
        } else if (_classes[series][exitWeek].closed || series.joinWeek() == exitWeek) {
            held.units = 0;
        } else {
            if (ended && end == exitWeek) held.units += balanceOf(holder, series);
            held.classUnits = _classUnits(series, exitWeek);
            held.paid = _paid(series, exitWeek);
        }
    }
}
