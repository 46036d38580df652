// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiStaking, StakeAuthorization} from "./interfaces/INumeraiStaking.sol";
import {IStaker, IStakers} from "./interfaces/IStaker.sol";
import {Nmr} from "./Nmr.sol";
import {NumeraiRound} from "./NumeraiRound.sol";
import "./Errors.sol";

/// The staker that Numerai sees for one vault's model. Promises:
/// NMR leaves only to the staking contract named at creation, for this model, or to the vault. No allowance is left after a call. Nothing can be changed, and
/// nothing is remembered: the vault knows what it staked, Numerai's contract what came of it.
/// A round brings home exactly what Numerai's Merkle root says of it, also if somebody else claimed it or Numerai sent it unasked, so that no result is
/// booked to another round. Numerai's refusals of a stake pass as they are.
/// Warning: NMR that somebody else sends here is no result of any round and stays here.
contract NumeraiStaker is IStaker {
    using Nmr for IERC20;

    address public immutable vault;
    IERC20 public immutable nmr;
    INumeraiStaking public immutable staking;
    uint256 public immutable tournament;
    bytes32 public immutable modelId;

    constructor(address vault_, IERC20 nmr_, INumeraiStaking staking_, uint256 tournament_, bytes32 modelId_) {
        vault = vault_;
        nmr = nmr_;
        staking = staking_;
        tournament = tournament_;
        modelId = modelId_;
    }

    function stake(uint32 round, uint256 amount, bytes calldata authorisation) external {
        require(msg.sender == vault, NotAllowed());
        (StakeAuthorization memory filled, bytes memory signature) =
            NumeraiRound.authorization(authorisation, tournament, round, modelId, address(this));
        nmr.approveExactly(address(staking), amount);
        staking.stake(filled, amount, signature);
        require(nmr.allowance(address(this), address(staking)) == 0, NmrRefused());
    }

    function collect(uint32 round, uint256 staked, bytes calldata proof) external returns (uint256 returned) {
        require(msg.sender == vault, NotAllowed());
        returned = NumeraiRound.bringHome(staking, round, modelId, address(this), staked, proof);
        nmr.push(vault, returned);
    }

    function numeraiStaker() external view returns (address) {
        return address(this);
    }

    function stakeOf(uint32 round) external view returns (uint256 amount) {
        (amount,) = staking.stakeByRound(round, address(this), modelId);
    }
}

/// The generation of Numerai's contracts whose staker is the contract itself.
contract NumeraiStakers is IStakers {
    IERC20 public immutable nmr;
    INumeraiStaking public immutable staking;

    constructor(IERC20 nmr_, INumeraiStaking staking_) {
        nmr = nmr_;
        staking = staking_;
    }

    function create(uint256 tournament, bytes32 modelId) external returns (IStaker) {
        return new NumeraiStaker(msg.sender, nmr, staking, tournament, modelId);
    }
}
