// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStaker, IStakers} from "../../src/interfaces/IStaker.sol";

/// A staker that reports what it likes, sends what it likes, and may call back. It keeps what it is handed until it sends it.
contract HostileStaker is IStaker {
    address public immutable vault;
    IERC20 public immutable nmr;
    uint256 public reported;
    uint256 public sent;
    address private _target;
    bytes private _call;
    bool public done;
    bytes public answer;

    constructor(address vault_, IERC20 nmr_) {
        vault = vault_;
        nmr = nmr_;
    }

    /// What the next `collect` says and what it sends, wei.
    function set(uint256 reported_, uint256 sent_) external {
        reported = reported_;
        sent = sent_;
    }

    /// The next `stake`, or `collect` once it has sent what it sends, makes this call.
    function arm(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    function stake(uint32, uint256, bytes calldata) external {
        _callBack();
    }

    function collect(uint32, uint256, bytes calldata) external returns (uint256) {
        if (sent != 0) nmr.transfer(vault, sent);
        _callBack();
        return reported;
    }

    function numeraiStaker() external view returns (address) {
        return address(this);
    }

    function stakeOf(uint32) external pure returns (uint256) {
        return type(uint256).max;
    }

    function _callBack() private {
        if (_target == address(0)) return;
        address target = _target;
        delete _target;
        (done, answer) = target.call(_call);
    }
}

/// A generation of them.
contract HostileStakers is IStakers {
    IERC20 public immutable nmr;

    constructor(IERC20 nmr_) {
        nmr = nmr_;
    }

    function create(uint256, bytes32) external returns (IStaker) {
        return new HostileStaker(msg.sender, nmr);
    }
}
