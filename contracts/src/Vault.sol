// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {CreateVault} from "./interfaces/CreateVault.sol";
import {INotices} from "./interfaces/INotices.sol";
import {Terms} from "./interfaces/IVault.sol";
import {Hooks} from "./Hooks.sol";
import {IWayOut} from "./interfaces/IWayOut.sol";
import {Door} from "./Door.sol";
import "./Layout.sol";
import {Nmr} from "./Nmr.sol";
import {Rounds} from "./Rounds.sol";
import {Settling} from "./Settling.sol";
import {Offer, TermsLib} from "./Terms.sol";
import {Series} from "./Units.sol";
import {VaultStorage} from "./VaultStorage.sol";
import {WindingDown as WindingDownRefused} from "./Errors.sol"; // the event has the name too
import "./Errors.sol";

/// The pooled stake behind one Numerai model.
///
/// PRICE
/// There is none. Units are bought at the unit size of their terms and are worth what the published books say (ACCOUNTING.md). NMR sent here without a call
/// changes nobody's units; `sync` books it as the owner's house.
///
/// WHO CAN TAKE NMR OUT
/// A holder: what accepted settlements promised to his units (`claim`), his own deposit before its cut (`cancel`), and once the way out is open, his part of
/// what is here (`escape`, `takeRest`). The owner: what accepted settlements released of house and reserve. The staker: what is staked in a round. Nobody
/// else, no other way: no rescue, no upgrade, no admin, no arbitrary call, no standing allowance.
///
/// THE WEEK
/// cut(n) = firstCut + (n - 1) weeks. What is done before cut(n) belongs to settlement n. A settlement is proposed by the settler, may be vetoed by guardian or
/// owner for the length of the window, and is then accepted by anybody. The owner may move future cuts by less than 3 days with 14 days' notice.
///
/// WHAT NO SETTLEMENT CAN DO, whoever colludes
/// Pay a unit less than an accepted settlement promised before. Pay for units that don't exist. Promise NMR that isn't here. Take more cover than a unit locked
/// of the reserve, or take it twice. Pay units and owner together more beyond their principal than the rounds have won (and a wei for each unit and losing
/// round: the books' floors). A dishonest settlement that nobody vetoes can quarrel over past results, never move principal.
///
/// STAKING
/// Only by the staker key, at most what the accepted settlement instructs, only for a round whose predictions the committer has committed to, once a round,
/// never between a cut and its acceptance, only to this vault's staker and its model. A new generation of stakers takes 14 days' notice: who asks out in those
/// days is in none of its rounds.
///
/// BRAKES
/// A pause reaches deposits and stakes alone: claims, cancels, exits, settlements and collects can't be paused. The owner at any time, anybody after 28 days
/// without an accepted settlement or when a class is unpaid 16 weeks after it left, winds the vault down: at the next cut everybody leaves.
///
/// WITHOUT AN OPERATOR
/// 28 days after the later of wind-down and last settlement, or when a class is unpaid 16 weeks after it left, anybody opens the way out, which ends
/// settlements for ever. Deposits that were never accepted are given back in full; everybody else takes his part of what is here and of what rounds still bring
/// home, as the last accepted books prove it; after 26 weeks those who could not share the rest by their principal.
contract Vault is Settling, Rounds, Hooks {
    using Series for uint256;
    using TermsLib for Terms;

    uint256 private constant SILENCE = 28 days;
    uint256 private constant MAX_UNITS = 1_000_000; // a call, as an event of the books

    constructor(CreateVault memory p) VaultStorage(p) {}

    /* BACKERS */

    function deposit(bytes32 id, uint64 units, bool pay, uint32 joinWeek) external returns (uint256 series) {
        Door door = _door;
        uint32 week = _weekOf(door);
        require(!door.depositsPaused(), Stopped());
        require(joinWeek == week, WrongWeek());
        Offer offered = _offers[bytes28(id)];
        require(offered.isOffered(id), UnknownTerms());
        _checkUnits(units);
        require(door.windDownWeek() == 0, WindingDownRefused());
        require(week <= door.lastAccepted() + 2, Pending());
        require(!Nmr.isLost(msg.sender), BadReceiver());

        series = Series.id(id, pay, week);
        uint256 amount = _enter(door, offered, units, week);
        Live storage live = _live[series];
        if (live.units == 0) (live.compoundingWeeks, live.lockupWeeks) = (uint16(offered.compoundingWeeks()), uint16(offered.lockupWeeks()));
        live.units += units;
        _mint(msg.sender, series, units);
        emit Deposited(msg.sender, series, units);
        _pull(amount);
    }

    function cancel(uint256 series, uint64 units) external {
        _cancel(msg.sender, series, units);
    }

    function cancelFor(address holder, uint256 series, uint64 units) external {
        require(_door.windDownWeek() != 0, NotAllowed());
        _cancel(holder, series, units);
    }

    function exit(uint256 series, uint64 units) external {
        Door door = _door;
        uint32 week = _weekOf(door);
        Live storage live = _live[series];
        require(_lives(door, series, live, week), UnknownSeries());
        _checkUnits(units);
        require(balanceOf(msg.sender, series) >= units, NotEnoughUnits());
        require(door.windDownWeek() != 0 || week >= series.joinWeek() + live.lockupWeeks, LockedUp());

        Class storage class = _classes[series][week];
        Leaving storage leaving = _leaving[series][week][msg.sender];
        if (series.pays()) {
            require(week == door.lastAccepted() + 1, Pending());
            _payLive(series, msg.sender);
            class.paid = leaving.paid = live.paid;
        }
        class.units += units;
        leaving.units += units;
        live.units -= units;
        _burn(msg.sender, series, units);
        emit Exiting(msg.sender, series, week, units);
    }

    function cancelExit(uint256 series, uint64 units) external {
        uint32 week = _weekOf(_door);
        _checkUnits(units);
        Leaving storage leaving = _leaving[series][week][msg.sender];
        require(leaving.units >= units && !_brakes.booksClosed, NotEnoughUnits());
        leaving.units -= units;
        _classes[series][week].units -= units;
        _live[series].units += units;
        _mint(msg.sender, series, units);
        emit ExitCancelled(msg.sender, series, week, units);
    }

    function claim(uint256 series, uint32 exitWeek, address holder) public returns (uint256 amount) {
        if (exitWeek == 0) return _payLive(series, holder);
        uint88 paid;
        uint64 live;
        (amount, paid, live) = _owed(series, exitWeek, holder);
        Class storage class = _classes[series][exitWeek];
        Leaving storage leaving = _leaving[series][exitWeek][holder];
        if (live != 0) _burnLive(series, holder, live);
        if (class.closed || series.joinWeek() == exitWeek) {
            delete _leaving[series][exitWeek][holder]; // nothing more will come
        } else {
            if (live != 0) (class.units, leaving.units) = (class.units + live, leaving.units + live);
            if (leaving.units != 0) leaving.paid = paid;
        }
        _payOut(series, exitWeek, holder, amount);
    }

    /* OWNER */

    function offer(Terms memory content, bytes calldata signature) external returns (bytes32 id) {
        id = content.id(address(this));
        require(content.inBounds(), UnknownTerms());
        require(!_offers[bytes28(id)].wasOffered(), AlreadyOffered());
        require(SignatureChecker.isValidSignatureNow(_owner, TermsLib.digest(id), signature), NotAllowed());
        _offers[bytes28(id)] = content.toOffer(id);
        emit Offered(id, content);
    }

    function withdrawOffer(bytes32 id) external only(_owner) {
        require(_offers[bytes28(id)].isOffered(id), UnknownTerms());
        _offers[bytes28(id)] = _offers[bytes28(id)].withdrawn();
        emit OfferWithdrawn(id);
    }

    function addHouse(uint88 amount) external only(_owner) {
        require(amount != 0, AmountNotPositive());
        _addHouse(amount);
        _pull(amount);
    }

    function askHouse(uint88 amount) external only(_owner) {
        require(amount != 0, AmountNotPositive());
        _checkNothingPending();
        require(amount <= _settlement.houseSpare, HouseEncumbered());
        _settlement.houseSpare -= amount;
        emit HouseAsked(amount);
    }

    function takeHouse() external only(_owner) returns (uint256 amount) {
        amount = _houseDue;
        _houseDue = 0;
        _money.promised -= uint88(amount);
        emit HouseTaken(amount);
        _push(_owner, amount);
    }

    function addReserve(uint88 amount) external only(_owner) {
        require(amount != 0, AmountNotPositive());
        _reserve.total += amount;
        emit ReserveAdded(amount);
        _pull(amount);
    }

    function askReserve(uint88 amount) external only(_owner) {
        require(amount != 0, AmountNotPositive());
        _checkNothingPending();
        require(amount <= _reserve.total - _reserve.locked, ReserveLocked());
        _reserve.total -= amount;
        _reserveAsked += amount;
        _door = _door.withExtras(true);
        emit ReserveAsked(amount);
    }

    function takeReserve() external only(_owner) returns (uint256 amount) {
        amount = _reserveDue;
        _reserveDue = 0;
        emit ReserveTaken(amount);
        _push(_owner, amount);
    }

    function sync() external returns (uint256 surplus) {
        require(!_moving, Pending());
        Money storage money = _money;
        surplus = _nmr.balanceOf(address(this)) - (_arrived() + money.free + money.promised + _reserveHere());
        if (surplus != 0) _addHouse(uint88(surplus));
    }

    /* BRAKES */

    function pause(bool deposits, bool staking) external onlyBrakes {
        _door = _door.withDepositsPaused(deposits);
        _money.stakingPaused = staking;
        emit Paused(deposits, staking);
    }

    function windDown() external {
        require(msg.sender == _owner || block.timestamp >= _settlement.settledAt + SILENCE, TooEarly());
        _windDown();
    }

    function windDown(uint256 series, uint32 exitWeek) external {
        require(isOverdue(series, exitWeek), TooEarly());
        _windDown();
    }

    /* WHAT ANYONE CAN READ */

    /// Raw words of the storage, whose order is Layout.sol's: VaultReader makes sense of them.
    function words(uint256[] calldata slots) external view returns (uint256[] memory values) {
        values = new uint256[](slots.length);
        for (uint256 i; i < slots.length; ++i) {
            uint256 slot = slots[i];
            assembly ("memory-safe") {
                mstore(add(values, mul(32, add(i, 1))), sload(slot))
            }
        }
    }

    function companions() external view returns (INotices notices, IWayOut wayOut) {
        return (_notices, _wayOut);
    }

    /// paid: what a unit has been promised over its life. Units of an ended series that nobody converted yet are not in `units`.
    function classOf(uint256 series, uint32 exitWeek) external view returns (uint64 units, uint88 paid, bool closed) {
        Class memory class = _classes[series][exitWeek];
        return (class.units, exitWeek == 0 ? _live[series].paid : _paid(series, exitWeek), class.closed);
    }

    function claimable(uint256 series, uint32 exitWeek, address holder) external view returns (uint256 amount) {
        if (exitWeek == 0) return _owedLive(series, holder);
        (amount,,) = _owed(series, exitWeek, holder);
    }

    /* UNITS */

    function _checkUnits(uint256 units) private pure {
        require(units != 0, UnitsNotPositive());
        require(units <= MAX_UNITS, TooManyUnits());
    }

    function _canReceive(address account) private view returns (bool) {
        return !Nmr.isLost(account) && account != address(this) && account != address(_nmr);
    }

    /// Whether the series is in the books of this week: its join week is settled, its end isn't, and somebody holds units of it.
    function _lives(Door door, uint256 series, Live storage live, uint32 week) private view returns (bool) {
        return series.joinWeek() <= door.lastAccepted() && week <= _end(door, series, live.compoundingWeeks) && !_isClosed(door)
            && (live.units != 0 || _classes[series][week].units != 0);
    }

    function _burnLive(uint256 series, address holder, uint64 units) private {
        Live storage live = _live[series];
        live.units -= units;
        if (live.units == 0) (live.compoundingWeeks, live.lockupWeeks) = (0, 0);
        _burn(holder, series, units);
    }

    /// What the holder can claim of the class, a unit's lifetime total, and how many live units of his belong to it.
    function _owed(uint256 series, uint32 exitWeek, address holder) private view returns (uint256 amount, uint88 paid, uint64 live) {
        Leaving memory leaving = _leaving[series][exitWeek][holder];
        paid = _paid(series, exitWeek);
        amount = leaving.units * uint256(paid - leaving.paid);
        live = uint64(balanceOf(holder, series));
        if (live == 0 || !_converts(series, exitWeek)) return (amount, paid, 0);
        amount += live * uint256(paid - (series.pays() ? _livePaid[series][holder] : 0));
    }

    function _owedLive(uint256 series, address holder) private view returns (uint256) {
        return balanceOf(holder, series) * (_live[series].paid - _livePaid[series][holder]);
    }

    function _payLive(uint256 series, address holder) private returns (uint256 amount) {
        amount = _owedLive(series, holder);
        if (_livePaid[series][holder] != _live[series].paid) _livePaid[series][holder] = _live[series].paid;
        _payOut(series, 0, holder, amount);
    }

    function _payOut(uint256 series, uint32 exitWeek, address holder, uint256 amount) private {
        if (amount == 0) return;
        _money.promised -= uint88(amount);
        emit Claimed(holder, series, exitWeek, amount);
        _push(holder, amount);
    }

    function _beforeMove(address from, address to, uint256 series, uint256 units) internal override {
        Door door = _door;
        uint32 week = _weekOf(door);
        require(_lives(door, series, _live[series], week), UnknownSeries());
        _checkUnits(units);
        require(balanceOf(from, series) >= units, NotEnoughUnits());
        require(_canReceive(to), BadReceiver());
        if (!series.pays()) return;
        require(week == door.lastAccepted() + 1, Pending());
        _payLive(series, from);
        _payLive(series, to);
    }

    /* ARRIVALS */

    function _enter(Door door, Offer offered, uint64 units, uint32 week) private returns (uint256 amount) {
        if (offered.asksMore()) door = _enterTerms(door, offered, units, week);
        (uint256 waiting, uint256 waitingUnits) = (door.waiting(), door.waitingUnits());
        if (door.waitingWeek() != week) {
            if (waiting != 0) _joining = Joining(uint88(waiting), uint40(waitingUnits));
            (waiting, waitingUnits) = (0, 0);
        }
        unchecked {
            amount = uint256(units) * offered.unitSize(); // at most 2^20 units of 2^80 wei
            waiting += amount;
            waitingUnits += units;
        }
        require(waiting <= type(uint88).max, NmrRefused()); // more than there is
        _door = door.withWaiting(week, waiting, waitingUnits);
    }

    /// What the terms ask for besides the money: room in the house's spare, a lock on the reserve, an upfront fee.
    function _enterTerms(Door door, Offer offered, uint64 units, uint32 week) private returns (Door) {
        uint256 spare = units * offered.sparePerUnit();
        if (spare != 0) {
            require(week == door.lastAccepted() + 1, Pending());
            require(spare <= _settlement.houseSpare, HouseTooSmall());
            _settlement.houseSpare -= uint88(spare);
        }
        uint256 lock = units * offered.lockPerUnit();
        if (lock != 0) {
            require(lock <= _reserve.total - _reserve.locked, ReserveInsufficient());
            _reserve.locked += uint88(lock);
            _extras[week & 1].lock += lock;
        }
        uint256 fees = units * offered.feePerUnit();
        if (fees != 0) _extras[week & 1].fees += fees;
        return lock | fees != 0 ? door.withExtras(true) : door;
    }

    function _cancel(address holder, uint256 series, uint64 units) private {
        _checkUnits(units);
        Door door = _door;
        uint32 week = series.joinWeek();
        bool waits = week == _weekOf(door) || (week > door.lastAccepted() && _isClosed(door));
        require(waits && balanceOf(holder, series) >= units, NotEnoughUnits());
        Offer offered = _offers[series.offer()];
        uint88 amount = uint88(uint256(units) * offered.unitSize());
        if (door.waitingWeek() == week) _door = door.withWaiting(week, door.waiting() - amount, door.waitingUnits() - units);
        else _joining = Joining(_joining.deposits - amount, _joining.units - uint40(units));
        (uint256 lock, uint256 fees, uint256 spare) = (units * offered.lockPerUnit(), units * offered.feePerUnit(), units * offered.sparePerUnit());
        if (fees != 0) _extras[week & 1].fees -= fees;
        if (lock != 0) {
            _extras[week & 1].lock -= lock;
            _reserve.locked -= uint88(lock);
        }
        if (spare != 0) _addSpare(spare);
        _burnLive(series, holder, units);
        emit Cancelled(holder, series, units);
        _push(holder, amount);
    }

    /* WHAT IS HERE */

    /// What the books decide at a cut can't be foreseen from here between the cut and its acceptance.
    function _checkNothingPending() private view {
        require(_weekOf(_door) == _door.lastAccepted() + 1 && !_isClosed(_door), Pending());
    }

    /// What waits and joins, house within.
    function _arrived() private view returns (uint256) {
        return _door.waiting() + _joining.deposits + _extras[0].house + _extras[1].house;
    }

    function _windDown() private {
        Door door = _door;
        require(door.windDownWeek() == 0, WindingDownRefused());
        _door = door.withWindDownWeek(_weekOf(door));
        _brakes.windDownAt = uint40(block.timestamp);
        emit WindingDown();
    }
}
