// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStaker, IStakers} from "../src/interfaces/IStaker.sol";
import {StakeAuthorization} from "../src/interfaces/INumeraiStaking.sol";
import {SandboxNmr} from "../src/sandbox/SandboxNmr.sol";
import {SandboxStaking} from "../src/sandbox/SandboxStaking.sol";
import {NumeraiAccountStaker} from "./Contracts.sol";
import {Test} from "./Test.sol";

/// Which shape Numerai's staking has. A suite `contract X_OnAccount is X, OnAccount {}` runs the tests of X on the second.
abstract contract Shape {
    bool internal onAccount; // Numerai sees an account that the staker owns, not the staker itself
}

abstract contract OnAccount is Shape {
    constructor() {
        onAccount = true;
    }
}

/// NMR, Numerai's staking contract in one of its two shapes, and what Numerai signs and publishes about a round.
abstract contract Numerai is Test, Shape {
    uint256 internal constant NMR = 1e18;
    uint256 internal constant NUMERAI_KEY = 0x17;
    bytes32 internal constant MODEL = bytes32(uint256(0xabcdef));

    string internal nmrArtifact = "SandboxNmr.sol:SandboxNmr"; // a suite's constructor may name one of hostile/HostileNmr.sol
    SandboxNmr internal nmr;
    SandboxStaking internal staking;
    IStakers internal generation;
    IStaker internal staker;
    address internal numeraiSees;

    function setUp() public virtual {
        // By artifact: `new` would compile them again inside every test contract.
        nmr = SandboxNmr(vm.deployCode(nmrArtifact));
        staking = SandboxStaking(vm.deployCode("SandboxStaking.sol:SandboxStaking", abi.encode(nmr, vm.addr(NUMERAI_KEY))));
        generation = newGeneration();
        nmr.faucet(address(staking), 1_000_000 * NMR);
    }

    function newGeneration() internal returns (IStakers) {
        if (!onAccount) return IStakers(vm.deployCode("NumeraiStaker.sol:NumeraiStakers", abi.encode(nmr, staking)));
        address accounts = vm.deployCode("SandboxAccount.sol:SandboxAccounts", abi.encode(staking, nmr));
        return IStakers(vm.deployCode("NumeraiAccountStaker.sol:NumeraiAccountStakers", abi.encode(accounts)));
    }

    /// The staker that the calls below are about.
    function use(IStaker staker_) internal {
        staker = staker_;
        numeraiSees = onAccount ? address(NumeraiAccountStaker(address(staker)).account()) : address(staker);
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function hashOf(uint32 round) internal pure returns (bytes32) {
        return sha256(abi.encode(round));
    }

    function authorise(uint32 round, uint256 amount, bytes32 model) internal view returns (bytes memory) {
        StakeAuthorization memory a = StakeAuthorization(
            8, round, model, numeraiSees, amount, bytes32(uint256(round)), hashOf(round), staking.nonces(numeraiSees), clock() + 600
        );
        bytes memory signature = sign(NUMERAI_KEY, staking.authorizationDigest(a));
        return abi.encode(a.maxAmount, a.submissionId, a.submissionHash, a.nonce, a.deadline, signature);
    }

    function resolve(uint32 round, uint256 payout, uint256 burn) internal returns (bytes memory proof) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(uint256(round), MODEL, numeraiSees, payout, burn))));
        staking.resolve(round, leaf);
        return abi.encode(payout, burn, new bytes32[](0));
    }
}
