// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

/// An owner that is a contract: says yes, no, or reverts.
contract Signer {
    uint8 public answer;

    function set(uint8 to) external {
        answer = to;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        require(answer != 2);
        return answer == 1 ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

contract TermsTest is Fixture {
    function refusedOffer(Terms memory t, bytes memory signature, bytes4 reason) internal {
        vm.expectRevert(reason);
        vault.offer(t, signature);
    }

    function outOfBounds(Terms memory t) internal {
        refusedOffer(t, sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid)), UnknownTerms.selector);
    }

    function test_the_id_is_the_struct_hash_and_the_content_is_kept() public {
        Terms memory t = Terms(uint96(7e18), 1, 2, 3, 2, 4, 5, 6, 7, 8);
        bytes32 id = offer(t);
        eq(id, keccak256(abi.encode(TermsLib.TYPE_HASH, address(vault), 7e18, 1, 2, 3, 2, 4, 5, 6, 7, 8)), "id");
        (Terms memory kept, uint8 status) = vault.terms(id);
        eq(keccak256(abi.encode(kept)), keccak256(abi.encode(t)), "content");
        eq(status, 1, "offered");
        vm.prank(owner);
        vault.withdrawOffer(id);
        (kept, status) = vault.terms(id);
        eq(keccak256(abi.encode(kept)), keccak256(abi.encode(t)), "content of the withdrawn");
        eq(status, 2, "withdrawn");
        (kept, status) = vault.terms(id ^ bytes32(uint256(1)));
        eq(uint256(kept.unitSize) + status, 0, "unknown");
    }

    function test_39_both_sides_of_every_bound() public {
        Terms memory t = simple();
        (t.unitSize, t.profitShareBps, t.lossShareBps, t.reserveBps, t.houseMinBps) = (1e15, 10_000, 10_000, 10_000, 10_000);
        (t.crystallisation, t.clawBackWeeks, t.compoundingWeeks, t.lockupWeeks, t.upfrontFeeBps) = (2, 104, 520, 520, 1_000);
        offer(t);
        t.unitSize = 1e24;
        t.compoundingWeeks = 1; // lockup > compounding is allowed
        offer(t);
        t.unitSize = 1e24 + 1;
        outOfBounds(t);
        t.unitSize = 1e15 - 1;
        outOfBounds(t);
        (t = simple()).profitShareBps = 10_001;
        outOfBounds(t);
        (t = simple()).lossShareBps = 10_001;
        outOfBounds(t);
        (t = simple()).reserveBps = 10_001;
        outOfBounds(t);
        (t = simple()).houseMinBps = 10_001;
        outOfBounds(t);
        (t = simple()).crystallisation = 3;
        outOfBounds(t);
        (t = simple()).clawBackWeeks = 105;
        outOfBounds(t);
        (t = simple()).compoundingWeeks = 521;
        outOfBounds(t);
        t.compoundingWeeks = 0;
        outOfBounds(t);
        (t = simple()).lockupWeeks = 521;
        outOfBounds(t);
        (t = simple()).upfrontFeeBps = 1_001;
        outOfBounds(t);
    }

    function test_35_36_37_only_the_owners_signature_of_these_terms_for_this_vault_and_chain() public {
        Terms memory t = simple();
        bytes memory good = sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid));
        refusedOffer(t, sign(OWNER_KEY + 1, termsDigest(t, address(vault), block.chainid)), NotAllowed.selector);
        refusedOffer(t, sign(OWNER_KEY, termsDigest(t, address(this), block.chainid)), NotAllowed.selector);
        refusedOffer(t, sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid + 1)), NotAllowed.selector);
        refusedOffer(t, "", NotAllowed.selector);
        t.profitShareBps = 9_999;
        refusedOffer(t, good, NotAllowed.selector);
        t.profitShareBps = 5_000;
        vault.offer(t, good);
    }

    function test_38_malleable_and_short_signatures() public {
        Terms memory t = simple();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid));
        bytes32 highS = bytes32(0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s));
        refusedOffer(t, abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27)), NotAllowed.selector);
        refusedOffer(t, abi.encodePacked(r, s), NotAllowed.selector);
    }

    function test_34_40_withdrawn_for_ever_and_offered_once() public {
        Terms memory t = simple();
        bytes memory signature = sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid));
        bytes32 id = vault.offer(t, signature);
        refusedOffer(t, signature, AlreadyOffered.selector);
        vm.prank(owner);
        vault.withdrawOffer(id);
        refusedOffer(t, signature, AlreadyOffered.selector);
        vm.expectRevert(UnknownTerms.selector);
        vm.prank(owner);
        vault.withdrawOffer(id);
    }

    function test_38_an_owner_that_is_a_contract() public {
        Signer signer = new Signer();
        CreateVault memory p = params();
        p.owner = address(signer);
        vault = factory.create(p);
        refusedOffer(simple(), "", NotAllowed.selector);
        signer.set(2);
        refusedOffer(simple(), "", NotAllowed.selector);
        signer.set(1);
        vault.offer(simple(), "");
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
