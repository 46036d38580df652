// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INumeraiStaking, StakeAuthorization} from "../src/interfaces/INumeraiStaking.sol";
import {Line, Terms, Week} from "../src/interfaces/IVault.sol";
import {SandboxNmr} from "../src/sandbox/SandboxNmr.sol";
import {SandboxStaking} from "../src/sandbox/SandboxStaking.sol";
import {Series} from "../src/Units.sol";
import {TermsLib} from "../src/Terms.sol";
import {CreateVault} from "../src/interfaces/CreateVault.sol";
import {NumeraiStaker, Vault, VaultFactory} from "./Contracts.sol";
import {Test} from "./Test.sol";
import "../src/Errors.sol";

/// A vault with its season: people, NMR, Numerai's staking, and the week's steps as one call each.
abstract contract Fixture is Test {
    uint256 internal constant NMR = 1e18;
    uint256 internal constant OWNER_KEY = 0xA11CE;
    uint256 internal constant NUMERAI_KEY = 0x17;
    uint64 internal constant FIRST_CUT = 1_800_000_000;
    uint64 internal constant WINDOW = 40 hours;
    bytes32 internal constant MODEL = bytes32(uint256(0xabcdef));

    address internal owner = vm.addr(OWNER_KEY);
    address internal committer = address(0x1000001);
    address internal stakerKey = address(0x1000002);
    address internal settler = address(0x1000003);
    address internal guardian = address(0x1000004);
    address internal alice = address(0x2000001);
    address internal bob = address(0x2000002);
    address internal carol = address(0x2000003);
    address internal stranger = address(0x3000001);

    SandboxNmr internal nmr;
    SandboxStaking internal staking;
    VaultFactory internal factory;
    Vault internal vault;
    NumeraiStaker internal staker;

    function setUp() public virtual {
        vm.warp(FIRST_CUT - 5 days);
        // By artifact: `new` would compile them again inside every test contract.
        nmr = SandboxNmr(vm.deployCode("SandboxNmr.sol:SandboxNmr"));
        staking = SandboxStaking(vm.deployCode("SandboxStaking.sol:SandboxStaking", abi.encode(nmr, vm.addr(NUMERAI_KEY))));
        factory = VaultFactory(vm.deployCode("VaultFactory.sol:VaultFactory"));
        vault = factory.create(params());
        staker = NumeraiStaker(address(vault.staker()));
        address[4] memory rich = [owner, alice, bob, carol];
        for (uint256 i; i < 4; ++i) {
            nmr.faucet(rich[i], 1_000_000 * NMR);
            vm.prank(rich[i]);
            nmr.approve(address(vault), type(uint256).max);
        }
        nmr.faucet(address(staking), 1_000_000 * NMR);
    }

    function params() internal view returns (CreateVault memory) {
        return CreateVault(
            owner, committer, stakerKey, settler, guardian, IERC20(address(nmr)), INumeraiStaking(address(staking)), 8, MODEL, FIRST_CUT, WINDOW
        );
    }

    /* TERMS */

    /// 100 NMR a unit, half of the profit at the end, 12 weeks.
    function simple() internal pure returns (Terms memory t) {
        t.unitSize = uint96(100 * NMR);
        t.profitShareBps = 5_000;
        t.compoundingWeeks = 12;
    }

    function covered() internal pure returns (Terms memory t) {
        t = simple();
        (t.lossShareBps, t.reserveBps) = (5_000, 5_000);
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function termsDigest(Terms memory t, address vault_, uint256 chain) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Backstake"), keccak256("1"), chain, vault_
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, TermsLib.id(t, vault_)));
    }

    function offer(Terms memory t) internal returns (bytes32) {
        return vault.offer(t, sign(OWNER_KEY, termsDigest(t, address(vault), block.chainid)));
    }

    /* BACKERS AND OWNER */

    function buy(address backer, bytes32 id, uint64 units, bool pay) internal returns (uint256) {
        uint32 week = vault.currentWeek();
        vm.prank(backer);
        return vault.deposit(id, units, pay, week);
    }

    function exit(address backer, uint256 series, uint64 units) internal {
        vm.prank(backer);
        vault.exit(series, units);
    }

    function addHouse(uint256 amount) internal {
        vm.prank(owner);
        vault.addHouse(uint88(amount));
    }

    function addReserve(uint256 amount) internal {
        vm.prank(owner);
        vault.addReserve(uint88(amount));
    }

    /* THE WEEK */

    function toCut(uint32 week) internal {
        vm.warp(vault.cut(week));
    }

    function none() internal pure returns (Line[] memory lines) {
        lines = new Line[](0);
    }

    function one(uint256 series, uint32 exitWeek, uint64 units, uint256 paid, uint256 cover, bool closed) internal pure returns (Line[] memory lines) {
        lines = new Line[](1);
        lines[0] = Line(series, exitWeek, units, uint88(paid), uint88(cover), closed);
    }

    function two(Line[] memory a, Line[] memory b) internal pure returns (Line[] memory lines) {
        lines = new Line[](2);
        (lines[0], lines[1]) = (a[0], b[0]);
    }

    /// The next settlement: an instruction that never binds, nothing for the owner.
    function next() internal view returns (Week memory week) {
        week.week = vault.lastAccepted() + 1;
        week.stakeLimit = uint88(1_000_000 * NMR);
        week.houseSpare = uint88(vault.houseSpare());
        week.books = keccak256(abi.encode(week.week));
    }

    /// To the cut and past the window; what follows is `accept`.
    function propose(Week memory week, Line[] memory lines) internal {
        if (clock() < vault.cut(week.week)) toCut(week.week);
        vm.prank(settler);
        vault.propose(week, lines);
        (,, uint64 acceptableAt) = vault.proposal();
        vm.warp(acceptableAt);
    }

    function settle(Week memory week, Line[] memory lines) internal {
        propose(week, lines);
        vault.accept(week, lines);
    }

    function settle(Line[] memory lines) internal {
        settle(next(), lines);
    }

    function settle() internal {
        settle(next(), none());
    }

    function refused(Line[] memory lines, bytes4 reason) internal {
        refused(next(), lines, reason);
    }

    /// The settlement is refused at acceptance for this reason, and vetoed.
    function refused(Week memory week, Line[] memory lines, bytes4 reason) internal {
        propose(week, lines);
        vm.expectRevert(reason);
        vault.accept(week, lines);
        vm.prank(guardian);
        vault.veto();
    }

    /* ROUNDS */

    function authorise(uint32 round, uint256 amount, bytes32 model) internal view returns (bytes memory) {
        StakeAuthorization memory a = StakeAuthorization(
            8, round, model, address(staker), amount, bytes32(uint256(round)), hashOf(round), staking.nonces(address(staker)), clock() + 600
        );
        return abi.encode(a, sign(NUMERAI_KEY, staking.authorizationDigest(a)));
    }

    function hashOf(uint32 round) internal pure returns (bytes32) {
        return sha256(abi.encode(round));
    }

    function open(uint32 round) internal {
        staking.openRound(round, uint64(clock() + 1 hours));
        bytes32 hash = hashOf(round); // a call of a precompile: before the prank
        vm.prank(committer);
        vault.commit(round, hash);
    }

    function stake(uint32 round, uint256 amount) internal {
        open(round);
        bytes memory authorisation = authorise(round, amount, MODEL);
        uint32 collects = vault.collects();
        vm.prank(stakerKey);
        vault.stake(round, uint88(amount), 10_000, collects, authorisation);
    }

    function resolve(uint32 round, uint256 payout, uint256 burn) internal returns (bytes memory proof) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(uint256(round), MODEL, address(staker), payout, burn))));
        staking.resolve(round, leaf);
        return abi.encode(payout, burn, new bytes32[](0));
    }

    function collect(uint32 round, int256 result) internal {
        bytes memory proof = resolve(round, result > 0 ? uint256(result) : 0, result < 0 ? uint256(-result) : 0);
        vault.collect(round, proof);
    }

    function play(uint32 round, uint256 amount, int256 result) internal {
        stake(round, amount);
        collect(round, result);
    }
}
