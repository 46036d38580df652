// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiStaking} from "./INumeraiStaking.sol";

/// What a vault is created with, for ever. guardian may be 0: then only the owner can veto and pause. firstCut: UTC seconds; window: seconds.
struct CreateVault {
    address owner;
    address committer;
    address stakerKey;
    address settler;
    address guardian;
    IERC20 nmr;
    INumeraiStaking staking;
    uint256 tournament;
    bytes32 modelId;
    uint64 firstCut;
    uint64 window;
}
