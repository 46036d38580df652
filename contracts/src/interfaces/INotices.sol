// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreateVault} from "./CreateVault.sol";
import {IStaker, IStakers} from "./IStaker.sol";

/// What of a vault its owner can change, with 14 days' notice; the guardian may revoke it.
interface INotices {
    function moveCut(uint32 fromWeek, int32 shift) external; // shift: seconds from the calendar of creation
    function revokeCutMove() external;
    function announceStaker(IStakers next) external;
    function revokeStaker() external;
    function adoptStaker() external;

    function created() external view returns (CreateVault memory); // what the vault was created with
    function announced() external view returns (IStakers next, uint64 adoptableAt); // and the settlement of that week has to be accepted

    event CutMoved(uint32 indexed fromWeek, int32 shift); // the cuts from that week on, seconds from the calendar of creation
    event CutMoveRevoked(uint32 indexed fromWeek);
    event StakerAnnounced(IStakers next, uint64 adoptableAt);
    event StakerRevoked();
    event StakerAdopted(IStaker staker);
}

/// What a vault does at the word of its notices alone.
interface IVaultForNotices {
    function calendar() external view returns (uint32 lastAccepted, uint32 movedFrom, int32 shift, int32 moved);
    function moveCuts(uint16 fromWeek, int24 shift, int24 moved) external;
    function changeStaker(IStakers next) external returns (IStaker staker);
}
