// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LyingNmr, TaxedNmr} from "../hostile/HostileNmr.sol";
import "./Attack.sol";

/// NMR's quirks (CONTRACT 4.8) against the vault. This contract is NMR's multisig and relay.
contract NmrAttacksTest is Attack {
    function test_50_stopped_nmr_refuses_everything_and_loses_nothing() public {
        bytes32 id = offer(simple());
        addHouse(100 * NMR);
        addReserve(50 * NMR);
        by(owner).askReserve(uint88(20 * NMR));
        uint256 series = buy(alice, id, 3, false);
        Week memory week = next();
        (week.houseOut, week.reserveOut) = (uint88(10 * NMR), uint88(20 * NMR));
        settle(week, none());
        exit(alice, series, 1);
        stake(1, 10 * NMR);
        bytes memory proof = resolve(1, 0, 0);
        uint256 late = buy(bob, id, 1, false);
        settle(one(series, 2, 1, 90 * NMR, 0, true));
        uint256 waits = buy(bob, id, 1, false);
        open(2);
        bytes memory stakes = stakeCall(2, 1);
        bytes32 before = keccak256(abi.encode(state()));

        nmr.emergencyStop();
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 3)), NmrRefused.selector);
        denied(bob, abi.encodeCall(vault.cancel, (waits, 1)), NmrRefused.selector);
        denied(alice, abi.encodeCall(vault.claim, (series, 2, alice)), NmrRefused.selector);
        denied(owner, abi.encodeCall(vault.addHouse, (1)), NmrRefused.selector);
        denied(owner, abi.encodeCall(vault.addReserve, (1)), NmrRefused.selector);
        denied(owner, abi.encodeCall(vault.takeHouse, ()), NmrRefused.selector);
        denied(owner, abi.encodeCall(vault.takeReserve, ()), NmrRefused.selector);
        denied(stakerKey, stakes, NmrRefused.selector);
        denied(stranger, abi.encodeCall(vault.collect, (1, proof)), NmrRefused.selector);
        eq(keccak256(abi.encode(state())), before, "nothing changed");
        exit(alice, series, 1); // what moves no NMR goes on
        by(alice).transfer(bob, series, 1);

        nmr.release();
        vm.prank(stakerKey);
        (bool done,) = address(vault).call(stakes);
        yes(done, "stake");
        buy(alice, id, 1, false);
        by(bob).cancel(waits, 1);
        eq(vault.claim(series, 2, alice), 90 * NMR, "claim");
        vm.prank(owner);
        eq(vault.takeHouse(), 10 * NMR, "house");
        vm.prank(owner);
        eq(vault.takeReserve(), 20 * NMR, "reserve");
        eq(vault.collect(1, proof), 10 * NMR, "collect");
        eq(vault.balanceOf(bob, late), 1, "joined");
        nothingIsMissing();
    }

    function test_50_stopped_nmr_and_the_way_out() public {
        uint256 series = buy(alice, offer(simple()), 3, false);
        Leaf[] memory l = leaves(house(0), leaf(series, 0, 3, 100 * NMR));
        settleBooks(l, 0, none());
        toTheWayOut();
        bytes memory call = escapeCall(l, 1, 0, 0);
        nmr.emergencyStop();
        denied(alice, address(wayOut), call, NmrRefused.selector);
        nmr.release();
        uint256 snapshot = vm.snapshotState();
        eq(escape(alice, l, 1, 0, 0), 300 * NMR, "escape");
        vm.revertToState(snapshot);
        vm.warp(clock() + 26 weeks);
        nmr.emergencyStop();
        denied(stranger, address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 0, alice)), NmrRefused.selector);
        nmr.release();
        eq(wayOut.takeRest(series, 0, alice), 300 * NMR, "rest");
    }

    function test_51_appended_calldata_fails() public {
        bytes memory call = abi.encodeCall(nmr.transfer, (bob, 1));
        vm.prank(alice);
        uint256 gas = gasleft();
        (bool done, bytes memory answer) = address(nmr).call{gas: 200_000}(bytes.concat(call, hex"00"));
        yes(!done && answer.length == 0, "appended");
        yes(gas - gasleft() > 200_000, "all the gas is gone");
        vm.prank(alice);
        (done,) = address(nmr).call{gas: 200_000}(call);
        yes(done, "exact");
    }

    /// Bytes behind a call of the vault never reach NMR.
    function test_51_appended_to_calls_of_the_vault() public {
        bytes32 id = offer(simple());
        bytes memory tail = hex"cafe";
        vm.prank(alice);
        (bool done,) = address(vault).call(bytes.concat(abi.encodeCall(vault.deposit, (id, 2, false, 1)), tail));
        yes(done, "deposit");
        vm.prank(alice);
        (done,) = address(vault).call(bytes.concat(abi.encodeCall(vault.cancel, (Series.id(id, false, 1), 1)), tail));
        yes(done, "cancel");
        eq(nmr.balanceOf(address(vault)), 100 * NMR, "moved as said");
    }

    function test_52_approve_only_from_or_to_zero_and_no_allowance_stays() public {
        denied(alice, address(nmr), abi.encodeCall(nmr.approve, (address(vault), 1)), 0);
        vm.prank(alice);
        nmr.changeApproval(address(vault), type(uint256).max, 5);
        vm.prank(alice);
        nmr.approve(address(vault), 0);
        vm.prank(alice);
        nmr.approve(address(vault), 100 * NMR);
        buy(alice, offer(simple()), 1, false);
        eq(nmr.allowance(alice, address(vault)), 0, "every allowance is used up");
        settle();
        stake(1, 60 * NMR);
        noAllowance();
        collect(1, 0);
        noAllowance();
        stake(2, 100 * NMR); // from zero again
        noAllowance();
    }

    /// But the account's own, for Numerai, of what lies there: nothing.
    function noAllowance() internal view {
        eq(nmr.allowance(address(vault), address(staking)) + nmr.allowance(address(vault), address(staker)), 0, "vault");
        eq(nmr.allowance(address(staker), address(staking)) + nmr.allowance(address(staker), address(vault)), 0, "staker");
        eq(nmr.allowance(address(staker), numeraiSees), 0, "staker for its account");
        eq(nmr.balanceOf(address(staker)) + nmr.balanceOf(numeraiSees), 0, "nothing lies there");
    }

    function test_53_custodied_addresses() public {
        bytes32 id = offer(simple());
        address[3] memory custodied = [address(1), address(0xdEaD), address(0xF4240)];
        uint256 series = buy(alice, id, 5, false);
        for (uint256 i; i < 3; ++i) {
            nmr.faucet(custodied[i], 100 * NMR);
            vm.prank(custodied[i]);
            nmr.approve(address(vault), 100 * NMR);
            denied(custodied[i], abi.encodeCall(vault.deposit, (id, 1, false, 1)), BadReceiver.selector);
        }
        settle();
        for (uint256 i; i < 3; ++i) denied(alice, abi.encodeCall(vault.transfer, (custodied[i], series, 1)), BadReceiver.selector);
        nmr.faucet(address(0xF4241), 100 * NMR);
        vm.prank(address(0xF4241));
        nmr.approve(address(vault), 100 * NMR);
        buy(address(0xF4241), id, 1, false);
        CreateVault memory p = params();
        (p.owner, p.firstCut) = (address(0xF4240), uint64(clock() + 1));
        denied(stranger, address(factory), abi.encodeCall(factory.create, (p)), BadVault.selector);
    }

    function test_54_an_allowance_is_a_licence_to_burn_and_there_is_none() public {
        vm.prank(alice);
        nmr.changeApproval(address(vault), type(uint256).max, 100 * NMR);
        vm.prank(alice);
        nmr.approve(bob, NMR);
        vm.prank(bob);
        yes(nmr.numeraiTransfer(alice, NMR), "burns a backer's");
        eq(nmr.balanceOf(alice), 999_999 * NMR, "burnt");
        buy(alice, offer(simple()), 1, false);
        settle();
        play(1, 100 * NMR, 0);
        address[7] memory spenders = [address(staking), address(staker), numeraiSees, address(notices), address(wayOut), owner, settler];
        for (uint256 i; i < 7; ++i) {
            vm.prank(spenders[i]);
            yes(!nmr.numeraiTransfer(address(vault), 1), "burns the vault's");
        }
        nothingIsMissing();
    }
}

