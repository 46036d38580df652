// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract TermsTest is Fixture {
    function test_the_id_is_the_struct_hash_and_the_content_is_kept() public {
        Terms memory t = Terms(uint96(7e18), 1, 2, 3, 2, 4, 5, 6, 7, 8);
        bytes32 id = offer(t);
        eq(id, keccak256(abi.encode(TermsLib.TYPE_HASH, address(vault), 7e18, 1, 2, 3, 2, 4, 5, 6, 7, 8)), "id");
        (Terms memory kept, uint8 status) = reader.terms(vault, id);
        eq(keccak256(abi.encode(kept)), keccak256(abi.encode(t)), "content");
        eq(status, 1, "offered");
        vm.prank(owner);
        vault.withdrawOffer(id);
        (kept, status) = reader.terms(vault, id);
        eq(keccak256(abi.encode(kept)), keccak256(abi.encode(t)), "content of the withdrawn");
        eq(status, 2, "withdrawn");
        (kept, status) = reader.terms(vault, id ^ bytes32(uint256(1)));
        eq(uint256(kept.unitSize) + status, 0, "unknown");
    }

    function test_units_bought_before_a_withdrawal_live_on() public {
        bytes32 id = offer(simple());
        uint256 series = buy(alice, id, 2, false);
        vm.prank(owner);
        vault.withdrawOffer(id);
        vm.prank(alice);
        vault.cancel(series, 1);
        settle();
        exit(alice, series, 1);
        settle(one(series, 2, 1, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 100 * NMR, "paid");
    }
}
