// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Calendar} from "./Calendar.sol";
import {CreateVault} from "./interfaces/CreateVault.sol";
import {INotices} from "./interfaces/INotices.sol";
import {IStaker} from "./interfaces/IStaker.sol";
import {IVault} from "./interfaces/IVault.sol";
import {IVaultFactory} from "./interfaces/IVaultFactory.sol";
import {IWayOut} from "./interfaces/IWayOut.sol";
import {Door} from "./Door.sol";
import "./Layout.sol";
import {Nmr} from "./Nmr.sol";
import {Offer} from "./Terms.sol";
import {Series, Units} from "./Units.sol";
import "./Errors.sol";

/// What a vault consists of, and what all its parts ask: which week it is, which units live, what a class has been promised.
abstract contract VaultStorage is IVault, Units {
    using Nmr for IERC20;
    using Series for uint256;

    uint256 internal constant RING = 128;

    /* WHAT IT WAS CREATED WITH */

    address internal immutable _owner;
    address internal immutable _committer;
    address internal immutable _stakerKey;
    address internal immutable _settler;
    address internal immutable _guardian;
    IERC20 internal immutable _nmr;
    IStaker internal immutable _firstStaker;
    uint256 internal immutable _tournament;
    bytes32 internal immutable _modelId;
    uint64 internal immutable _firstCut;
    uint64 internal immutable _window;
    INotices internal immutable _notices;
    IWayOut internal immutable _wayOut;

    /* WHAT MOVES: every wei is in exactly one of waiting and joining (house within), free, promised and reserve, or staked */

    Door internal _door;
    Money internal _money;
    Settlement internal _settlement;
    Gains internal _gains;
    Reserve internal _reserve;
    Joining internal _joining;
    Brakes internal _brakes;
    Extras[2] internal _extras; // by week & 1
    uint256 internal _houseDue;
    int256 internal _houseNet; // released to the owner less house joined and upfront fees of accepted joiners; what of it is positive is bound by Gains.left
    uint256 internal _reserveAsked;
    uint256 internal _reserveDue;
    bytes32[2] internal _digests; // by week & 1: the content of its proposal, and once it is accepted its books
    Commitment[RING] internal _commitments; // by round % 128
    Stake[RING] internal _stakes;

    mapping(bytes28 => Offer) internal _offers;
    mapping(uint256 series => Live) internal _live;
    mapping(uint256 series => mapping(address holder => uint88)) internal _livePaid; // `pay`: up to where he has claimed, a unit
    mapping(uint256 series => mapping(uint32 exitWeek => Class)) internal _classes;
    mapping(uint256 series => mapping(uint32 exitWeek => mapping(address holder => Leaving))) internal _leaving;
    mapping(uint8 generation => IStaker) internal _laterStakers;

    bool internal transient _moving; // NMR is on its way, and nobody counts or moves any meanwhile

    constructor(CreateVault memory p) {
        bool keys = p.committer != address(0) && p.stakerKey != address(0) && p.settler != address(0) && p.committer != p.stakerKey
            && p.committer != p.settler && p.stakerKey != p.settler;
        bool times = p.firstCut > block.timestamp && p.firstCut < type(uint40).max && p.window >= 1 hours && p.window <= 5 days;
        require(keys && times && !Nmr.isLost(p.owner), BadVault());
        _owner = p.owner;
        _committer = p.committer;
        _stakerKey = p.stakerKey;
        _settler = p.settler;
        _guardian = p.guardian;
        _nmr = p.nmr;
        _tournament = p.tournament;
        _modelId = p.modelId;
        _firstCut = p.firstCut;
        _window = p.window;
        (_notices, _wayOut) = IVaultFactory(msg.sender).companions().create(p);
        _settlement.settledAt = uint40(p.firstCut);
        _firstStaker = p.stakers.create(p.tournament, p.modelId);
    }

    modifier only(address role) {
        require(msg.sender == role, NotAllowed());
        _;
    }

    modifier onlyBrakes() {
        require(msg.sender == _guardian || msg.sender == _owner, NotAllowed());
        _;
    }

    /* THE CALENDAR */

    function cut(uint32 week) public view returns (uint256) {
        Door door = _door;
        return Calendar.cut(_firstCut, door.movedFrom(), door.shift(), door.moved(), week);
    }

    function currentWeek() external view returns (uint32) {
        return _weekOf(_door);
    }

    function _weekOf(Door door) internal view returns (uint32) {
        return Calendar.weekAt(_firstCut, door.movedFrom(), door.shift(), door.moved(), block.timestamp);
    }

    function _isClosed(Door door) internal view returns (bool) {
        return door.windDownWeek() != 0 && _brakes.booksClosed;
    }

    /* UNITS */

    /// The settlement at which all units of the series leave. A deposit that waited when everybody leaves ends where it would have joined.
    function _end(Door door, uint256 series, uint32 compoundingWeeks) internal pure returns (uint32) {
        uint32 end = series.joinWeek() + compoundingWeeks;
        return door.windDownWeek() != 0 && door.windDownWeek() < end ? door.windDownWeek() : end;
    }

    function _ends(uint256 series, uint32 exitWeek) internal view returns (bool) {
        return exitWeek == _end(_door, series, _offers[series.offer()].compoundingWeeks());
    }

    /// Whether live units of the series have become units of this class.
    function _converts(uint256 series, uint32 exitWeek) internal view returns (bool) {
        return exitWeek <= _door.lastAccepted() && _ends(series, exitWeek);
    }

    /// All units of the class, converted or not.
    function _classUnits(uint256 series, uint32 exitWeek) internal view returns (uint256) {
        return _classes[series][exitWeek].units + (_ends(series, exitWeek) ? _live[series].units : 0);
    }

    /// A unit's lifetime total in the class. Classes of `pay` series start at their series' index; a deposit given back is worth its unit size.
    function _paid(uint256 series, uint32 exitWeek) internal view returns (uint88 paid) {
        if (series.joinWeek() == exitWeek) return _converts(series, exitWeek) ? uint88(_offers[series.offer()].unitSize()) : 0;
        paid = _classes[series][exitWeek].paid;
        if (series.pays() && _live[series].paid > paid && _ends(series, exitWeek)) paid = _live[series].paid;
    }

    /* MONEY */

    function _pull(uint256 amount) internal {
        require(!_moving, Pending());
        _nmr.pull(msg.sender, amount);
    }

    function _push(address to, uint256 amount) internal {
        require(!_moving, Pending());
        _moving = true;
        _nmr.push(to, amount);
        _moving = false;
    }

    function _addHouse(uint88 amount) internal {
        Door door = _door;
        uint32 week = _weekOf(door);
        require(week <= door.lastAccepted() + 2 && !_isClosed(door), Pending());
        _extras[week & 1].house += amount;
        _addSpare(amount);
        _door = door.withExtras(true);
        emit HouseAdded(amount);
    }

    /// Saturates: a dishonest settlement may name any spare, and must not stop a refund by it.
    function _addSpare(uint256 amount) internal {
        _settlement.houseSpare = uint88(Math.min(_settlement.houseSpare + amount, type(uint88).max));
    }

    function _reserveHere() internal view returns (uint256) {
        return uint256(_reserve.total) + _reserveAsked + _reserveDue;
    }
}