contract NmrAttacksTest_OnAccount is NmrAttacksTest, OnAccount {}

/// A vault whose NMR says true and moves nothing.
contract LyingNmrTest is Attack {
    constructor() {
        nmrArtifact = "HostileNmr.sol:LyingNmr";
    }

    function test_55_what_did_not_arrive_is_refused() public {
        bytes32 id = offer(simple());
        LyingNmr(address(nmr)).lie(true);
        denied(alice, abi.encodeCall(vault.deposit, (id, 1, false, 1)), NmrRefused.selector);
        denied(owner, abi.encodeCall(vault.addHouse, (1)), NmrRefused.selector);
        denied(owner, abi.encodeCall(vault.addReserve, (1)), NmrRefused.selector);
        LyingNmr(address(nmr)).lie(false);
        eq(Series.joinWeek(buy(alice, id, 1, false)), 1, "honest again");
        nothingIsMissing();
    }

    function test_55_a_round_that_did_not_come_home() public {
        buy(alice, offer(simple()), 1, false);
        settle();
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, NMR, 0);
        LyingNmr(address(nmr)).lie(true);
        denied(stranger, abi.encodeCall(vault.collect, (7, proof)), NmrRefused.selector);
        LyingNmr(address(nmr)).lie(false);
        eq(vault.collect(7, proof), 11 * NMR, "nothing is lost");
        nothingIsMissing();
    }
}

contract LyingNmrTest_OnAccount is LyingNmrTest, OnAccount {}

/// A vault of whose NMR a part is kept on the way.
contract TaxedNmrTest is Attack {
    constructor() {
        nmrArtifact = "HostileNmr.sol:TaxedNmr";
    }

    function test_55_no_less_than_said_arrives() public {
        bytes32 id = offer(simple());
        buy(alice, id, 1, false);
        settle();
        stake(7, 10 * NMR);
        bytes memory proof = resolve(7, NMR, 0);
        TaxedNmr(address(nmr)).tax(1);
        denied(bob, abi.encodeCall(vault.deposit, (id, 1, false, 2)), NmrRefused.selector);
        vm.expectRevert();
        vault.collect(7, proof);
        TaxedNmr(address(nmr)).tax(0);
        eq(vault.collect(7, proof), 11 * NMR, "nothing is lost");
        nothingIsMissing();
    }
}

contract TaxedNmrTest_OnAccount is TaxedNmrTest, OnAccount {}
