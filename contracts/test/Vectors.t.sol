// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Leaf, Proof} from "../src/interfaces/IWayOut.sol";
import {SumTree} from "../src/SumTree.sol";
import {Books} from "./Books.sol";
import "./Fixture.sol";

interface Json {
    function readFile(string calldata path) external view returns (string memory);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32Array(string calldata json, string calldata key) external pure returns (bytes32[] memory);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function toString(uint256 value) external pure returns (string memory);
}

/// The vectors that the contracts, C# and JavaScript have in common: test/vectors/terms.json, sum-tree.json.
contract VectorsTest is Fixture {
    Json private constant json = Json(address(vm));
    string private text;
    string private at; // the vector, as a path

    function vector(uint256 i) private returns (bool) {
        at = string.concat(".vectors[", json.toString(i), "]");
        return json.keyExistsJson(text, at);
    }

    function number(string memory key) private view returns (uint256) {
        return json.parseJsonUint(text, string.concat(at, key));
    }

    function word(string memory key) private view returns (bytes32) {
        return json.parseJsonBytes32(text, string.concat(at, key));
    }

    function termsOf() private view returns (Terms memory t) {
        (t.unitSize, t.profitShareBps) = (uint96(number(".terms.unitSize")), uint16(number(".terms.profitShareBps")));
        (t.lossShareBps, t.reserveBps) = (uint16(number(".terms.lossShareBps")), uint16(number(".terms.reserveBps")));
        (t.crystallisation, t.clawBackWeeks) = (uint8(number(".terms.crystallisation")), uint16(number(".terms.clawBackWeeks")));
        (t.compoundingWeeks, t.lockupWeeks) = (uint16(number(".terms.compoundingWeeks")), uint16(number(".terms.lockupWeeks")));
        (t.upfrontFeeBps, t.houseMinBps) = (uint16(number(".terms.upfrontFeeBps")), uint16(number(".terms.houseMinBps")));
    }

    /// A vault of the vector's owner, put at the vector's address on the vector's chain, takes the offer that he signed, under the vector's id.
    function test_terms() public {
        text = json.readFile("contracts/test/vectors/terms.json");
        uint256 chain = block.chainid;
        uint256 i;
        for (; vector(i); ++i) {
            uint256 snapshot = vm.snapshotState();
            Terms memory t = termsOf();
            address place = json.parseJsonAddress(text, string.concat(at, ".vault"));
            bytes memory signature = json.parseJsonBytes(text, string.concat(at, ".signature"));
            CreateVault memory p = params();
            p.owner = json.parseJsonAddress(text, string.concat(at, ".owner"));
            vm.etch(place, address(factory.create(p)).code);
            eq(TermsLib.id(t, place), word(".id"), "id");
            eq(termsDigest(t, place, number(".chainId")), word(".digest"), "digest");
            vm.chainId(number(".chainId"));
            eq(Vault(place).offer(t, signature), word(".id"), "the id that the vault gives it");
            (Terms memory kept, uint8 status) = reader.terms(Vault(place), word(".id"));
            eq(keccak256(abi.encode(kept)), keccak256(abi.encode(t)), "content");
            eq(status, 1, "offered");
            vm.chainId(chain);
            vm.revertToState(snapshot);
        }
        yes(i >= 6, "vectors");
    }

    function root(Leaf calldata leaf, Proof calldata proof) external pure returns (bytes32, uint256) {
        return SumTree.root(leaf, proof);
    }

    function test_sum_tree() public {
        text = json.readFile("contracts/test/vectors/sum-tree.json");
        uint256 i;
        for (; vector(i); ++i) {
            uint256 count;
            while (json.keyExistsJson(text, string.concat(at, ".leaves[", json.toString(count), "]"))) ++count;
            Leaf[] memory l = new Leaf[](count);
            for (uint256 n; n < count; ++n) {
                string memory leaf = string.concat(".leaves[", json.toString(n), "]");
                l[n] = Leaf(
                    number(string.concat(leaf, ".series")), uint32(number(string.concat(leaf, ".exitWeek"))),
                    uint64(number(string.concat(leaf, ".units"))), uint88(number(string.concat(leaf, ".value")))
                );
            }
            eq(Books.root(l, number(".cover"), word(".digest")), word(".root"), "root");
            for (uint256 n; n < count; ++n) {
                Proof memory p = Proof(n, new bytes32[](0), new uint256[](0), number(".cover"), word(".digest"));
                string memory proof = string.concat(at, ".proofs[", json.toString(n), "]");
                if (count > 1) {
                    p.siblings = json.parseJsonBytes32Array(text, string.concat(proof, ".siblings"));
                    p.sums = json.parseJsonUintArray(text, string.concat(proof, ".sums"));
                }
                (bytes32 books, uint256 total) = this.root(l[n], p);
                eq(books, word(".root"), "by its proof");
                eq(total, number(".total"), "total");
                eq(keccak256(abi.encode(Books.proof(l, n, number(".cover"), word(".digest")))), keccak256(abi.encode(p)), "the proof");
            }
        }
        yes(i >= 3, "vectors");
    }
}
