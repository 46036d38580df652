// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INotices, IVaultForNotices} from "./INotices.sol";
import {IStaker} from "./IStaker.sol";
import {IVaultForWayOut} from "./IVaultForWayOut.sol";
import {IWayOut} from "./IWayOut.sol";

/// What an owner offers, as ACCOUNTING.md section 1 bounds it. Its EIP-712 struct hash, bound to the vault's address, is the terms id.
/// crystallisation: 0 atEnd, 1 weekly, 2 weeklyHighWater.
struct Terms {
    uint96 unitSize;
    uint16 profitShareBps;
    uint16 lossShareBps;
    uint16 reserveBps;
    uint8 crystallisation;
    uint16 clawBackWeeks;
    uint16 compoundingWeeks;
    uint16 lockupWeeks;
    uint16 upfrontFeeBps;
    uint16 houseMinBps;
}

/// One paid class of a settlement: the tranche (series, exitWeek), or with exitWeek 0 a live `pay` series.
/// `paid` is a unit's lifetime total (distributed + paid as a leaver), in wei; `cover` is a unit's cover from the reserve in this settlement.
struct Line {
    uint256 series;
    uint32 exitWeek;
    uint64 units;
    uint88 paid;
    uint88 cover;
    bool closed;
}

/// One settlement. stakeLimit: the books' instruction. houseOut, reserveOut: what the owner gets of the house and of the reserve by this
/// settlement. houseSpare: the books' spare after it. books: the root of what everybody would get if it were the last one (SumTree.sol, WayOut.sol); the digest of the
/// stored books is bound into it.
struct Week {
    uint32 week;
    uint88 stakeLimit;
    uint88 houseOut;
    uint88 reserveOut;
    uint88 houseSpare;
    bytes32 books;
}

/// The vault of one model. A series id is: high 224 bits of the terms id | pay[1] | joinWeek[31].
interface IVault is IVaultForWayOut, IVaultForNotices {
    // Backers
    function deposit(bytes32 terms, uint64 units, bool pay, uint32 joinWeek) external returns (uint256 series);
    function cancel(uint256 series, uint64 units) external;
    function cancelFor(address holder, uint256 series, uint64 units) external; // once winding down: anybody, NMR goes to the holder
    function exit(uint256 series, uint64 units) external;
    function cancelExit(uint256 series, uint64 units) external;
    function claim(uint256 series, uint32 exitWeek, address holder) external returns (uint256 amount);

    // Owner
    function offer(Terms calldata terms, bytes calldata signature) external returns (bytes32 id);
    function withdrawOffer(bytes32 id) external;
    function addHouse(uint88 amount) external;
    function askHouse(uint88 amount) external;
    function takeHouse() external returns (uint256 amount);
    function addReserve(uint88 amount) external;
    function askReserve(uint88 amount) external;
    function takeReserve() external returns (uint256 amount);

    // The week
    function propose(Week calldata week, Line[] calldata lines) external;
    function veto() external;
    function accept(Week calldata week, Line[] calldata lines) external;

    // Rounds. `collects`: how many collects the amount was computed from; BooksMoved if there were more.
    function commit(uint32 round, bytes32 predictionHash) external;
    function stake(uint32 round, uint88 amount, uint16 shareBps, uint32 collects, bytes calldata authorisation) external;
    function collect(uint32 round, bytes calldata proof) external returns (uint256 returned);
    function sync() external returns (uint256 surplus);

    // Brakes
    function pause(bool deposits, bool staking) external;
    function windDown() external;
    function windDown(uint256 series, uint32 exitWeek) external; // a class 16 weeks overdue

    // What anyone can read; VaultReader has more
    function companions() external view returns (INotices notices, IWayOut wayOut);
    function currentWeek() external view returns (uint32); // the settlement that an act in this block belongs to
    function cut(uint32 week) external view returns (uint256 timestamp);
    function stakerOf(uint8 generation) external view returns (IStaker);
    function words(uint256[] calldata slots) external view returns (uint256[] memory values);
    function classOf(uint256 series, uint32 exitWeek) external view returns (uint64 units, uint88 paid, bool closed);
    function claimable(uint256 series, uint32 exitWeek, address holder) external view returns (uint256);

    event Offered(bytes32 indexed terms, Terms content);
    event OfferWithdrawn(bytes32 indexed terms);
    event Deposited(address indexed backer, uint256 indexed series, uint64 units);
    event Cancelled(address indexed backer, uint256 indexed series, uint64 units);
    event Exiting(address indexed backer, uint256 indexed series, uint32 indexed exitWeek, uint64 units);
    event ExitCancelled(address indexed backer, uint256 indexed series, uint32 indexed exitWeek, uint64 units);
    event Claimed(address indexed holder, uint256 indexed series, uint32 indexed exitWeek, uint256 amount);
    event Proposed(uint32 indexed week, bytes32 books, bytes32 content, uint64 acceptableAt);
    event Vetoed(uint32 indexed week, address by);
    event Settled(uint32 indexed week, bytes32 books, uint256 owed, uint256 cover);
    event Committed(uint32 indexed round, bytes32 predictionHash);
    event Staked(uint32 indexed round, uint256 amount, uint16 shareBps);
    event Collected(uint32 indexed round, uint256 staked, uint256 returned);
    event HouseAdded(uint256 amount);
    event HouseAsked(uint256 amount);
    event HouseTaken(uint256 amount);
    event ReserveAdded(uint256 amount);
    event ReserveAsked(uint256 amount);
    event ReserveTaken(uint256 amount);
    event Paused(bool deposits, bool staking);
    event WindingDown();
    event BooksClosed();
    // and ERC-6909's Transfer(address caller, address indexed sender, address indexed receiver, uint256 indexed id, uint256 amount):
    // from 0 when units are deposited, to 0 when they are cancelled, asked out or converted; cancelExit gives them back from 0.
}
