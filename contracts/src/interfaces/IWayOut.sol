// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What a class would get if the last accepted settlement were the vault's end, a leaf of the books' root: value is one unit's, in wei (v - p after
/// ACCOUNTING.md 4.2, as if no round were open and the vault winding down). exitWeek 0: the live units of the series. The house: series 0, exitWeek 0, 1 unit.
struct Leaf {
    uint256 series;
    uint32 exitWeek;
    uint64 units;
    uint88 value;
}

/// The way from a leaf to the root of the last accepted books. sums: wei below each sibling; cover: wei that the reserve gives; digest: SHA-256 of the stored
/// books.
struct Proof {
    uint256 index;
    bytes32[] siblings;
    uint256[] sums;
    uint256 cover;
    bytes32 digest;
}

/// The way out of a vault without an operator. exitWeek: the class in which the holder's units are in the vault; 0: live units.
interface IWayOut {
    function open() external; // 28 days after the later of wind-down and last accepted settlement
    function open(uint256 series, uint32 exitWeek) external; // once winding down: a class 16 weeks overdue
    function escape(Leaf calldata leaf, Proof calldata proof, uint32 exitWeek) external returns (uint256 amount); // the caller's units; the house's: anybody
    function takeRest(uint256 series, uint32 exitWeek, address holder) external returns (uint256 amount); // after 26 weeks, without a proof

    function openedAt() external view returns (uint64); // UTC seconds; 0: it is closed
    function paid() external view returns (uint256); // wei, by escape and takeRest
    function escapedOf(uint256 series, uint32 exitWeek, address holder) external view returns (uint256); // wei a unit

    event Opened();
    event Escaped(address indexed holder, uint256 indexed series, uint32 indexed exitWeek, uint256 amount); // series 0: the house
    event RestTaken(address indexed holder, uint256 indexed series, uint32 indexed exitWeek, uint256 amount);
}
