// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Season.sol";

/// CONTRACT.md 4.9, 12, 13 and 15: the same season played twice, the second time with something in between that must not matter.
/// A run is two seasons: fewer than elsewhere.
/// forge-config: default.fuzz.runs = 64
/// forge-config: deep.fuzz.runs = 5000
contract DifferentialTest is Season {
    uint256 private constant STEPS = 20;

    enum Between {
        Nothing,
        Pauses,
        Claims,
        Vetoes
    }

    function testFuzz_12_a_pause_changes_nothing_but_deposits_and_stakes(uint256 seed) public {
        same(seed, Between.Pauses);
    }

    function testFuzz_13_claims_in_any_order_and_number_pay_the_same(uint256 seed) public {
        same(seed, Between.Claims);
    }

    function testFuzz_15_what_a_responsive_guardian_vetoes_leaves_no_trace(uint256 seed) public {
        same(seed, Between.Vetoes);
    }

    function same(uint256 seed, Between between) private {
        unwatched = true;
        uint256 start = vm.snapshotState();
        bytes32 plain = play(seed, Between.Nothing);
        yes(vm.revertToState(start), "back to the start");
        eq(play(seed, between), plain, "the same season");
    }

    function play(uint256 seed, Between between) private returns (bytes32) {
        for (uint256 i; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 what = seed % 22;
            if (between == Between.Pauses) pause(what > 4 && what < 21);
            if (between == Between.Claims) for (uint256 n; n < 3; ++n) claim(seed >> 8 * n, seed >> 16 * n, seed >> 24 * n);
            if (between == Between.Vetoes) proposeAndVeto(seed);
            act(what, seed >> 8);
        }
        claimAll(between == Between.Claims);
        return everything();
    }

    function act(uint256 what, uint256 seed) private {
        if (what < 4) return deposit(seed, seed >> 2, seed >> 8, seed % 2 == 0);
        if (what == 4) return stakeRound(seed, seed >> 16);
        if (what < 7) return exit(seed, seed >> 8, seed >> 16);
        if (what == 7) return cancelExit(seed, seed >> 8, seed >> 16);
        if (what == 8) return cancel(seed, seed >> 8, seed >> 16, seed % 2 == 0);
        if (what == 9) return transfer(seed, seed >> 8, seed >> 16, seed >> 24);
        if (what == 10) return house(seed, seed >> 8);
        if (what == 11) return reserve(seed, seed >> 8);
        if (what == 12) return collectRound(seed, int256(seed >> 8));
        if (what == 13) return windDown(seed, seed % 3 == 0);
        if (what == 14) return donate(seed, seed % 2 == 0);
        if (what == 15) return wait(seed);
        if (what == 16) return veto(seed % 2 == 0);
        if (what == 17) return settleHostilely(seed, seed >> 8, seed >> 16, false);
        if (what < 21) return settleHonestly(seed);
        stakeRound(seed, 3);
    }

    function pause(bool paused) private {
        vm.prank(guardian);
        vault.pause(paused, paused);
    }

    function proposeAndVeto(uint256 seed) private {
        State memory s = state();
        if (s.booksClosed || s.acceptableAt != 0 || clock() < vault.cut(s.lastAccepted + 1)) return;
        (Week memory w, Line[] memory lines) = honest(s.lastAccepted + 1, seed);
        bend(w, lines, seed >> 8, seed >> 16);
        _propose(w, lines);
        veto(seed % 2 == 0);
    }

    function claimAll(bool backwards) private {
        for (uint256 i; i < allSeries.length; ++i) {
            uint256 series = allSeries[backwards ? allSeries.length - 1 - i : i];
            uint32[] memory weeks_ = weeksOf(series);
            for (uint256 e; e < weeks_.length; ++e) {
                for (uint256 b; b < 3; ++b) _claim(backers[backwards ? 2 - b : b], series, weeks_[backwards ? weeks_.length - 1 - e : e]);
            }
        }
    }

    /// Carol is alice's second account: what the two get together is what alice alone would have got.
    function testFuzz_13_splitting_and_merging_changes_nothing(uint256 seed, bool pay) public {
        unwatched = true;
        uint256 start = vm.snapshotState();
        uint256 whole = playAlone(seed, pay, false);
        yes(vm.revertToState(start), "back to the start");
        eq(playAlone(seed, pay, true), whole, "both accounts");
    }

    function playAlone(uint256 seed, bool pay, bool split) private returns (uint256) {
        uint256 series = buy(alice, offers[2], 20, pay);
        _knowSeries(series);
        settleHonestly(seed | 1);
        for (uint256 week = 2; week < 9; ++week) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (vault.currentWeek() <= end(series)) {
                uint256 live = reader.liveUnits(vault, series);
                if (split) move(series, seed);
                uint256 leave = live == 0 || seed % 3 == 0 ? 0 : (seed >> 8) % (live + 1);
                uint256 ofAlice = leave < vault.balanceOf(alice, series) ? leave : vault.balanceOf(alice, series);
                if (leave != 0) _knowExit(series, vault.currentWeek());
                if (ofAlice != 0) exit(alice, series, uint64(ofAlice));
                if (leave > ofAlice) exit(carol, series, uint64(leave - ofAlice));
            }
            settleHonestly(seed | 1);
            if (split) claim(seed % 2 * 2, 0, seed >> 8);
        }
        claimAll(split);
        return nmr.balanceOf(alice) + nmr.balanceOf(carol);
    }

    /// Some of the units to the other account, or back.
    function move(uint256 series, uint256 seed) private {
        (address from, address to) = seed % 2 == 0 ? (alice, carol) : (carol, alice);
        uint256 part = (seed >> 16) % (vault.balanceOf(from, series) + 1);
        if (part != 0) mustPass(from, address(vault), abi.encodeCall(vault.transfer, (to, series, part)));
    }
}
