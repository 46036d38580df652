// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreateVault} from "./CreateVault.sol";
import {INotices} from "./INotices.sol";
import {IStakers} from "./IStaker.sol";
import {IWayOut} from "./IWayOut.sol";

/// What a vault and its notices ask their factory.
interface IVaultFactory {
    function companions() external view returns (ICompanions);
    /// Whether a generation of stakers is on the list, where nothing comes without 14 days' notice and nothing ever leaves.
    function isListed(IStakers stakers) external view returns (bool);
}

/// Deploys the notices and the way out of the vault that calls, in the vault's own constructor: its code would be too long with theirs in it.
interface ICompanions {
    function create(CreateVault calldata params) external returns (INotices notices, IWayOut wayOut);
}
