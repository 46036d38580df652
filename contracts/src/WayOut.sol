// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Holding, IVaultForWayOut, LastBooks} from "./interfaces/IVaultForWayOut.sol";
import {IWayOut, Leaf, Proof} from "./interfaces/IWayOut.sol";
import {SumTree} from "./SumTree.sol";
import "./Errors.sol";

/// The way out of one vault without an operator, created with it and as unchangeable. It holds no NMR: the vault pays at its word, from what is free there.
///
/// WHEN IT OPENS
/// 28 days after the later of wind-down and last accepted settlement; or, once winding down, when a class is unpaid 16 weeks after it left. That ends the
/// vault's settlements for ever. Deposits that no settlement accepted are given back in full by the vault (`cancel`), what was promised is claimed there.
///
/// WHO GETS WHAT
/// The pot is what is free, what rounds still bring home, and the reserve's cover. For 26 weeks a unit takes its value's part of it, as the last accepted books
/// prove, as often as the pot grows; so does the house. A holder decides himself to leave by his leaf: who has, has no part in the rest. No unit and no owner gets more beyond principal than the rounds have won, whatever the books say.
/// Afterwards the units that could not (or did not) prove their value share the rest by what they have not been paid of their unit size, at most that.
contract WayOut is IWayOut {
    uint256 private constant SILENCE = 28 days;
    uint256 private constant LEAVES_COUNT = 26 weeks;

    /// escaped: wei a unit.
    struct Record {
        uint128 escaped;
        bool byLeaf;
    }

    IVaultForWayOut public immutable vault;

    uint64 public openedAt;
    bool private _coverTaken;
    uint256 private _byLeaves;
    uint256 private _rest;
    uint256 private _house;
    uint256 private _gainsUsed;
    uint256 private _principal; // unit sizes, less what has been promised of them, of units that have not escaped by a leaf
    mapping(uint256 series => uint256) private _liveUnits; // that escaped by the leaf of the live units
    mapping(uint256 series => mapping(uint32 exitWeek => mapping(address holder => Record))) private _records;

    constructor(IVaultForWayOut vault_) {
        vault = vault_;
    }

    /* OPENING */

    function open() external {
        (uint256 windDownAt, uint256 settledAt) = vault.silentSince();
        require(block.timestamp >= Math.max(windDownAt, settledAt) + SILENCE, TooEarly());
        _open(windDownAt);
    }

    function open(uint256 series, uint32 exitWeek) external {
        (uint256 windDownAt,) = vault.silentSince();
        require(vault.isOverdue(series, exitWeek), TooEarly());
        _open(windDownAt);
    }

    function _open(uint256 windDownAt) private {
        require(windDownAt != 0, TooEarly());
        require(openedAt == 0, EscapeOpen());
        openedAt = uint64(block.timestamp);
        _principal = vault.closeBooks();
        if (_principal == 0) _takeCover(0);
        emit Opened();
    }

    /* WITH A PROOF */

    function escape(Leaf calldata leaf, Proof calldata proof, uint32 exitWeek) external returns (uint256 amount) {
        require(openedAt != 0 && block.timestamp < openedAt + LEAVES_COUNT, EscapeNotOpen());
        (bytes32 books, uint256 total) = SumTree.root(leaf, proof);
        _takeCover(proof.cover);
        LastBooks memory last = vault.lastBooks();
        // What asked out after the last accepted settlement is live in its books.
        require(total != 0 && books == last.books && leaf.exitWeek == (exitWeek <= last.week ? exitWeek : 0), BadProof());
        uint256 perUnit = leaf.value * (last.free + _byLeaves) / total;
        address holder = leaf.series == 0 ? last.owner : msg.sender;
        if (leaf.series == 0) {
            require(leaf.units == 1, UnitsDiffer());
            amount = perUnit - Math.min(_house, perUnit);
            _house += amount;
        } else {
            amount = _escapeUnits(leaf, exitWeek, holder, perUnit);
        }
        int256 houseGain = last.houseNet + int256(_house);
        require(_gainsUsed + (houseGain > 0 ? uint256(houseGain) : 0) <= last.gainsLeft, BeyondGains());
        _byLeaves += amount;
        emit Escaped(holder, leaf.series, exitWeek, amount);
        vault.payOut(holder, amount);
    }

    function _escapeUnits(Leaf calldata leaf, uint32 exitWeek, address holder, uint256 perUnit) private returns (uint256 amount) {
        Holding memory held = vault.holding(leaf.series, exitWeek, holder);
        require(held.units != 0, NotEnoughUnits());
        Record memory record = _records[leaf.series][exitWeek][holder];
        if (perUnit <= record.escaped) return 0;
        if (!record.byLeaf) {
            _principal -= held.units * _principalOf(held);
            if (leaf.exitWeek == 0) _liveUnits[leaf.series] += held.units;
        }
        require(leaf.exitWeek == 0 ? _liveUnits[leaf.series] <= leaf.units : held.classUnits == leaf.units, UnitsDiffer());
        _records[leaf.series][exitWeek][holder] = Record(uint128(perUnit), true);
        _gainsUsed += held.units * (Math.max(held.paid + perUnit, held.unitSize) - Math.max(held.paid + record.escaped, held.unitSize));
        return held.units * (perUnit - record.escaped);
    }

    /* WITHOUT */

    function takeRest(uint256 series, uint32 exitWeek, address holder) external returns (uint256 amount) {
        require(openedAt != 0 && block.timestamp >= openedAt + LEAVES_COUNT, EscapeNotOpen());
        _takeCover(vault.lockedByUnits()); // if nobody could prove what the reserve owes
        Holding memory held = vault.holding(series, exitWeek, holder);
        Record memory record = _records[series][exitWeek][holder];
        require(held.units != 0 && !record.byLeaf, NotEnoughUnits());
        uint256 part = _principalOf(held);
        uint256 share = _principal == 0 ? 0 : part * (vault.lastBooks().free + _rest) / _principal;
        uint256 perUnit = Math.max(record.escaped, Math.min(share, part));
        _records[series][exitWeek][holder].escaped = uint128(perUnit);
        amount = held.units * (perUnit - record.escaped);
        _rest += amount;
        emit RestTaken(holder, series, exitWeek, amount);
        vault.payOut(holder, amount);
    }

    /* BOTH */

    function paid() external view returns (uint256) {
        return _byLeaves + _rest;
    }

    function escapedOf(uint256 series, uint32 exitWeek, address holder) external view returns (uint256) {
        return _records[series][exitWeek][holder].escaped;
    }

    /// What a unit has not been promised of its unit size.
    function _principalOf(Holding memory held) private pure returns (uint256) {
        return held.unitSize - Math.min(held.paid, held.unitSize);
    }

    /// Once: what the reserve owes to units comes into the pot, the rest is the owner's.
    function _takeCover(uint256 cover) private {
        if (_coverTaken) return;
        _coverTaken = true;
        vault.releaseReserve(cover);
    }
}
