// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Leaf, Proof} from "../src/interfaces/IWayOut.sol";

/// The sum tree of a settlement's books as the settler builds it (SumTree.sol): its root, and the way to each leaf.
library Books {
    function root(Leaf[] memory leaves, uint256 cover, bytes32 digest) internal pure returns (bytes32) {
        (bytes32[] memory nodes, uint256[] memory sums) = _level(leaves);
        while (nodes.length > 1) (nodes, sums) = _above(nodes, sums);
        return keccak256(abi.encode(nodes[0], sums[0], cover, digest));
    }

    function proof(Leaf[] memory leaves, uint256 index, uint256 cover, bytes32 digest) internal pure returns (Proof memory p) {
        (bytes32[] memory nodes, uint256[] memory sums) = _level(leaves);
        uint256 height;
        while (1 << height < nodes.length) ++height;
        p = Proof(index, new bytes32[](height), new uint256[](height), cover, digest);
        for (uint256 i; i < height; ++i) {
            (p.siblings[i], p.sums[i]) = (nodes[index ^ 1], sums[index ^ 1]);
            (nodes, sums) = _above(nodes, sums);
            index >>= 1;
        }
    }

    function _level(Leaf[] memory leaves) private pure returns (bytes32[] memory nodes, uint256[] memory sums) {
        uint256 width = 1;
        while (width < leaves.length) width *= 2;
        (nodes, sums) = (new bytes32[](width), new uint256[](width));
        for (uint256 i; i < leaves.length; ++i) {
            Leaf memory l = leaves[i];
            nodes[i] = keccak256(abi.encodePacked(l.series, l.exitWeek, l.units, l.value));
            sums[i] = uint256(l.units) * l.value;
        }
    }

    function _above(bytes32[] memory nodes, uint256[] memory sums) private pure returns (bytes32[] memory above, uint256[] memory sumsAbove) {
        (above, sumsAbove) = (new bytes32[](nodes.length / 2), new uint256[](nodes.length / 2));
        for (uint256 i; i < above.length; ++i) {
            above[i] = keccak256(abi.encode(nodes[2 * i], sums[2 * i], nodes[2 * i + 1], sums[2 * i + 1]));
            sumsAbove[i] = sums[2 * i] + sums[2 * i + 1];
        }
    }
}
