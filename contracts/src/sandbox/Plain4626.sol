// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// OpenZeppelin's ERC-4626 as it is, to measure the vault's gas against (test/Gas.t.sol). It lies here to be compiled like the vault.
contract Plain4626 is ERC4626 {
    constructor(IERC20 asset_) ERC4626(asset_) ERC20("Plain", "P") {}
}
