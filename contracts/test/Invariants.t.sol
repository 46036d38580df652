// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStaker} from "../src/interfaces/IStaker.sol";
import {Holding} from "../src/interfaces/IVaultForWayOut.sol";
import "./Fixture.sol";
import {Season} from "./Season.sol";
import {SeasonBooks} from "./SeasonBooks.sol";

/// CONTRACT.md 4.9, after any sequence of what Season plays. 6 to 9 and 15 are watched step by step in there, 12 and 13 are Differential.t.sol's, 14 (books
/// equal chain) is a test of the books in C#.
contract InvariantsTest is Fixture {
    Season internal season;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public override {
        season = new Season();
        season.setUp();
        (vault, reader, nmr, staking, wayOut) = season.parts();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(season);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[30] memory actions = [
            Season.deposit.selector, Season.deposit.selector, Season.deposit.selector, Season.cancel.selector, Season.exit.selector, Season.exit.selector,
            Season.cancelExit.selector, Season.transfer.selector, Season.claim.selector, Season.claim.selector, Season.house.selector,
            Season.reserve.selector, Season.moveCut.selector, Season.revokeCutMove.selector, Season.changeStaker.selector, Season.windDown.selector,
            Season.pauseFor.selector, Season.donate.selector, Season.wait.selector, Season.usurp.selector, Season.stakeRound.selector,
            Season.collectRound.selector, Season.settleHonestly.selector, Season.settleHonestly.selector, Season.acceptPending.selector, Season.veto.selector,
            Season.settleHostilely.selector, Season.openWayOut.selector, Season.escape.selector, Season.takeRest.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(season), new bytes4[](30));
        for (uint256 i; i < 30; ++i) targets[0].selectors[i] = actions[i];
    }

    function invariant_1_to_10() public view {
        State memory s = state();
        // 1: every wei of the vault's NMR has one place.
        eq(nmr.balanceOf(address(vault)), s.waiting + s.joining + s.free + s.promised + s.reserve + season.donated(), "1: balance");
        // 2: what is promised is what holders and owner can claim, to the wei.
        SeasonBooks.Survey memory sum = season.survey(); // 3 within
        eq(s.promised, s.houseDue + sum.claimable[0] + sum.claimable[1] + sum.claimable[2], "2: promised");
        // 3 and 5: what is outstanding is what holders have; the reserve locks what the terms of all units say, and has it.
        eq(s.units, sum.units, "3: units");
        eq(s.principal, sum.principal, "3: principal");
        eq(s.reserveLocked, sum.locked, "5: locked");
        yes(s.booksClosed || s.reserveLocked + s.reserveDue <= s.reserve, "5: reserve");
        // 4: nothing beyond principal but what was won.
        eq(s.gainsLeft, season.won() - season.gainsUsed(), "4: gains");
        yes(s.houseNet == season.houseNet(), "4: house");
        yes(s.houseNet <= int256(s.gainsLeft), "4: the owner within the gains");
        if (s.booksClosed) escapes(s);
        // 9: the owner has put in what he has got, but for what was won, the fees, and what was given to the house.
        yes(nmr.balanceOf(owner) <= 1_000_000 * NMR + season.won() + season.feesIn() + season.donatedHouse(), "9: owner");
        // 10: nothing stays with a staker.
        for (uint8 g; g <= s.generation; ++g) {
            IStaker at = vault.stakerOf(g);
            eq(nmr.balanceOf(address(at)), 0, "10: balance");
            eq(nmr.allowance(address(at), address(staking)), 0, "10: allowance");
            eq(nmr.allowance(address(vault), address(at)), 0, "10: the vault's allowance");
        }
    }

    /// 4, of the way out: beyond unit size no more than is left of the gains, the owner's within.
    function escapes(State memory s) private view {
        uint256 gain;
        for (uint256 i; i < season.seriesCount(); ++i) {
            uint32[] memory weeks_ = season.weeksOf(season.allSeries(i));
            for (uint256 e; e < weeks_.length; ++e) gain += _gainOf(season.allSeries(i), weeks_[e]);
        }
        int256 house = s.houseNet > 0 ? s.houseNet : int256(0);
        yes(int256(gain) + house <= int256(s.gainsLeft), "4: escapes");
    }

    function _gainOf(uint256 series, uint32 exitWeek) private view returns (uint256 gain) {
        for (uint256 b; b < 3; ++b) {
            address backer = season.backers(b);
            uint256 escaped = wayOut.escapedOf(series, exitWeek, backer);
            if (escaped == 0) continue;
            Holding memory held = vault.holding(series, exitWeek, backer);
            uint256 before = held.paid > held.unitSize ? held.paid : held.unitSize;
            if (held.paid + escaped > before) gain += held.units * (held.paid + escaped - before);
        }
    }

    /// 11: from wherever the season got to, time and calls that anybody can make bring everybody his NMR.
    function afterInvariant() public {
        season.leaveForGood(season.round() % 2 == 0);
    }
}
