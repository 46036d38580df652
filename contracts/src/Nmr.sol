// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import "./Errors.sol";

/// NMR moved with insistence. A stopped NMR returns false without reverting, and its failed assertions revert without a reason: both become `NmrRefused`.
library Nmr {
    using SafeERC20 for IERC20;

    /// Addresses up to this one are accounts that Numerai keeps and can empty (NUMERAI.md, NMR).
    uint160 internal constant LAST_CUSTODIED = 0xF4240;

    /// Takes `amount` wei from `from`; what arrives is measured, so a token that says true without moving is refused.
    function pull(IERC20 nmr, address from, uint256 amount) internal {
        uint256 before = nmr.balanceOf(address(this));
        require(nmr.trySafeTransferFrom(from, address(this), amount), NmrRefused());
        require(nmr.balanceOf(address(this)) == before + amount, NmrRefused());
    }

    function push(IERC20 nmr, address to, uint256 amount) internal {
        require(nmr.trySafeTransfer(to, amount), NmrRefused());
    }

    /// NMR approves only from zero. The allowance is exact and must be used up by the caller: an allowance of NMR is a licence to burn it.
    function approveExactly(IERC20 nmr, address spender, uint256 amount) internal {
        require(nmr.approve(spender, amount), NmrRefused());
    }

    /// Whether NMR sent to `account` would be out of its owner's hands.
    function isLost(address account) internal pure returns (bool) {
        return uint160(account) <= LAST_CUSTODIED;
    }
}
