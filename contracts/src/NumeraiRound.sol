// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {INumeraiStaking, StakeAuthorization} from "./interfaces/INumeraiStaking.sol";
import "./Errors.sol";

/// What the stakers of both shapes send to Numerai and hear from it. `staker`: the address that Numerai sees.
library NumeraiRound {
    /// authorisation: abi.encode(uint256 maxAmount, bytes32 submissionId, bytes32 submissionHash, uint256 nonce, uint256 deadline, bytes signature). What it
    /// leaves out is filled in here, so that Numerai's signature for anything but this round, model and staker is none.
    function authorization(bytes calldata authorisation, uint256 tournament, uint32 round, bytes32 modelId, address staker)
        internal
        pure
        returns (StakeAuthorization memory filled, bytes memory signature)
    {
        (filled.maxAmount, filled.submissionId, filled.submissionHash, filled.nonce, filled.deadline, signature) =
            abi.decode(authorisation, (uint256, bytes32, bytes32, uint256, uint256, bytes));
        (filled.tournamentId, filled.roundId, filled.modelId, filled.staker) = (tournament, round, modelId, staker);
    }

    /// Claims the round for the staker, unless that has been done, and says what it brings home by Numerai's Merkle root.
    /// proof: abi.encode(uint256 payoutWei, uint256 burnWei, bytes32[] path), as v3StakeClaim answers.
    function bringHome(INumeraiStaking staking, uint32 round, bytes32 modelId, address staker, uint256 staked, bytes calldata proof)
        internal
        returns (uint256 returned)
    {
        (uint256 payout, uint256 burn, bytes32[] memory path) = abi.decode(proof, (uint256, uint256, bytes32[]));
        try staking.claim(round, modelId, staker, payout, burn, path) {}
        catch {
            (, bytes32 root) = staking.rounds(round);
            bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(uint256(round), modelId, staker, payout, burn))));
            require(MerkleProof.verify(path, root, leaf), BadProof());
            (, bool claimed) = staking.stakeByRound(round, staker, modelId);
            require(claimed, NmrRefused());
        }
        return staked + payout - burn;
    }
}
