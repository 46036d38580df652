// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What Numerai signs for one submission (v3StakeAuth). modelId and submissionId: the UUID's 16 bytes, left-padded. Amounts in wei, deadline in UTC seconds.
struct StakeAuthorization {
    uint256 tournamentId;
    uint256 roundId;
    bytes32 modelId;
    address staker;
    uint256 maxAmount;
    bytes32 submissionId;
    bytes32 submissionHash;
    uint256 nonce;
    uint256 deadline;
}

/// Numerai's staking contract as the staker calls it.
/// Assumption: Numerai hasn't published these signatures, the EIP-712 type or the Merkle leaf; a published contract replaces this file and NumeraiStaker.sol.
interface INumeraiStaking {
    function stake(StakeAuthorization calldata authorization, uint256 amount, bytes calldata signature) external;
    /// Anyone may call; pays the staker stake + payout - burn, once: it reverts if the round's root doesn't prove them, and if they have been paid.
    function claim(uint256 roundId, bytes32 modelId, address staker, uint256 payoutWei, uint256 burnWei, bytes32[] calldata proof) external;
    function stakeByRound(uint256 roundId, address staker, bytes32 modelId) external view returns (uint256 amount, bool claimed);
    function rounds(uint256 roundId) external view returns (uint64 closeStakingTime, bytes32 merkleRoot);
}
