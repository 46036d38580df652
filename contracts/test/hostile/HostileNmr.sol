// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SandboxNmr} from "../../src/sandbox/SandboxNmr.sol";

/// NMR that calls somebody in the middle of a transfer: each hook it is armed with once, the last armed first, a hook a transfer. What came of it is
/// remembered. To call as a holder, arm it with a call of a contract that holds units (HostileOwner.execute).
contract ReentrantNmr is SandboxNmr {
    struct Hook {
        address target;
        bytes call;
        bool before; // the balances move, or after
    }

    struct Outcome {
        bool done;
        bytes answer;
    }

    Hook[] private _hooks;
    Outcome[] public outcomes;
    bool private _inside;

    function arm(address target, bytes calldata call, bool before) external {
        _hooks.push(Hook(target, call, before));
    }

    function _move(address from, address to, uint256 value) internal override {
        _reenter(true);
        super._move(from, to, value);
        _reenter(false);
    }

    function _reenter(bool before) private {
        if (_inside || _hooks.length == 0 || _hooks[_hooks.length - 1].before != before) return;
        Hook memory hook = _hooks[_hooks.length - 1];
        _hooks.pop();
        _inside = true;
        (bool done, bytes memory answer) = hook.target.call(hook.call);
        outcomes.push(Outcome(done, answer));
        _inside = false;
    }
}

/// NMR that says true and, once `lie` is called, moves nothing.
contract LyingNmr is SandboxNmr {
    bool public lies;

    function lie(bool lies_) external {
        lies = lies_;
    }

    function _move(address from, address to, uint256 value) internal override {
        if (!lies) super._move(from, to, value);
    }
}

/// NMR of which, once `tax` is called, a part of each transfer goes to its deployer.
contract TaxedNmr is SandboxNmr {
    uint256 public taxBps;

    function tax(uint256 bps) external {
        taxBps = bps;
    }

    function _move(address from, address to, uint256 value) internal override {
        uint256 taken = value * taxBps / 10_000;
        super._move(from, to, value - taken);
        if (taken != 0) super._move(from, multisig, taken);
    }
}
