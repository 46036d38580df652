// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiAccount, INumeraiAccounts} from "./interfaces/INumeraiAccount.sol";
import {INumeraiStaking, StakeAuthorization} from "./interfaces/INumeraiStaking.sol";
import {IStaker, IStakers} from "./interfaces/IStaker.sol";
import {Nmr} from "./Nmr.sol";
import {NumeraiRound} from "./NumeraiRound.sol";
import "./Errors.sol";

/// Owner and operator of one vault's account at Numerai; the account is the staker that Numerai sees. Promises as NumeraiStaker's; the account's ownership
/// and its operator can't change, as nothing here hands them on. In a stake the limit of the model is what is staked, of any other model nothing.
/// Warning: what came home unasked lies in the account until `collect`, where Numerai's staking contract, and nobody else, has its standing allowance.
contract NumeraiAccountStaker is IStaker {
    using Nmr for IERC20;

    address public immutable vault;
    INumeraiAccount public immutable account;
    IERC20 public immutable nmr;
    INumeraiStaking public immutable staking;
    uint256 public immutable tournament;
    bytes32 public immutable modelId;

    constructor(address vault_, INumeraiAccount account_, uint256 tournament_, bytes32 modelId_) {
        vault = vault_;
        account = account_;
        nmr = account_.nmr();
        staking = account_.staking();
        tournament = tournament_;
        modelId = modelId_;
    }

    /// The second step of the account's change of owner, once.
    function acceptAccount() external {
        account.acceptOwnership();
        account.setOperator(address(this));
        account.approveStaking();
    }

    function stake(uint32 round, uint256 amount, bytes calldata authorisation) external {
        require(msg.sender == vault, NotAllowed());
        (StakeAuthorization memory filled, bytes memory signature) =
            NumeraiRound.authorization(authorisation, tournament, round, modelId, address(account));
        uint256 before = account.availableBalance();
        nmr.approveExactly(address(account), amount);
        account.deposit(amount);
        account.setModelConfig(tournament, modelId, uint128(amount), 0, true); // a vault's amounts fit uint88
        account.stake(filled, amount, signature);
        require(nmr.allowance(address(this), address(account)) == 0 && account.availableBalance() == before, NmrRefused());
    }

    function collect(uint32 round, uint256 staked, bytes calldata proof) external returns (uint256 returned) {
        require(msg.sender == vault, NotAllowed());
        returned = NumeraiRound.bringHome(staking, round, modelId, address(account), staked, proof);
        account.withdraw(returned);
        nmr.push(vault, returned);
    }

    function numeraiStaker() external view returns (address) {
        return address(account);
    }

    function stakeOf(uint32 round) external view returns (uint256 amount) {
        (amount,) = staking.stakeByRound(round, address(account), modelId);
    }
}

/// The generation of Numerai's contracts whose staker is an account that Numerai's factory makes.
contract NumeraiAccountStakers is IStakers {
    INumeraiAccounts public immutable accounts;

    constructor(INumeraiAccounts accounts_) {
        accounts = accounts_;
    }

    function create(uint256 tournament, bytes32 modelId) external returns (IStaker) {
        INumeraiAccount account = accounts.createInstance();
        NumeraiAccountStaker staker = new NumeraiAccountStaker(msg.sender, account, tournament, modelId);
        account.transferOwnership(address(staker));
        staker.acceptAccount();
        return staker;
    }
}
