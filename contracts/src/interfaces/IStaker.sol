// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// The staker that Numerai sees for one vault's model. NMR enters from the vault and leaves only to Numerai's contracts named at creation or back to the vault.
interface IStaker {
    function vault() external view returns (address);
    /// What Numerai knows as `staker` of the vault's model: the contract itself, or its account. Authorisations and claims are asked for in its name.
    function numeraiStaker() external view returns (address);
    /// Vault only; `amount` wei NMR is already here. `authorisation`: what Numerai signed for this submission, in the staker's own encoding.
    function stake(uint32 round, uint256 amount, bytes calldata authorisation) external;
    /// Vault only; `staked` wei is what `stake` staked in the round. Claims the round from Numerai's contract, unless somebody did, and sends the vault
    /// exactly what the round returned. `proof`: what Numerai published about the result, in the staker's own encoding.
    function collect(uint32 round, uint256 staked, bytes calldata proof) external returns (uint256 returned);
    /// What Numerai's contract says is staked in the round, wei.
    function stakeOf(uint32 round) external view returns (uint256);
}

/// One generation of Numerai's staking contracts: deploys the staker of the vault that calls.
interface IStakers {
    function create(uint256 tournament, bytes32 modelId) external returns (IStaker);
}
