// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Season.sol";

/// CONTRACT.md 4.9, after any sequence of what Season plays.
contract InvariantsTest is Test {
    Season internal season;
    Vault internal vault;
    SandboxNmr internal nmr;
    address[3] internal backers = [address(0x2000001), address(0x2000002), address(0x2000003)];

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        season = new Season();
        season.setUp();
        vault = season.live();
        nmr = season.token();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(season);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[15] memory actions = [
            Season.deposit.selector, Season.deposit.selector, Season.cancel.selector, Season.exit.selector, Season.cancelExit.selector, Season.transfer.selector,
            Season.claim.selector, Season.house.selector, Season.reserve.selector, Season.donate.selector, Season.windDown.selector,
            Season.stakeRound.selector, Season.collectRound.selector, Season.settleHonestly.selector, Season.settleHostilely.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(season), new bytes4[](15));
        for (uint256 i; i < 15; ++i) targets[0].selectors[i] = actions[i];
    }

    /// 1: every wei of the vault's NMR has one place.
    function invariant_1_the_balance_is_what_is_counted() public view {
        eq(
            nmr.balanceOf(address(vault)),
            vault.waiting() + vault.joining() + vault.free() + vault.promised() + vault.reserve() + season.donated(),
            "balance"
        );
    }

    /// 2: what is promised is what holders and owner can claim, to the wei.
    function invariant_2_promised_is_claimable() public view {
        uint256 claimable = vault.houseDue();
        uint32 last = vault.currentWeek() + 1;
        for (uint256 i; i < season.seriesCount(); ++i) {
            uint256 series = season.allSeries(i);
            bool converted = season.end(series) <= vault.lastAccepted(); // then the live units are counted in their class
            for (uint256 b; b < 3; ++b) {
                for (uint32 e = converted ? 1 : 0; e <= last; ++e) claimable += vault.claimable(series, e, backers[b]);
            }
        }
        eq(vault.promised(), claimable, "promised");
    }

    /// 3: holders' units are the series' and the classes'.
    function invariant_3_units_add_up() public view {
        uint32 last = vault.currentWeek() + 1;
        for (uint256 i; i < season.seriesCount(); ++i) {
            uint256 series = season.allSeries(i);
            uint256 held;
            for (uint256 b; b < 3; ++b) held += vault.balanceOf(backers[b], series);
            eq(held, vault.liveUnits(series), "live");
            for (uint32 e = 1; e <= last; ++e) {
                uint256 leaving;
                for (uint256 b; b < 3; ++b) leaving += vault.leavingUnits(series, e, backers[b]);
                (uint64 units,,) = vault.classOf(series, e);
                eq(leaving, units, "leaving");
            }
        }
    }

    /// 4: nothing beyond principal but what was won.
    function invariant_4_gains() public view {
        eq(vault.gains(), season.gains(), "gains");
        uint256 houseGain = vault.houseOut() > vault.houseIn() ? vault.houseOut() - vault.houseIn() : 0;
        yes(vault.linesGain() + houseGain <= vault.gains(), "within the gains");
    }

    /// 5: the locked reserve is there.
    function invariant_5_reserve() public view {
        yes(vault.reserveLocked() + vault.reserveDue() <= vault.reserve(), "reserve");
    }
}
