// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC6909} from "@openzeppelin/contracts/interfaces/draft-IERC6909.sol";
import {CreateVault} from "../src/interfaces/CreateVault.sol";
import {INumeraiStaking} from "../src/interfaces/INumeraiStaking.sol";
import {IStaker} from "../src/interfaces/IStaker.sol";
import {IVault} from "../src/interfaces/IVault.sol";

/// The contracts as the tests call them. Tests don't import the contracts themselves: those are compiled via IR, which tests needn't wait for.
interface Vault is IVault, IERC6909 {
    function gains() external view returns (uint128);
    function linesGain() external view returns (uint128);
    function houseIn() external view returns (uint128);
    function houseOut() external view returns (uint128);
    function settledAt() external view returns (uint64);
    function windDownWeek() external view returns (uint32);
    function outstandingUnits() external view returns (uint64);
}

interface NumeraiStaker is IStaker {
    function staking() external view returns (INumeraiStaking);
}

interface VaultFactory {
    function create(CreateVault calldata params) external returns (Vault vault);
}
