// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStaker, IStakers} from "../src/interfaces/IStaker.sol";
import {StakeAuthorization} from "../src/interfaces/INumeraiStaking.sol";
import {INotices} from "../src/interfaces/INotices.sol";
import {IVault, Line, Terms, Week} from "../src/interfaces/IVault.sol";
import {IVaultReader, State} from "../src/interfaces/IVaultReader.sol";
import {IWayOut} from "../src/interfaces/IWayOut.sol";
import {SandboxNmr} from "../src/sandbox/SandboxNmr.sol";
import {SandboxStaking} from "../src/sandbox/SandboxStaking.sol";
import {Series} from "../src/Units.sol";
import {TermsLib} from "../src/Terms.sol";
import {CreateVault} from "../src/interfaces/CreateVault.sol";
import {Vault, VaultFactory} from "./Contracts.sol";
import {Numerai, OnAccount} from "./Numerai.sol";
import {Test} from "./Test.sol";
import "../src/Errors.sol";

/// A vault with its season: people, and the week's steps as one call each.
abstract contract Fixture is Numerai {
    uint256 internal constant OWNER_KEY = 0xA11CE;
    uint64 internal constant FIRST_CUT = 1_800_000_000;
    uint64 internal constant WINDOW = 40 hours;

    address internal owner = vm.addr(OWNER_KEY);
    address internal committer = address(0x1000001);
    address internal stakerKey = address(0x1000002);
    address internal settler = address(0x1000003);
    address internal guardian = address(0x1000004);
    address internal curator = address(0x1000005);
    address internal alice = address(0x2000001);
    address internal bob = address(0x2000002);
    address internal carol = address(0x2000003);
    address internal stranger = address(0x3000001);

    VaultFactory internal factory;
    IVaultReader internal reader;
    Vault internal vault;
    INotices internal notices;
    IWayOut internal wayOut;

    function setUp() public virtual override {
        vm.warp(FIRST_CUT - 5 days);
        super.setUp();
        factory = VaultFactory(vm.deployCode("VaultFactory.sol:VaultFactory", abi.encode(curator, generation)));
        reader = IVaultReader(vm.deployCode("VaultReader.sol:VaultReader"));
        use(factory.create(params()));
        address[4] memory rich = [owner, alice, bob, carol];
        for (uint256 i; i < 4; ++i) {
            nmr.faucet(rich[i], 1_000_000 * NMR);
            vm.prank(rich[i]);
            nmr.approve(address(vault), type(uint256).max);
        }
    }

    function params() internal view returns (CreateVault memory) {
        return CreateVault(owner, committer, stakerKey, settler, guardian, IERC20(address(nmr)), generation, 8, MODEL, FIRST_CUT, WINDOW);
    }

    /// The vault, and its present staker, that the calls below are meant for.
    function use(Vault vault_) internal {
        vault = vault_;
        (notices, wayOut) = vault.companions();
        use(state().staker);
    }

    function state() internal view returns (State memory) {
        return reader.state(vault);
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
        State memory s = state();
        week.week = s.lastAccepted + 1;
        week.stakeLimit = uint88(1_000_000 * NMR);
        week.houseSpare = uint88(s.houseSpare);
        week.books = keccak256(abi.encode(week.week));
    }

    /// To the cut and past the window; what follows is `accept`.
    function propose(Week memory week, Line[] memory lines) internal {
        if (clock() < vault.cut(week.week)) toCut(week.week);
        vm.prank(settler);
        vault.propose(week, lines);
        vm.warp(state().acceptableAt);
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

    function open(uint32 round) internal {
        staking.openRound(round, uint64(clock() + 1 hours));
        bytes32 hash = hashOf(round); // a call of a precompile: before the prank
        vm.prank(committer);
        vault.commit(round, hash);
    }

    function stake(uint32 round, uint256 amount) internal {
        open(round);
        bytes memory authorisation = authorise(round, amount, MODEL);
        uint32 collects = state().collects;
        vm.prank(stakerKey);
        vault.stake(round, uint88(amount), 10_000, collects, authorisation);
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
