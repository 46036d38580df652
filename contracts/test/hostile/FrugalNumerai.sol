// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {StakeAuthorization} from "../../src/interfaces/INumeraiStaking.sol";

/// A staking contract that takes `left` wei less than it is told to stake. It checks nothing else.
contract FrugalStaking {
    IERC20 private immutable _nmr;
    uint256 private immutable _left;

    constructor(IERC20 nmr, uint256 left) {
        (_nmr, _left) = (nmr, left);
    }

    function stake(StakeAuthorization calldata a, uint256 amount, bytes calldata) external {
        _nmr.transferFrom(a.staker, address(this), amount - _left);
    }
}

/// An account that takes `left` wei less from its owner than it is told to deposit, and stakes all it has, so that nothing lies in it.
contract FrugalAccount {
    IERC20 public immutable nmr;
    address public immutable staking;
    address public owner = msg.sender;
    uint256 private immutable _left;

    constructor(IERC20 nmr_, address staking_, uint256 left) {
        (nmr, staking, _left) = (nmr_, staking_, left);
    }

    function createInstance() external view returns (FrugalAccount) {
        return this; // the only one
    }

    function transferOwnership(address next) external {
        owner = next;
    }

    function acceptOwnership() external {}
    function setOperator(address) external {}
    function approveStaking() external {}
    function setModelConfig(uint256, bytes32, uint128, uint8, bool) external {}

    function deposit(uint256 amount) external {
        nmr.transferFrom(owner, address(this), amount - _left);
    }

    function stake(StakeAuthorization calldata, uint256, bytes calldata) external {
        nmr.transfer(staking, nmr.balanceOf(address(this)));
    }

    function availableBalance() external view returns (uint256) {
        return nmr.balanceOf(address(this));
    }
}
