// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// The last accepted settlement, and what is free now (wei). gainsLeft, houseNet: the gains bound.
struct LastBooks {
    uint32 week;
    bytes32 books;
    uint256 free;
    uint256 gainsLeft;
    int256 houseNet;
    address owner;
}

/// A holder's units of a class whose money isn't settled for ever, and the class: all its units, what each was promised over its life, its unit size (wei).
struct Holding {
    uint256 units;
    uint256 classUnits;
    uint256 paid;
    uint256 unitSize;
}

/// What a vault answers its way out, and does at its word alone.
interface IVaultForWayOut {
    function silentSince() external view returns (uint64 windDownAt, uint64 settledAt); // windDownAt 0: not winding down
    function isOverdue(uint256 series, uint32 exitWeek) external view returns (bool);
    function lastBooks() external view returns (LastBooks memory);
    function holding(uint256 series, uint32 exitWeek, address holder) external view returns (Holding memory);
    function lockedByUnits() external view returns (uint256); // of the reserve, without what waiting deposits lock

    /// Ends settlements; principal: unit sizes of all outstanding units less what they have been promised of them, wei.
    function closeBooks() external returns (uint256 principal);
    /// Moves `cover` of the locked reserve to what is free, the rest of the reserve to what is due to the owner.
    function releaseReserve(uint256 cover) external;
    function payOut(address to, uint256 amount) external;
}
