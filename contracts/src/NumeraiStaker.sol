// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {INumeraiStaking, StakeAuthorization} from "./interfaces/INumeraiStaking.sol";
import {IStaker} from "./interfaces/IStaker.sol";
import {Nmr} from "./Nmr.sol";
import "./Errors.sol";

/// The staker that Numerai sees for one vault's model. Promises:
/// NMR leaves only to the staking contract named at creation, for this model, or to the vault. No allowance is left after a call. Nothing can be changed.
/// A round brings home exactly what Numerai's Merkle root says of it, also if somebody else claimed it or Numerai sent it unasked, so that no result is
/// booked to another round. Once no round is open, whatever else lies here follows to the vault, where it is a surplus and not a result.
contract NumeraiStaker is IStaker {
    using Nmr for IERC20;

    address public immutable vault;
    IERC20 public immutable nmr;
    INumeraiStaking public immutable staking;
    uint256 public immutable tournament;
    bytes32 public immutable modelId;
    uint256 public openRounds;
    mapping(uint32 round => uint256) public stakeOf;

    constructor(address vault_, IERC20 nmr_, INumeraiStaking staking_, uint256 tournament_, bytes32 modelId_) {
        vault = vault_;
        nmr = nmr_;
        staking = staking_;
        tournament = tournament_;
        modelId = modelId_;
    }

    /// authorisation: abi.encode(StakeAuthorization, bytes signature).
    function stake(uint32 round, uint256 amount, bytes calldata authorisation) external {
        require(msg.sender == vault, NotAllowed());
        (StakeAuthorization memory a, bytes memory signature) = abi.decode(authorisation, (StakeAuthorization, bytes));
        require(a.roundId == round && a.tournamentId == tournament && a.modelId == modelId && a.staker == address(this), BadAuthorisation());
        stakeOf[round] = amount;
        openRounds++;
        nmr.approveExactly(address(staking), amount);
        staking.stake(a, amount, signature);
        require(nmr.allowance(address(this), address(staking)) == 0, NmrRefused());
        (uint256 staked,) = staking.stakeByRound(round, address(this), modelId);
        require(staked == amount, NmrRefused());
    }

    /// proof: abi.encode(uint256 payoutWei, uint256 burnWei, bytes32[] proof).
    function collect(uint32 round, bytes calldata proof) external returns (uint256 returned) {
        require(msg.sender == vault, NotAllowed());
        uint256 amount = stakeOf[round];
        require(amount > 0, RoundNotOpen());
        (uint256 payout, uint256 burn, bytes32[] memory path) = abi.decode(proof, (uint256, uint256, bytes32[]));
        (, bool claimed) = staking.stakeByRound(round, address(this), modelId);
        if (!claimed) staking.claim(round, modelId, address(this), payout, burn, path);
        else require(_proves(round, payout, burn, path), BadProof());
        delete stakeOf[round];
        openRounds--;
        returned = amount + payout - burn;
        nmr.push(vault, openRounds == 0 ? nmr.balanceOf(address(this)) : returned);
    }

    function _proves(uint32 round, uint256 payout, uint256 burn, bytes32[] memory path) private view returns (bool) {
        (, bytes32 root) = staking.rounds(round);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(uint256(round), modelId, address(this), payout, burn))));
        return MerkleProof.verify(path, root, leaf);
    }
}

/// Deploys the staker of the vault that calls, in the vault's own constructor.
contract NumeraiStakers {
    function create(IERC20 nmr, INumeraiStaking staking, uint256 tournament, bytes32 modelId) external returns (IStaker) {
        return new NumeraiStaker(msg.sender, nmr, staking, tournament, modelId);
    }
}
