// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreateVault} from "./interfaces/CreateVault.sol";
import {INotices, IVaultForNotices} from "./interfaces/INotices.sol";
import {ICompanions, IVaultFactory} from "./interfaces/IVaultFactory.sol";
import {IVaultForWayOut} from "./interfaces/IVaultForWayOut.sol";
import {IWayOut} from "./interfaces/IWayOut.sol";
import {Notices} from "./Notices.sol";
import {WayOut} from "./WayOut.sol";

contract Companions is ICompanions {
    IVaultFactory private immutable _factory = IVaultFactory(msg.sender);

    function create(CreateVault calldata params) external returns (INotices notices, IWayOut wayOut) {
        notices = new Notices(IVaultForNotices(msg.sender), _factory, params);
        wayOut = new WayOut(IVaultForWayOut(msg.sender));
    }
}
