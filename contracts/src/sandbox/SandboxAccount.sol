// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiAccount, INumeraiAccounts} from "../interfaces/INumeraiAccount.sol";
import {INumeraiStaking, StakeAuthorization} from "../interfaces/INumeraiStaking.sol";

/// Numerai's staking account as this project assumes it (INumeraiAccount), for the sandbox and the tests.
contract SandboxAccount is INumeraiAccount {
    struct ModelConfig {
        uint128 limit;
        uint8 mode;
        bool enabled;
    }

    INumeraiAccounts public immutable factory;
    INumeraiStaking public immutable staking;
    IERC20 public immutable nmr;
    address public owner;
    address public pendingOwner;
    address public operator;
    mapping(uint256 tournamentId => mapping(bytes32 modelId => ModelConfig)) public modelConfig;

    error NotOwner();
    error NotPendingOwner();
    error NotOperator();
    error BeyondLimit();
    error NmrFailed();

    modifier onlyOwner() {
        require(msg.sender == owner, NotOwner());
        _;
    }

    constructor(address owner_, INumeraiStaking staking_, IERC20 nmr_) {
        factory = INumeraiAccounts(msg.sender);
        owner = owner_;
        staking = staking_;
        nmr = nmr_;
    }

    function stake(StakeAuthorization calldata a, uint256 amount, bytes calldata signature) external {
        require(msg.sender == operator, NotOperator());
        ModelConfig storage config = modelConfig[a.tournamentId][a.modelId];
        require(config.enabled && amount <= config.limit, BeyondLimit());
        staking.stake(a, amount, signature);
    }

    function deposit(uint256 amount) external onlyOwner {
        require(nmr.transferFrom(owner, address(this), amount), NmrFailed());
    }

    function withdraw(uint256 amount) external onlyOwner {
        require(nmr.transfer(owner, amount), NmrFailed());
    }

    function approveStaking() external onlyOwner {
        require(nmr.approve(address(staking), type(uint256).max), NmrFailed());
    }

    function availableBalance() external view returns (uint256) {
        return nmr.balanceOf(address(this));
    }

    function setModelConfig(uint256 tournamentId, bytes32 modelId, uint128 limit, uint8 mode, bool enabled) external onlyOwner {
        modelConfig[tournamentId][modelId] = ModelConfig(limit, mode, enabled);
        emit ModelConfigUpdated(tournamentId, modelId, limit, mode, enabled);
    }

    function setOperator(address next) external onlyOwner {
        operator = next;
    }

    function transferOwnership(address next) external onlyOwner {
        pendingOwner = next;
    }

    function acceptOwnership() external {
        require(msg.sender == pendingOwner, NotPendingOwner());
        owner = msg.sender;
        delete pendingOwner;
    }
}

contract SandboxAccounts is INumeraiAccounts {
    INumeraiStaking private immutable _staking;
    IERC20 private immutable _nmr;
    INumeraiAccount[] public getInstance;

    constructor(INumeraiStaking staking, IERC20 nmr) {
        _staking = staking;
        _nmr = nmr;
    }

    function createInstance() external returns (INumeraiAccount account) {
        account = new SandboxAccount(msg.sender, _staking, _nmr);
        getInstance.push(account);
    }

    function getInstanceCount() external view returns (uint256) {
        return getInstance.length;
    }
}
