// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// The staker that Numerai's contract sees: one per vault and Numerai contract generation. NMR enters from the vault and leaves only to the
/// fixed staking contract or back to the vault.
interface IStaker {
    function vault() external view returns (address);
    /// Vault only; `amount` NMR (wei) is already here. `authorisation`: what Numerai signed for this submission (the staker's own encoding).
    function stake(uint32 round, uint256 amount, bytes calldata authorisation) external;
    /// Vault only. Claims the round from Numerai's contract, unless somebody did, and sends the vault at least what the round returned.
    function collect(uint32 round, bytes calldata proof) external returns (uint256 returned);
    function stakeOf(uint32 round) external view returns (uint256);
}
