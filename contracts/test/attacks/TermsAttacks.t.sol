// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {HostileOwner} from "../hostile/HostileOwner.sol";
import "./Attack.sol";

/// Offers that the owner never made.
contract TermsAttacksTest is Attack {
    function signed(Terms memory t) internal view returns (bytes memory) {
        return sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid));
    }

    function deniedOffer(Terms memory t, bytes memory signature, bytes4 reason) internal {
        denied(stranger, abi.encodeCall(vault.offer, (t, signature)), reason);
    }

    function outOfBounds(Terms memory t) internal {
        deniedOffer(t, signed(t), UnknownTerms.selector);
    }

    function test_34_replay_a_withdrawn_offer() public {
        bytes memory signature = signed(simple());
        bytes32 id = vault.offer(simple(), signature);
        denied(stranger, abi.encodeCall(vault.withdrawOffer, (id)), NotAllowed.selector);
        by(owner).withdrawOffer(id);
        deniedOffer(simple(), signature, AlreadyOffered.selector);
        denied(owner, abi.encodeCall(vault.withdrawOffer, (id)), UnknownTerms.selector);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 1)), UnknownTerms.selector);
    }

    function test_35_a_foreign_signer() public {
        bytes32 digest = termsDigest(simple(), address(vault), block.chainid);
        deniedOffer(simple(), sign(OWNER_KEY + 1, digest), NotAllowed.selector);
        deniedOffer(simple(), "", NotAllowed.selector);
        vault.offer(simple(), sign(OWNER_KEY, digest));
    }

    function test_36_a_field_changed() public {
        bytes memory signature = signed(simple());
        for (uint256 i; i < 10; ++i) {
            Terms memory t = simple();
            if (i == 0) ++t.unitSize;
            if (i == 1) ++t.profitShareBps;
            if (i == 2) ++t.lossShareBps;
            if (i == 3) ++t.reserveBps;
            if (i == 4) ++t.crystallisation;
            if (i == 5) ++t.clawBackWeeks;
            if (i == 6) ++t.compoundingWeeks;
            if (i == 7) ++t.lockupWeeks;
            if (i == 8) ++t.upfrontFeeBps;
            if (i == 9) ++t.houseMinBps;
            deniedOffer(t, signature, NotAllowed.selector);
        }
        vault.offer(simple(), signature);
    }

    function test_37_a_signature_for_another_vault() public {
        CreateVault memory p = params();
        p.modelId = bytes32(uint256(1));
        address other = address(factory.create(p)); // of the same owner
        deniedOffer(simple(), sign(OWNER_KEY, termsDigest(simple(), other, block.chainid)), NotAllowed.selector);
        bytes memory ours = signed(simple());
        denied(stranger, other, abi.encodeCall(vault.offer, (simple(), ours)), NotAllowed.selector);
        vault.offer(simple(), ours);
    }

    function test_37_a_signature_for_another_chain() public {
        uint256 chain = block.chainid;
        bytes memory ours = signed(simple());
        vm.chainId(chain + 1); // a fork
        deniedOffer(simple(), ours, NotAllowed.selector);
        vault.offer(simple(), sign(OWNER_KEY, termsDigest(simple(), address(vault), chain + 1)));
        vm.chainId(chain);
    }

    function test_38_malleable_and_short_signatures() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, termsDigest(simple(), address(vault), block.chainid));
        bytes32 highS = bytes32(0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s));
        deniedOffer(simple(), abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27)), NotAllowed.selector);
        deniedOffer(simple(), abi.encodePacked(r, s), NotAllowed.selector);
        bytes32 compact = v == 28 ? s | bytes32(uint256(1) << 255) : s;
        deniedOffer(simple(), abi.encodePacked(r, compact), NotAllowed.selector); // ERC-2098
        vault.offer(simple(), abi.encodePacked(r, s, v));
    }

    /// An owner whose account has got code since (EIP-7702) is asked by ERC-1271, not by his key.
    function test_38_an_owner_with_a_key_and_code() public {
        bytes memory signature = signed(simple());
        vm.etch(owner, hex"00"); // answers nothing
        deniedOffer(simple(), signature, NotAllowed.selector);
        vm.etch(owner, address(new HostileOwner(HostileOwner.Answer.No)).code);
        deniedOffer(simple(), signature, NotAllowed.selector);
        vm.etch(owner, address(new HostileOwner(HostileOwner.Answer.Yes)).code);
        vault.offer(simple(), "");
    }

    /// A vault of an owner that is a contract of this kind, asked with a million gas whether it signed.
    function deniedBy(HostileOwner.Answer answer) internal {
        CreateVault memory p = params();
        p.owner = address(new HostileOwner(answer));
        vault = factory.create(p);
        (bool done, bytes memory reason) = address(vault).call{gas: 1_000_000}(abi.encodeCall(vault.offer, (simple(), "signature")));
        yes(!done && bytes4(reason) == NotAllowed.selector, "refused as not allowed");
        (, uint8 status) = reader.terms(vault, TermsLib.id(simple(), address(vault)));
        eq(status, 0, "nothing is offered");
    }

    function test_38_a_contract_that_says_anything_but_yes() public {
        deniedBy(HostileOwner.Answer.No);
        deniedBy(HostileOwner.Answer.Revert);
        deniedBy(HostileOwner.Answer.Garbage);
        deniedBy(HostileOwner.Answer.Nothing);
    }

    function test_38_a_contract_that_burns_the_gas_or_answers_with_a_megabyte() public {
        deniedBy(HostileOwner.Answer.BurnGas);
        deniedBy(HostileOwner.Answer.Bomb);
    }

    function test_38_a_contract_that_says_yes_is_an_owner_like_another() public {
        HostileOwner contractOwner = new HostileOwner(HostileOwner.Answer.Yes);
        CreateVault memory p = params();
        p.owner = address(contractOwner);
        use(factory.create(p));
        bytes32 id = vault.offer(simple(), "signature");
        (, uint8 status) = reader.terms(vault, id);
        eq(status, 1, "offered");
        nmr.faucet(address(contractOwner), NMR);
        contractOwner.execute(address(nmr), abi.encodeCall(nmr.approve, (address(vault), NMR)));
        contractOwner.execute(address(vault), abi.encodeCall(vault.addHouse, (uint88(NMR))));
        eq(state().waiting, NMR, "house");
    }

    function test_39_both_sides_of_every_bound() public {
        Terms memory t = simple();
        (t.unitSize, t.profitShareBps, t.lossShareBps, t.reserveBps, t.houseMinBps) = (1e15, 10_000, 10_000, 10_000, 10_000);
        (t.crystallisation, t.clawBackWeeks, t.compoundingWeeks, t.lockupWeeks, t.upfrontFeeBps) = (2, 104, 520, 520, 1_000);
        offer(t);
        t.unitSize = 1e24;
        t.compoundingWeeks = 1; // "Decided" 13: a lockup beyond the compounding is allowed
        offer(t);
        t.unitSize = 1e24 + 1;
        outOfBounds(t);
        t.unitSize = 1e15 - 1;
        outOfBounds(t);
        t.unitSize = 0;
        outOfBounds(t);
        t.unitSize = uint96(1 << 80) + 1e15; // would fit once cut to its slot
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

    function test_40_the_same_digest_twice() public {
        bytes32 id = vault.offer(simple(), signed(simple()));
        (Terms memory before,) = reader.terms(vault, id);
        deniedOffer(simple(), signed(simple()), AlreadyOffered.selector);
        (Terms memory kept, uint8 status) = reader.terms(vault, id);
        eq(keccak256(abi.encode(kept)), keccak256(abi.encode(before)), "content");
        eq(status, 1, "still offered");
    }
}

contract TermsAttacksTest_OnAccount is TermsAttacksTest, OnAccount {}
