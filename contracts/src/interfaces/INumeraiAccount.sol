// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiStaking, StakeAuthorization} from "./INumeraiStaking.sol";

/// Numerai's staking account of one owner, in the case that Numerai takes only such accounts for stakers. The selectors are those of a third party's note of
/// the verified ABI (data/vectors/nmr_contract.json, atomic_v3_partial).
/// Assumption: everything else, as nothing of it is published: what the parameters mean, who may call what, that NMR comes from and goes to the owner, that
/// Numerai's contract sees the account as the staker, and `stake` altogether.
interface INumeraiAccount {
    function factory() external view returns (INumeraiAccounts);
    function staking() external view returns (INumeraiStaking);
    function nmr() external view returns (IERC20);
    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    /// Stakes what the owner has deposited, within the models' limits.
    function operator() external view returns (address);
    /// limit: wei, the most that is staked for the model in one round. mode: 0, an amount.
    function modelConfig(uint256 tournamentId, bytes32 modelId) external view returns (uint128 limit, uint8 mode, bool enabled);
    /// Wei that lie here and aren't staked.
    function availableBalance() external view returns (uint256);

    function setOperator(address next) external;
    function setModelConfig(uint256 tournamentId, bytes32 modelId, uint128 limit, uint8 mode, bool enabled) external;
    function deposit(uint256 amount) external;
    function withdraw(uint256 amount) external;
    /// Lets Numerai's staking contract, once and for all, take what lies here.
    function approveStaking() external;
    function transferOwnership(address next) external;
    function acceptOwnership() external;
    function stake(StakeAuthorization calldata authorization, uint256 amount, bytes calldata signature) external;

    event ModelConfigUpdated(uint256 indexed tournamentId, bytes32 indexed modelId, uint128 limit, uint8 mode, bool enabled);
}

/// Assumption: `createInstance`, whose caller becomes the owner; the others are in the note.
interface INumeraiAccounts {
    function createInstance() external returns (INumeraiAccount);
    function getInstanceCount() external view returns (uint256);
    function getInstance(uint256 index) external view returns (INumeraiAccount);
}
