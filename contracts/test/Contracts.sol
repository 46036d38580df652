// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC6909} from "@openzeppelin/contracts/interfaces/draft-IERC6909.sol";
import {CreateVault} from "../src/interfaces/CreateVault.sol";
import {INumeraiAccount} from "../src/interfaces/INumeraiAccount.sol";
import {IStaker, IStakers} from "../src/interfaces/IStaker.sol";
import {IVault} from "../src/interfaces/IVault.sol";

/// The contracts as the tests call them. Tests don't import the contracts themselves: those are compiled via IR, which tests needn't wait for.
interface Vault is IVault, IERC6909 {}

interface NumeraiAccountStaker is IStaker {
    function account() external view returns (INumeraiAccount);
    function acceptAccount() external;
}

interface VaultFactory {
    function isListed(IStakers stakers) external view returns (bool);
    function curator() external view returns (address);
    function listedAt(IStakers stakers) external view returns (uint256);
    function announce(IStakers next) external;
    function create(CreateVault calldata params) external returns (Vault vault);
}
