// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStakers} from "./IStaker.sol";

/// What a vault is created with, for ever; only the generation of its staker can change (`announceStaker`). guardian may be 0: then only the owner can veto
/// and pause. firstCut: UTC seconds; window: seconds.
struct CreateVault {
    address owner;
    address committer;
    address stakerKey;
    address settler;
    address guardian;
    IERC20 nmr;
    IStakers stakers;
    uint256 tournament;
    bytes32 modelId;
    uint64 firstCut;
    uint64 window;
}
