// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Line, Week} from "./interfaces/IVault.sol";
import {Door} from "./Door.sol";
import "./Layout.sol";
import {Offer} from "./Terms.sol";
import {Series} from "./Units.sol";
import {VaultStorage} from "./VaultStorage.sol";
import "./Errors.sol";

/// The week's settlement: proposed, vetoed or accepted, and what an acceptance checks and moves. No line is taken on trust: units must be the chain's, what a
/// unit has been promised never falls, all that is promised is here, and nothing beyond principal but what rounds have won.
abstract contract Settling is VaultStorage {
    using Series for uint256;

    function propose(Week calldata week, Line[] calldata) external only(_settler) {
        uint64 acceptableAt = uint64(block.timestamp) + _window;
        require(_settlement.acceptableAt == 0, Pending());
        require(week.week == _door.lastAccepted() + 1, WrongWeek());
        require(block.timestamp >= cut(week.week), TooEarly());
        require(!_isClosed(_door), EscapeOpen());
        bytes32 content = keccak256(msg.data[4:]);
        _digests[week.week & 1] = content;
        _settlement.acceptableAt = uint40(acceptableAt);
        emit Proposed(week.week, week.books, content, acceptableAt);
    }

    function veto() external onlyBrakes {
        require(_settlement.acceptableAt != 0, NothingPending());
        _settlement.acceptableAt = 0;
        emit Vetoed(_door.lastAccepted() + 1, msg.sender);
    }

    function accept(Week calldata week, Line[] calldata lines) external {
        Door door = _door;
        uint256 acceptableAt = _settlement.acceptableAt;
        require(acceptableAt != 0, NothingPending());
        require(block.timestamp >= acceptableAt, TooEarly());
        // The week, too: the other digest is the last books, which the settler chose.
        require(week.week == door.lastAccepted() + 1 && keccak256(msg.data[4:]) == _digests[week.week & 1], LinesDiffer());
        _digests[week.week & 1] = week.books;

        Totals memory sums = _settleLines(door, week.week, lines);
        _door = _settleArrivals(door, week.week, sums).withLastAccepted(week.week);
        _settlement = Settlement(week.stakeLimit, uint88(Math.min(week.houseSpare + sums.houseWaiting, type(uint88).max)), uint40(block.timestamp), 0);
        _settleReserve(week.reserveOut, sums);
        _settleGains(week.houseOut, sums);
        _settleMoney(week.houseOut, sums);
        emit Settled(week.week, week.books, sums.owed + sums.givenBack, sums.cover);
    }

    /// Sums over a settlement, in wei but the units.
    struct Totals {
        uint256 owed;
        uint256 cover;
        uint256 unlocked;
        uint256 gain;
        uint256 closedUnits;
        uint256 closedPrincipal;
        uint256 joined;
        uint256 joinedUnits;
        uint256 givenBack;
        uint256 house;
        uint256 fees;
        uint256 reserveAsked;
        uint256 houseWaiting; // for the settlement after
    }

    function _settleLines(Door door, uint32 week, Line[] calldata lines) private returns (Totals memory sums) {
        uint256 series;
        uint32 exitWeek;
        for (uint256 i; i < lines.length; ++i) {
            Line memory line = lines[i];
            require(line.series > series || (line.series == series && i != 0 && line.exitWeek > exitWeek), LineOrder());
            (series, exitWeek) = (line.series, line.exitWeek);
            Offer offered = _offers[series.offer()];
            uint88 before = exitWeek == 0 ? _settleLive(door, week, line, offered) : _settleClass(door, week, line, offered, sums);
            require(line.paid >= before, PaidFell());
            uint256 size = offered.unitSize();
            unchecked {
                // Nothing overflows, here and below: 2^64 units of 2^88 wei each, in fewer than 2^32 lines.
                sums.owed += uint256(line.units) * (line.paid - before);
                if (line.paid > size) sums.gain += line.units * (line.paid - Math.max(before, size));
            }
        }
    }

    function _settleLive(Door door, uint32 week, Line memory line, Offer offered) private returns (uint88 before) {
        Live storage live = _live[line.series];
        require(line.series.pays() && line.series.joinWeek() < week && week < _end(door, line.series, offered.compoundingWeeks()), LineOrder());
        require(line.units != 0 && line.units == live.units, UnitsDiffer());
        require(line.cover == 0 && !line.closed, CoverBeyondTerms());
        before = live.paid;
        live.paid = line.paid;
    }

    function _settleClass(Door door, uint32 week, Line memory line, Offer offered, Totals memory sums)
        private
        returns (uint88 before)
    {
        require(line.series.joinWeek() < line.exitWeek && line.exitWeek <= week, LineOrder());
        Class storage class = _classes[line.series][line.exitWeek];
        require(!class.closed, ClassClosed());
        bool ends = line.exitWeek == _end(door, line.series, offered.compoundingWeeks());
        require(line.units != 0 && line.units == class.units + (ends ? _live[line.series].units : 0), UnitsDiffer());
        before = class.paid;
        if (ends && line.series.pays()) before = uint88(Math.max(before, _live[line.series].paid));
        uint256 lock = line.closed ? offered.lockPerUnit() : 0;
        require(line.cover <= lock, CoverBeyondTerms());
        class.paid = line.paid;
        if (!line.closed) return before;
        class.closed = true;
        unchecked {
            sums.cover += uint256(line.units) * line.cover;
            sums.unlocked += line.units * lock;
            sums.closedUnits += line.units;
            sums.closedPrincipal += line.units * (offered.unitSize() - Math.min(line.paid, offered.unitSize()));
        }
    }

    /// What waited for this settlement joins, or, when everybody leaves, is given back.
    function _settleArrivals(Door door, uint32 week, Totals memory sums) private returns (Door) {
        if (door.waitingWeek() == week) {
            (sums.joined, sums.joinedUnits) = (door.waiting(), door.waitingUnits());
            door = door.withWaiting(week, 0, 0);
        } else if (door.waitingWeek() > week && _joining.deposits != 0) {
            (sums.joined, sums.joinedUnits) = (_joining.deposits, _joining.units);
            delete _joining;
        }
        if (door.extras()) {
            (Extras memory arrived, Extras memory next) = (_extras[week & 1], _extras[(week + 1) & 1]);
            delete _extras[week & 1];
            (sums.house, sums.fees, sums.houseWaiting, sums.reserveAsked) = (arrived.house, arrived.fees, next.house, _reserveAsked);
            door = door.withExtras(next.house | next.lock | next.fees != 0);
            if (_leaveAll(door, week)) sums.unlocked += arrived.lock;
        }
        if (_leaveAll(door, week)) (sums.givenBack, sums.joined, sums.joinedUnits, sums.fees) = (sums.joined, 0, 0, 0);
        return door;
    }

    function _leaveAll(Door door, uint32 week) private pure returns (bool) {
        return door.windDownWeek() != 0 && door.windDownWeek() <= week;
    }

    function _settleReserve(uint88 out, Totals memory sums) private {
        require(out <= sums.reserveAsked, ReserveLocked());
        if (sums.reserveAsked != 0) (_reserveAsked, _reserveDue) = (0, _reserveDue + out);
        if (sums.reserveAsked | sums.unlocked == 0) return; // cover never comes without a lock
        Reserve memory reserve = _reserve;
        reserve.total = uint88(reserve.total + sums.reserveAsked - out - sums.cover);
        reserve.locked = uint88(reserve.locked - sums.unlocked);
        _reserve = reserve;
    }

    function _settleMoney(uint88 out, Totals memory sums) private {
        Money storage money = _money;
        uint256 cash = money.free + sums.cover + sums.joined + sums.house;
        uint256 spent = sums.owed + out;
        require(spent <= cash, BeyondCash());
        (money.free, money.promised) = (uint88(cash - spent), uint88(money.promised + spent + sums.givenBack));
    }

    function _settleGains(uint88 out, Totals memory sums) private {
        Gains memory bound = _gains;
        require(sums.gain <= bound.left, BeyondGains());
        bound.left -= uint88(sums.gain);
        bound.principal = uint88(bound.principal + sums.joined - (sums.owed - sums.gain) - sums.closedPrincipal);
        bound.units = uint40(bound.units + sums.joinedUnits - sums.closedUnits);
        _gains = bound;
        if (out | sums.house | sums.fees != 0) {
            if (out != 0) _houseDue += out;
            _houseNet += int256(uint256(out)) - int256(sums.house + sums.fees);
        }
        if (out | sums.gain != 0) require(_houseNet <= int256(uint256(bound.left)), BeyondGains());
    }
}
