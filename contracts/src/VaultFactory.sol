// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreateVault} from "./interfaces/CreateVault.sol";
import {NumeraiStakers} from "./NumeraiStaker.sol";
import {Vault} from "./Vault.sol";

/// Deploys vaults, each with its own staker. A vault's address follows from this factory and all it is created with.
/// The vault's creation code is too long to lie in a contract beside the factory's own: it lies in two, behind a byte that stops whoever calls them.
contract VaultFactory {
    NumeraiStakers public immutable stakers = new NumeraiStakers();
    address private immutable _codeStart;
    address private immutable _codeRest;

    uint256 private constant CHUNK = 20_000;

    event VaultCreated(address indexed vault, address indexed owner, uint256 tournament, bytes32 modelId);

    constructor() {
        bytes memory code = type(Vault).creationCode;
        _codeStart = _store(code, 0, CHUNK);
        _codeRest = _store(code, CHUNK, code.length - CHUNK);
    }

    function create(CreateVault calldata params) external returns (Vault vault) {
        bytes memory code = bytes.concat(_load(_codeStart), _load(_codeRest), abi.encode(params, stakers));
        bytes32 salt = keccak256(abi.encode(params.owner, params.tournament, params.modelId));
        assembly ("memory-safe") {
            vault := create2(0, add(code, 32), mload(code), salt)
            if iszero(vault) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
        emit VaultCreated(address(vault), params.owner, params.tournament, params.modelId);
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
