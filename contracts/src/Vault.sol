// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {CreateVault} from "./interfaces/CreateVault.sol";
import {IStaker} from "./interfaces/IStaker.sol";
import {IVault, Line, Terms, Week} from "./interfaces/IVault.sol";
import {NumeraiStakers} from "./NumeraiStaker.sol";
import {Nmr} from "./Nmr.sol";
import {TermsLib} from "./Terms.sol";
import {Series, Units} from "./Units.sol";
import {WindingDown as WindingDownRefused} from "./Errors.sol"; // the event has the name too
import "./Errors.sol";

/// The pooled stake behind one Numerai model.
///
/// PRICE
/// There is none. Units are bought at the unit size of their terms and are worth what the published books say (ACCOUNTING.md). NMR sent here without a call
/// changes nobody's units; `sync` books it as the owner's house.
///
/// WHO CAN TAKE NMR OUT
/// A holder: what accepted settlements promised to his units (`claim`), and his own deposit before its cut (`cancel`). The owner: what accepted settlements
/// released of house and reserve. The staker: what is staked in a round. Nobody else, no other way, no rescue, no upgrade, no admin, no standing allowance.
///
/// THE WEEK
/// cut(n) = firstCut + (n - 1) weeks. What is done before cut(n) belongs to settlement n. A settlement is proposed by the settler, may be vetoed by
/// guardian or owner for the length of the window, and is then accepted by anybody.
///
/// WHAT NO SETTLEMENT CAN DO, whoever colludes
/// Pay a unit less than an accepted settlement promised before. Pay for units that don't exist. Promise NMR that isn't here. Take more cover than a unit locked
/// of the reserve, or take it twice. Pay units and owner together more beyond their principal than the rounds have won (and a wei for each unit and losing
/// round: the books' floors). A dishonest settlement that nobody vetoes can quarrel over past results, never move principal.
///
/// STAKING
/// Only by the staker key, at most what the accepted settlement instructs, only for a round whose predictions the committer has committed to, once a round,
/// never between a cut and its acceptance, only to this vault's staker and its model.
///
/// BRAKES
/// A pause reaches deposits and stakes alone: claims, cancels, exits, settlements and collects can't be paused. The owner at any time, and anybody after 28 days
/// without an accepted settlement, winds the vault down: at the next cut everybody leaves.
contract Vault is IVault, Units, EIP712 {
    using Nmr for IERC20;
    using Series for uint256;
    using TermsLib for Terms;

    /// What waits for one settlement. fees: upfront fees of the deposits. lock: of the reserve.
    struct Arrivals {
        uint88 deposits;
        uint88 house;
        uint64 units;
        uint88 lock;
        uint88 fees;
        uint88 reserveAsked;
    }

    struct Class {
        uint64 units;
        uint88 paid;
        bool closed;
    }

    struct Leaving {
        uint64 units;
        uint88 paid;
    }

    struct Commitment {
        bytes28 hash;
        uint32 committedAt;
    }

    uint64 public constant WEEK = 7 days;
    uint64 public constant SILENCE = 28 days;
    uint64 public constant MAX_UNITS = 1_000_000; // a call, as an event of the books

    /* WHAT IT WAS CREATED WITH */

    address public immutable owner;
    address public immutable committer;
    address public immutable stakerKey;
    address public immutable settler;
    address public immutable guardian;
    IERC20 private immutable _nmr;
    IStaker public immutable staker;
    uint256 public immutable tournament;
    bytes32 public immutable modelId;
    uint64 public immutable firstCut;
    uint64 public immutable window;

    /* MONEY: every wei is in exactly one of _pending, _free, _promised and _reserve, or staked */

    uint88 private _pending; // waiting and joining
    uint88 private _reserveLocked;
    uint32 public lastAccepted;
    uint32 public windDownWeek; // the settlement at which everybody leaves; 0: not winding down
    bool public depositsPaused;
    bool public stakingPaused;

    uint88 private _free;
    uint88 private _promised; // houseDue within
    uint32 public lastRound;
    uint32 public collects;

    uint88 private _reserve; // reserveDue within
    uint88 private _reserveDue;
    uint64 public outstandingUnits; // accepted, in classes not closed

    uint88 private _houseSpare;
    uint88 private _houseWaiting; // the part of _pending that is house
    uint64 public settledAt;

    uint88 private _staked;
    uint88 private _stakeLimit;
    uint88 private _houseDue;
    uint88 private _reserveAsked;

    /* THE GAINS BOUND: linesGain + max(0, houseOut - houseIn) <= gains */

    uint128 public gains; // positive results, and a wei for each outstanding unit and losing round
    uint128 public linesGain; // promised to units beyond their unit size
    uint128 public houseIn; // and the upfront fees of accepted joiners
    uint128 public houseOut;

    /* SETTLEMENTS */

    bytes32 private _content;
    uint64 private _acceptableAt; // 0: nothing is proposed
    bytes32 public books;

    mapping(bytes28 => Terms) private _offers;
    mapping(uint32 week => Arrivals) private _arrivals;
    mapping(uint256 series => uint64) private _liveUnits;
    mapping(uint256 series => uint88) private _seriesPaid; // `pay` series: a live unit's lifetime total
    mapping(uint256 series => mapping(address holder => uint88)) private _livePaid;
    mapping(uint256 series => mapping(uint32 exitWeek => Class)) private _classes;
    mapping(uint256 series => mapping(uint32 exitWeek => mapping(address holder => Leaving))) private _leaving;
    mapping(uint32 round => Commitment) public commitment;
    mapping(uint32 round => uint256) public openStake;

    constructor(CreateVault memory p, NumeraiStakers stakers) EIP712("Backstake", "1") {
        bool keys = p.committer != address(0) && p.stakerKey != address(0) && p.settler != address(0) && p.committer != p.stakerKey
            && p.committer != p.settler && p.stakerKey != p.settler;
        bool times = p.firstCut > block.timestamp && p.window >= 1 hours && p.window <= 5 days;
        require(keys && times && !Nmr.isLost(p.owner), BadVault());
        owner = p.owner;
        committer = p.committer;
        stakerKey = p.stakerKey;
        settler = p.settler;
        guardian = p.guardian;
        _nmr = p.nmr;
        tournament = p.tournament;
        modelId = p.modelId;
        firstCut = p.firstCut;
        window = p.window;
        settledAt = p.firstCut;
        staker = stakers.create(p.nmr, p.staking, p.tournament, p.modelId);
    }

    modifier only(address role) {
        require(msg.sender == role, NotAllowed());
        _;
    }

    /* BACKERS */

    function deposit(bytes32 id, uint64 units, bool pay, uint32 joinWeek) external returns (uint256 series) {
        uint32 week = currentWeek();
        require(!depositsPaused, Stopped());
        require(joinWeek == week, WrongWeek());
        Terms memory offered = _offers[bytes28(id)];
        require(offered.id(address(this)) == id, UnknownTerms());
        _checkUnits(units);
        require(windDownWeek == 0, WindingDownRefused());
        require(week <= lastAccepted + 2, Pending());
        require(_canReceive(msg.sender), BadReceiver());

        series = Series.id(id, pay, week);
        uint256 amount = _enter(offered, units, week);
        _liveUnits[series] += units;
        _mint(msg.sender, series, units);
        emit Deposited(msg.sender, series, units);
        _nmr.pull(msg.sender, amount);
    }

    function cancel(uint256 series, uint64 units) external {
        _cancel(msg.sender, series, units);
    }

    function cancelFor(address holder, uint256 series, uint64 units) external {
        require(windDownWeek != 0, NotAllowed());
        _cancel(holder, series, units);
    }

    function exit(uint256 series, uint64 units) external {
        uint32 week = currentWeek();
        Terms memory offered = _offers[series.offer()];
        require(_lives(series, offered, week), UnknownSeries());
        _checkUnits(units);
        require(balanceOf(msg.sender, series) >= units, NotEnoughUnits());
        require(windDownWeek != 0 || week >= series.joinWeek() + offered.lockupWeeks, LockedUp());

        Class storage class = _classes[series][week];
        Leaving storage leaving = _leaving[series][week][msg.sender];
        if (series.pays()) {
            require(week == lastAccepted + 1, Pending());
            _payLive(series, msg.sender);
            class.paid = leaving.paid = _seriesPaid[series];
        }
        class.units += units;
        leaving.units += units;
        _liveUnits[series] -= units;
        _burn(msg.sender, series, units);
        emit Exiting(msg.sender, series, week, units);
    }

    function cancelExit(uint256 series, uint64 units) external {
        uint32 week = currentWeek();
        _checkUnits(units);
        Leaving storage leaving = _leaving[series][week][msg.sender];
        require(leaving.units >= units, NotEnoughUnits());
        leaving.units -= units;
        _classes[series][week].units -= units;
        _liveUnits[series] += units;
        _mint(msg.sender, series, units);
        emit ExitCancelled(msg.sender, series, week, units);
    }

    function claim(uint256 series, uint32 exitWeek, address holder) external returns (uint256 amount) {
        if (exitWeek == 0) return _payLive(series, holder);
        amount = claimable(series, exitWeek, holder);
        uint88 paid = _paid(series, exitWeek);
        if (_converts(series, exitWeek)) _convert(series, exitWeek, holder, paid);
        Leaving storage leaving = _leaving[series][exitWeek][holder];
        if (leaving.units != 0) leaving.paid = paid;
        _payOut(series, exitWeek, holder, amount);
    }

    /* OWNER */

    function offer(Terms calldata content, bytes calldata signature) external returns (bytes32 id) {
        id = content.id(address(this));
        require(content.inBounds(), UnknownTerms());
        require(_offers[bytes28(id)].unitSize == 0, AlreadyOffered());
        require(SignatureChecker.isValidSignatureNow(owner, _hashTypedDataV4(id), signature), NotAllowed());
        _offers[bytes28(id)] = content;
        emit Offered(id, content);
    }

    function withdrawOffer(bytes32 id) external only(owner) {
        Terms memory offered = _offers[bytes28(id)];
        require(offered.id(address(this)) == id, UnknownTerms());
        _offers[bytes28(id)].crystallisation = offered.crystallisation | TermsLib.WITHDRAWN;
        emit OfferWithdrawn(id);
    }

    function addHouse(uint88 amount) external only(owner) {
        require(amount != 0, AmountNotPositive());
        _addHouse(amount);
        _nmr.pull(msg.sender, amount);
    }

    function askHouse(uint88 amount) external only(owner) {
        require(amount != 0, AmountNotPositive());
        require(currentWeek() == lastAccepted + 1, Pending());
        require(amount <= _houseSpare, HouseEncumbered());
        _houseSpare -= amount;
        emit HouseAsked(amount);
    }

    function takeHouse() external only(owner) returns (uint256 amount) {
        amount = _houseDue;
        _houseDue = 0;
        _promised -= uint88(amount);
        emit HouseTaken(amount);
        _nmr.push(owner, amount);
    }

    function addReserve(uint88 amount) external only(owner) {
        require(amount != 0, AmountNotPositive());
        _reserve += amount;
        emit ReserveAdded(amount);
        _nmr.pull(msg.sender, amount);
    }

    function askReserve(uint88 amount) external only(owner) {
        require(amount != 0, AmountNotPositive());
        require(amount <= _unlockedReserve(), ReserveLocked());
        _reserveAsked += amount;
        _arrivals[currentWeek()].reserveAsked += amount;
        emit ReserveAsked(amount);
    }

    function takeReserve() external only(owner) returns (uint256 amount) {
        amount = _reserveDue;
        _reserveDue = 0;
        _reserve -= uint88(amount);
        emit ReserveTaken(amount);
        _nmr.push(owner, amount);
    }

    /* THE WEEK */

    function propose(Week calldata week, Line[] calldata) external only(settler) {
        require(_acceptableAt == 0, Pending());
        require(week.week == lastAccepted + 1, WrongWeek());
        require(block.timestamp >= cut(week.week), TooEarly());
        _content = keccak256(msg.data[4:]);
        _acceptableAt = uint64(block.timestamp) + window;
        emit Proposed(week.week, week.books, _content, _acceptableAt);
    }

    function veto() external {
        require(msg.sender == guardian || msg.sender == owner, NotAllowed());
        require(_acceptableAt != 0, NothingPending());
        _acceptableAt = 0;
        _content = 0;
        emit Vetoed(lastAccepted + 1, msg.sender);
    }

    function accept(Week calldata week, Line[] calldata lines) external {
        require(_acceptableAt != 0, NothingPending());
        require(block.timestamp >= _acceptableAt, TooEarly());
        require(keccak256(msg.data[4:]) == _content, LinesDiffer());
        _acceptableAt = 0;
        _content = 0;
        lastAccepted = week.week; // before the lines: what is asked of this week's series is asked after it
        settledAt = uint64(block.timestamp);
        books = week.books;
        _stakeLimit = week.stakeLimit;

        Totals memory sums = _settleLines(week.week, lines);
        _join(week.week, sums);
        _settleReserve(week.reserveOut, sums);
        _settleMoney(week.houseOut, sums);
        _houseSpare = week.houseSpare + _houseWaiting;
        emit Settled(week.week, week.books, sums.owed + sums.givenBack, sums.cover);
    }

    /* ROUNDS */

    function commit(uint32 round, bytes32 predictionHash) external only(committer) {
        require(round != lastRound, AlreadyStaked());
        require(round > lastRound, RoundOutOfOrder());
        commitment[round] = Commitment(bytes28(predictionHash), uint32(block.timestamp));
        emit Committed(round, predictionHash);
    }

    function stake(uint32 round, uint88 amount, uint16 shareBps, uint32 collectsSeen, bytes calldata authorisation) external only(stakerKey) {
        require(!stakingPaused, Stopped());
        require(windDownWeek == 0, WindingDownRefused());
        require(currentWeek() == lastAccepted + 1, Pending());
        require(collectsSeen == collects, BooksMoved());
        require(round != lastRound, AlreadyStaked());
        require(round > lastRound, RoundOutOfOrder());
        require(commitment[round].committedAt != 0, NoCommitment());
        require(amount != 0, AmountNotPositive());
        require(shareBps != 0 && shareBps <= TermsLib.WHOLE_BPS, BadShare());
        require(amount <= _stakeLimit, BeyondInstruction());
        require(amount <= _free, BeyondCash());

        lastRound = round;
        _free -= amount;
        _staked += amount;
        openStake[round] = amount;
        emit Staked(round, amount, shareBps);
        _nmr.push(address(staker), amount);
        staker.stake(round, amount, authorisation);
    }

    function collect(uint32 round, bytes calldata proof) external returns (uint256 returned) {
        uint256 stakedHere = openStake[round];
        require(stakedHere != 0, RoundNotOpen());
        delete openStake[round];
        _staked -= uint88(stakedHere);
        collects++;
        returned = staker.collect(round, proof);
        require(_surplus() >= returned, NmrRefused()); // no more is booked than came
        _free += uint88(returned);
        gains += uint128(returned >= stakedHere ? returned - stakedHere : outstandingUnits);
        emit Collected(round, stakedHere, returned);
    }

    function sync() external returns (uint256 surplus) {
        surplus = _surplus();
        if (surplus != 0) _addHouse(uint88(surplus));
    }

    /* BRAKES */

    function pause(bool deposits, bool staking) external {
        require(msg.sender == guardian || msg.sender == owner, NotAllowed());
        (depositsPaused, stakingPaused) = (deposits, staking);
        emit Paused(deposits, staking);
    }

    function windDown() external {
        require(windDownWeek == 0, WindingDownRefused());
        require(msg.sender == owner || block.timestamp >= settledAt + SILENCE, TooEarly());
        windDownWeek = currentWeek();
        emit WindingDown();
    }

    /* WHAT ANYONE CAN READ */

    function cut(uint32 week) public view returns (uint256) {
        return firstCut + (uint256(week) - 1) * WEEK;
    }

    function currentWeek() public view returns (uint32) {
        return block.timestamp < firstCut ? 1 : uint32((block.timestamp - firstCut) / WEEK + 2);
    }

    function proposal() external view returns (uint32 week, bytes32 content, uint64 acceptableAt) {
        return (_acceptableAt == 0 ? 0 : lastAccepted + 1, _content, _acceptableAt);
    }

    function terms(bytes32 id) external view returns (Terms memory content, uint8 status) {
        content = _offers[bytes28(id)];
        status = content.crystallisation & TermsLib.WITHDRAWN == 0 ? 1 : 2;
        content.crystallisation &= ~TermsLib.WITHDRAWN;
        if (content.id(address(this)) != id) (content, status) = (_offers[0], 0);
    }

    function claimable(uint256 series, uint32 exitWeek, address holder) public view returns (uint256) {
        if (exitWeek == 0) return balanceOf(holder, series) * (_seriesPaid[series] - _livePaid[series][holder]);
        uint256 paid = _paid(series, exitWeek);
        Leaving storage leaving = _leaving[series][exitWeek][holder];
        uint256 amount = leaving.units * (paid - leaving.paid);
        if (_converts(series, exitWeek)) amount += balanceOf(holder, series) * (paid - _livePaid[series][holder]);
        return amount;
    }

    /// paid: what the class's units have been promised, each, over their life. Units of an ended series that nobody converted yet are not in `units`.
    function classOf(uint256 series, uint32 exitWeek) external view returns (uint64 units, uint88 paid, bool closed) {
        Class storage class = _classes[series][exitWeek];
        return (class.units, _paid(series, exitWeek), class.closed);
    }

    function leavingUnits(uint256 series, uint32 exitWeek, address holder) external view returns (uint256) {
        return _leaving[series][exitWeek][holder].units;
    }

    function nmr() external view returns (address) {
        return address(_nmr);
    }

    function free() external view returns (uint256) {
        return _free;
    }

    function waiting() public view returns (uint256) {
        Arrivals storage arrivals = _arrivals[currentWeek()];
        return uint256(arrivals.deposits) + arrivals.house;
    }

    function joining() external view returns (uint256) {
        return _pending - waiting();
    }

    function promised() external view returns (uint256) {
        return _promised;
    }

    function staked() external view returns (uint256) {
        return _staked;
    }

    function reserve() external view returns (uint256) {
        return _reserve;
    }

    function reserveLocked() external view returns (uint256) {
        return _reserveLocked;
    }

    function reserveDue() external view returns (uint256) {
        return _reserveDue;
    }

    function houseDue() external view returns (uint256) {
        return _houseDue;
    }

    function houseSpare() external view returns (uint256) {
        return _houseSpare;
    }

    function stakeLimit() external view returns (uint256) {
        return _stakeLimit;
    }

    function liveUnits(uint256 series) external view returns (uint256) {
        return _liveUnits[series];
    }

    /* UNITS */

    /// Whether the series is in the books of this week: its join week is settled, its end isn't, and somebody holds units of it.
    function _lives(uint256 series, Terms memory offered, uint32 week) private view returns (bool) {
        return series.joinWeek() < week && week <= _end(series, offered.compoundingWeeks)
            && (_liveUnits[series] != 0 || _classes[series][week].units != 0);
    }

    /// The settlement at which all units of the series leave. A deposit that waited when everybody leaves ends where it would have joined.
    function _end(uint256 series, uint16 compoundingWeeks) private view returns (uint32) {
        uint32 end = series.joinWeek() + compoundingWeeks;
        return windDownWeek != 0 && windDownWeek < end ? windDownWeek : end;
    }

    function _ends(uint256 series, uint32 exitWeek) private view returns (bool) {
        return exitWeek == _end(series, _offers[series.offer()].compoundingWeeks);
    }

    /// Whether live units of the series have become units of this class.
    function _converts(uint256 series, uint32 exitWeek) private view returns (bool) {
        return exitWeek <= lastAccepted && _ends(series, exitWeek);
    }

    function _convert(uint256 series, uint32 exitWeek, address holder, uint88 paid) private {
        uint64 units = uint64(balanceOf(holder, series));
        if (units == 0) return;
        Class storage class = _classes[series][exitWeek];
        class.paid = paid;
        class.units += units;
        _leaving[series][exitWeek][holder].units += units;
        _liveUnits[series] -= units;
        _burn(holder, series, units);
    }

    /// A unit's lifetime total in the class. Classes of `pay` series start at their series' index; a deposit given back is worth its unit size.
    function _paid(uint256 series, uint32 exitWeek) private view returns (uint88) {
        if (series.joinWeek() == exitWeek) return _converts(series, exitWeek) ? uint88(_offers[series.offer()].unitSize) : 0;
        uint88 paid = _classes[series][exitWeek].paid;
        if (series.pays() && _ends(series, exitWeek)) paid = uint88(Math.max(paid, _seriesPaid[series]));
        return paid;
    }

    function _payLive(uint256 series, address holder) private returns (uint256 amount) {
        amount = claimable(series, 0, holder);
        if (_livePaid[series][holder] != _seriesPaid[series]) _livePaid[series][holder] = _seriesPaid[series];
        _payOut(series, 0, holder, amount);
    }

    function _payOut(uint256 series, uint32 exitWeek, address holder, uint256 amount) private {
        if (amount == 0) return;
        _promised -= uint88(amount);
        emit Claimed(holder, series, exitWeek, amount);
        _nmr.push(holder, amount);
    }

    function _beforeMove(address from, address to, uint256 series, uint256 units) internal override {
        uint32 week = currentWeek();
        require(_lives(series, _offers[series.offer()], week), UnknownSeries());
        _checkUnits(units);
        require(balanceOf(from, series) >= units, NotEnoughUnits());
        require(_canReceive(to), BadReceiver());
        if (!series.pays()) return;
        require(week == lastAccepted + 1, Pending());
        _payLive(series, from);
        _payLive(series, to);
    }

    function _checkUnits(uint256 units) private pure {
        require(units != 0, UnitsNotPositive());
        require(units <= MAX_UNITS, TooManyUnits());
    }

    function _canReceive(address account) private view returns (bool) {
        return !Nmr.isLost(account) && account != address(this) && account != address(_nmr) && account != address(staker);
    }

    /* ARRIVALS */

    function _enter(Terms memory offered, uint64 units, uint32 week) private returns (uint256 amount) {
        uint256 spare = units * offered.sparePerUnit();
        if (spare != 0) {
            require(week == lastAccepted + 1, Pending());
            require(spare <= _houseSpare, HouseTooSmall());
            _houseSpare -= uint88(spare);
        }
        Arrivals storage arrivals = _arrivals[week];
        uint256 lock = units * offered.lockPerUnit();
        if (lock != 0) {
            require(lock <= _unlockedReserve(), ReserveInsufficient());
            _reserveLocked += uint88(lock);
            arrivals.lock += uint88(lock);
        }
        uint256 fees = units * offered.feePerUnit();
        if (fees != 0) arrivals.fees += uint88(fees);
        amount = uint256(units) * offered.unitSize;
        arrivals.deposits += uint88(amount);
        arrivals.units += units;
        _pending += uint88(amount);
    }

    function _cancel(address holder, uint256 series, uint64 units) private {
        _checkUnits(units);
        uint32 week = currentWeek();
        require(series.joinWeek() == week && balanceOf(holder, series) >= units, NotEnoughUnits());
        Terms memory offered = _offers[series.offer()];
        Arrivals storage arrivals = _arrivals[week];
        uint88 lock = uint88(units * offered.lockPerUnit());
        uint88 amount = uint88(uint256(units) * offered.unitSize);
        _reserveLocked -= lock;
        arrivals.lock -= lock;
        arrivals.fees -= uint88(units * offered.feePerUnit());
        arrivals.deposits -= amount;
        arrivals.units -= units;
        _pending -= amount;
        _houseSpare += uint88(units * offered.sparePerUnit());
        _liveUnits[series] -= units;
        _burn(holder, series, units);
        emit Cancelled(holder, series, units);
        _nmr.push(holder, amount);
    }

    function _addHouse(uint88 amount) private {
        _arrivals[currentWeek()].house += amount;
        _pending += amount;
        _houseWaiting += amount;
        _houseSpare += amount;
        emit HouseAdded(amount);
    }

    function _unlockedReserve() private view returns (uint256) {
        return uint256(_reserve) - _reserveDue - _reserveAsked - _reserveLocked;
    }

    function _surplus() private view returns (uint256) {
        return _nmr.balanceOf(address(this)) - (uint256(_pending) + _free + _promised + _reserve);
    }

    /* SETTLEMENT */

    /// Sums over the lines of a settlement, in wei but the units.
    struct Totals {
        uint256 owed;
        uint256 cover;
        uint256 unlocked;
        uint256 gain;
        uint256 closedUnits;
        uint256 givenBack;
        uint256 reserveAsked;
    }

    function _settleLines(uint32 week, Line[] calldata lines) private returns (Totals memory sums) {
        uint256 series;
        uint32 exitWeek;
        for (uint256 i; i < lines.length; ++i) {
            Line calldata line = lines[i];
            require(line.series > series || (line.series == series && i != 0 && line.exitWeek > exitWeek), LineOrder());
            (series, exitWeek) = (line.series, line.exitWeek);
            Terms memory offered = _offers[series.offer()];
            uint88 before = exitWeek == 0 ? _settleLive(week, line, offered) : _settleClass(week, line, offered, sums);
            require(line.paid >= before, PaidFell());
            uint256 units = line.units;
            sums.owed += units * (line.paid - before);
            sums.gain += units * (Math.max(line.paid, offered.unitSize) - Math.max(before, offered.unitSize));
        }
    }

    function _settleLive(uint32 week, Line calldata line, Terms memory offered) private returns (uint88 before) {
        require(line.series.pays() && line.series.joinWeek() < week && week < _end(line.series, offered.compoundingWeeks), LineOrder());
        require(line.units != 0 && line.units == _liveUnits[line.series], UnitsDiffer());
        require(line.cover == 0 && !line.closed, CoverBeyondTerms());
        before = _seriesPaid[line.series];
        _seriesPaid[line.series] = line.paid;
    }

    function _settleClass(uint32 week, Line calldata line, Terms memory offered, Totals memory sums) private returns (uint88 before) {
        require(line.series.joinWeek() < line.exitWeek && line.exitWeek <= week, LineOrder());
        Class storage class = _classes[line.series][line.exitWeek];
        bool ends = line.exitWeek == _end(line.series, offered.compoundingWeeks);
        require(!class.closed, ClassClosed());
        require(line.units != 0 && line.units == class.units + (ends ? _liveUnits[line.series] : 0), UnitsDiffer());
        before = _paid(line.series, line.exitWeek);
        class.paid = line.paid;
        if (!line.closed) {
            require(line.cover == 0, CoverBeyondTerms());
            return before;
        }
        uint256 lock = offered.lockPerUnit();
        require(line.cover <= lock, CoverBeyondTerms());
        class.closed = true;
        sums.cover += uint256(line.units) * line.cover;
        sums.unlocked += line.units * lock;
        sums.closedUnits += line.units;
    }

    /// What waited for this settlement joins, or, when everybody leaves, is given back.
    function _join(uint32 week, Totals memory sums) private {
        Arrivals memory arrivals = _arrivals[week];
        delete _arrivals[week];
        _pending -= arrivals.deposits + arrivals.house;
        _houseWaiting -= arrivals.house;
        _free += arrivals.house;
        houseIn += arrivals.house;
        sums.reserveAsked = arrivals.reserveAsked;
        if (windDownWeek != 0 && windDownWeek <= week) {
            sums.givenBack = arrivals.deposits;
            sums.unlocked += arrivals.lock;
        } else {
            _free += arrivals.deposits;
            houseIn += arrivals.fees;
            outstandingUnits += arrivals.units;
        }
    }

    function _settleReserve(uint88 out, Totals memory sums) private {
        require(out <= sums.reserveAsked, ReserveLocked());
        _reserveAsked -= uint88(sums.reserveAsked);
        _reserveDue += out;
        _reserve -= uint88(sums.cover);
        _reserveLocked -= uint88(sums.unlocked);
    }

    function _settleMoney(uint88 out, Totals memory sums) private {
        uint256 cash = _free + sums.cover;
        uint256 spent = sums.owed + out;
        require(spent <= cash, BeyondCash());
        _free = uint88(cash - spent);
        _promised += uint88(spent + sums.givenBack);
        _houseDue += out;
        outstandingUnits -= uint64(sums.closedUnits);

        houseOut += out;
        linesGain += uint128(sums.gain);
        uint256 houseGain = houseOut > houseIn ? houseOut - houseIn : 0;
        require(linesGain + houseGain <= gains, BeyondGains());
    }
}
