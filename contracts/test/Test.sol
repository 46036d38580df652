// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Of the last call: in an isolated test, a transaction of its own, intrinsic gas within and refunds taken off.
struct CallGas {
    uint64 gasLimit;
    uint64 gasTotalUsed;
    uint64 gasMemoryUsed;
    int64 gasRefunded;
    uint64 gasRemaining;
}

/// The few of forge's cheatcodes that the tests use.
interface Vm {
    function getBlockTimestamp() external view returns (uint256);
    function warp(uint256 timestamp) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function expectRevert(bytes4 selector) external;
    function expectRevert() external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data) external;
    function assume(bool condition) external pure;
    function etch(address target, bytes calldata code) external;
    function chainId(uint256 id) external;
    function deployCode(string calldata artifact) external returns (address);
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address);
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool done);
    function lastCallGas() external view returns (CallGas memory);
    function snapshotValue(string calldata group, string calldata name, uint256 value) external;
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonKeys(string calldata json, string calldata key) external pure returns (string[] memory);
    function envOr(string calldata name, bool otherwise) external view returns (bool);
    function label(address account, string calldata name) external;
}

/// Asserts that say both sides.
abstract contract Test {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    bool public constant IS_TEST = true;

    error NotEqual(string what, uint256 actual, uint256 expected);
    error NotTrue(string what);

    /// Warning: via-IR takes block.timestamp for constant within a test; after a warp only this is right.
    function clock() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function eq(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert NotEqual(what, actual, expected);
    }

    function eq(address actual, address expected, string memory what) internal pure {
        eq(uint160(actual), uint160(expected), what);
    }

    function eq(bytes32 actual, bytes32 expected, string memory what) internal pure {
        eq(uint256(actual), uint256(expected), what);
    }

    function yes(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function bound(uint256 x, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + x % (most - least + 1);
    }
}
