// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Calendar} from "./Calendar.sol";
import {CreateVault} from "./interfaces/CreateVault.sol";
import {INotices, IVaultForNotices} from "./interfaces/INotices.sol";
import {IStakers} from "./interfaces/IStaker.sol";
import {IVaultFactory} from "./interfaces/IVaultFactory.sol";
import "./Errors.sol";

/// The two things of one vault that its owner can change, created with it and as unchangeable.
///
/// CUTS
/// From a named week on they lie less than 3 days from the calendar of creation. Both the old and the new cut of that week are at least 14 days away, so no cut
/// that has passed moves and no week is named that has begun. One move at a time.
///
/// THE STAKER
/// A generation of Numerai's staking contracts from the factory's list, where nothing comes without 14 days of its own. Another 14 days, and the settlement of
/// the last of them is accepted: nobody who asked out in that time is in a round of the new staker. Open rounds come home through the staker that staked them.
contract Notices is INotices {
    uint256 private constant NOTICE = 14 days;
    int256 private constant MOST = 3 days;

    struct StakerChange {
        IStakers next;
        uint64 adoptableAt;
    }

    IVaultForNotices public immutable vault;
    IVaultFactory public immutable factory;
    CreateVault private _created;
    StakerChange public announced;

    constructor(IVaultForNotices vault_, IVaultFactory factory_, CreateVault memory p) {
        vault = vault_;
        factory = factory_;
        _created = p;
    }

    modifier onlyOwner() {
        require(msg.sender == _created.owner, NotAllowed());
        _;
    }

    modifier onlyBrakes() {
        require(msg.sender == _created.guardian || msg.sender == _created.owner, NotAllowed());
        _;
    }

    /* CUTS */

    function moveCut(uint32 fromWeek, int32 shift) external onlyOwner {
        (uint32 lastAccepted, uint32 movedFrom, int32 before, int32 moved) = vault.calendar();
        require(shift > -MOST && shift < MOST && fromWeek <= type(uint16).max, BadCut());
        require(movedFrom <= lastAccepted, Pending());
        if (movedFrom != 0) before = moved; // the earlier move is in force, and behind
        require(_earlier(fromWeek, before, shift) >= block.timestamp + NOTICE, TooEarly());
        vault.moveCuts(uint16(fromWeek), int24(before), int24(shift));
        emit CutMoved(fromWeek, shift);
    }

    function revokeCutMove() external onlyBrakes {
        (, uint32 fromWeek, int32 before, int32 moved) = vault.calendar();
        require(fromWeek != 0 && block.timestamp < _earlier(fromWeek, before, moved), NothingPending());
        vault.moveCuts(0, int24(before), 0);
        emit CutMoveRevoked(fromWeek);
    }

    /// When the first of a week's cuts, before and after a move, passes.
    function _earlier(uint32 week, int256 before, int256 moved) private view returns (uint256) {
        return uint256(int256(Calendar.scheduled(_created.firstCut, week)) + (before < moved ? before : moved));
    }

    /* THE STAKER */

    function announceStaker(IStakers next) external onlyOwner {
        require(factory.isListed(next), UnknownStakers());
        uint64 adoptableAt = uint64(block.timestamp + NOTICE);
        announced = StakerChange(next, adoptableAt);
        emit StakerAnnounced(next, adoptableAt);
    }

    function revokeStaker() external onlyBrakes {
        require(announced.adoptableAt != 0, NothingPending());
        delete announced;
        emit StakerRevoked();
    }

    function adoptStaker() external onlyOwner {
        StakerChange memory change = announced;
        (uint32 lastAccepted, uint32 movedFrom, int32 shift, int32 moved) = vault.calendar();
        require(change.adoptableAt != 0, NothingPending());
        uint32 lastWeek = Calendar.weekAt(_created.firstCut, movedFrom, shift, moved, change.adoptableAt);
        require(block.timestamp >= change.adoptableAt && lastAccepted >= lastWeek, TooEarly());
        delete announced;
        emit StakerAdopted(vault.changeStaker(change.next));
    }

    function created() external view returns (CreateVault memory) {
        return _created;
    }
}
