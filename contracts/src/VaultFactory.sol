// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Companions} from "./Companions.sol";
import {CreateVault} from "./interfaces/CreateVault.sol";
import {IStakers} from "./interfaces/IStaker.sol";
import {ICompanions, IVaultFactory} from "./interfaces/IVaultFactory.sol";
import {IVaultReader} from "./interfaces/IVaultReader.sol";
import {Vault} from "./Vault.sol";
import {VaultReader} from "./VaultReader.sol";
import "./Errors.sol";

/// Deploys vaults, each with its own staker, notices and way out. A vault's address follows from this factory and all it is created with.
/// The generations of stakers that a vault can have are a list to which the curator adds with 14 days' notice, and from which nobody removes: that is all
/// the curator can do. Which of them a vault has is its owner's choice.
/// The vault's creation code is too long to lie in a contract beside the factory's own: it lies in two, behind a byte that stops whoever calls them.
contract VaultFactory is IVaultFactory {
    ICompanions public immutable companions = new Companions();
    IVaultReader public immutable reader = new VaultReader();
    address public immutable curator;
    mapping(IStakers stakers => uint256) public listedAt; // UTC seconds; 0: not announced
    address private immutable _codeStart;
    address private immutable _codeRest;

    uint256 private constant NOTICE = 14 days;
    uint256 private constant CHUNK = 20_000;

    event StakersAnnounced(IStakers indexed stakers, uint256 listedAt);
    event VaultCreated(address indexed vault, address indexed owner, uint256 tournament, bytes32 modelId);

    constructor(address curator_, IStakers first) {
        curator = curator_;
        listedAt[first] = block.timestamp;
        emit StakersAnnounced(first, block.timestamp);
        bytes memory code = type(Vault).creationCode;
        _codeStart = _store(code, 0, CHUNK);
        _codeRest = _store(code, CHUNK, code.length - CHUNK);
    }

    function announce(IStakers next) external {
        require(msg.sender == curator, NotAllowed());
        require(listedAt[next] == 0, AlreadyOffered());
        listedAt[next] = block.timestamp + NOTICE;
        emit StakersAnnounced(next, listedAt[next]);
    }

    function create(CreateVault calldata params) external returns (Vault vault) {
        require(isListed(params.stakers), UnknownStakers());
        bytes memory code = bytes.concat(_load(_codeStart), _load(_codeRest), abi.encode(params));
        bytes32 salt = keccak256(abi.encode(params.owner, params.tournament, params.modelId));
        vault = Vault(Create2.deploy(0, salt, code));
        emit VaultCreated(address(vault), params.owner, params.tournament, params.modelId);
    }

    function isListed(IStakers stakers) public view returns (bool) {
        uint256 since = listedAt[stakers];
        return since != 0 && since <= block.timestamp;
    }

    /// Deploys a contract whose code is 0x00 and the `length` bytes of `code` from `from`.
    function _store(bytes memory code, uint256 from, uint256 length) private returns (address stored) {
        bytes memory init = abi.encodePacked(hex"61", uint16(length + 1), hex"80600a3d393df300", new bytes(length));
        assembly ("memory-safe") {
            mcopy(add(init, 43), add(add(code, 32), from), length)
            stored := create(0, add(init, 32), mload(init))
        }
        assert(stored != address(0));
    }

    function _load(address stored) private view returns (bytes memory code) {
        uint256 length = stored.code.length - 1;
        code = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(stored, add(code, 32), 1, length)
        }
    }
}
