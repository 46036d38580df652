// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreateVault} from "./CreateVault.sol";
import {INotices} from "./INotices.sol";
import {IStaker} from "./IStaker.sol";
import {IVault, Terms} from "./IVault.sol";
import {IWayOut} from "./IWayOut.sol";

/// All that moves, at one block. Amounts in wei, times in UTC seconds.
struct State {
    uint32 currentWeek; // the settlement that an act in this block belongs to
    uint32 lastAccepted;
    uint32 windDownWeek; // the settlement at which everybody leaves; 0: not winding down
    uint64 settledAt; // of the last acceptance; firstCut before the first
    uint64 acceptableAt; // of the proposal for lastAccepted + 1; 0: nothing is proposed
    bytes32 content; // of the proposal: keccak256 of propose's arguments
    bytes32 books; // of the last accepted settlement
    bool depositsPaused;
    bool stakingPaused;
    uint256 free;
    uint256 waiting; // deposits and house whose cut is still to come
    uint256 joining; // deposits and house whose cut has passed, not accepted yet
    uint256 promised; // to holders and, houseDue, to the owner
    uint256 staked; // sum of the open stakes
    uint256 reserve; // reserveDue within
    uint256 reserveLocked;
    uint256 reserveDue;
    uint256 houseDue;
    uint256 houseSpare;
    uint256 stakeLimit;
    uint256 gainsLeft; // positive results (and a wei a unit and losing round) that no promise has used
    int256 houseNet; // released to the owner less house joined and upfront fees
    uint256 units; // accepted, in classes not closed
    uint256 principal; // their unit sizes, less what they have been promised of them
    uint32 lastRound; // staked
    uint32 collects;
    IStaker staker;
    uint8 generation; // of the staker
    uint64 windDownAt;
    bool booksClosed; // the way out is open: no settlement comes any more
    INotices notices;
    IWayOut wayOut;
}

/// Answers what a vault doesn't say itself. It has no state and no rights; one serves all vaults.
interface IVaultReader {
    function created(IVault vault) external view returns (CreateVault memory);
    function state(IVault vault) external view returns (State memory);
    function terms(IVault vault, bytes32 id) external view returns (Terms memory content, uint8 status); // 0 unknown, 1 offered, 2 withdrawn
    function openStake(IVault vault, uint32 round) external view returns (uint256); // wei; 0 if none or collected
    function commitment(IVault vault, uint32 round) external view returns (bytes28 hash); // 0 if none, or 128 rounds ago
    function liveUnits(IVault vault, uint256 series) external view returns (uint256);
    function leavingOf(IVault vault, uint256 series, uint32 exitWeek, address holder) external view returns (uint64 units, uint88 paid);
}
