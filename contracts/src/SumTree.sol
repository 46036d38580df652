// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Leaf, Proof} from "./interfaces/IWayOut.sol";

/// The books' root: keccak256(tree, total, cover, digest), where tree is a Merkle sum tree of leaves: a node binds the sums below both its children, so that
/// the total can't be understated without leaves that can't be proved. Leaves are 55 bytes, nodes 128: neither passes for the other. The leaves are padded
/// to a power of two by (0, 0).
library SumTree {
    function root(Leaf calldata leaf, Proof calldata proof) internal pure returns (bytes32 books, uint256 total) {
        bytes32 node = keccak256(abi.encodePacked(leaf.series, leaf.exitWeek, leaf.units, leaf.value));
        total = uint256(leaf.units) * leaf.value;
        uint256 index = proof.index;
        for (uint256 i; i < proof.siblings.length; ++i) {
            node = index & 1 == 0
                ? keccak256(abi.encode(node, total, proof.siblings[i], proof.sums[i]))
                : keccak256(abi.encode(proof.siblings[i], proof.sums[i], node, total));
            total += proof.sums[i];
            index >>= 1;
        }
        books = keccak256(abi.encode(node, total, proof.cover, proof.digest));
    }
}
