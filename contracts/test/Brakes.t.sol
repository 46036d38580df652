// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import "./Fixture.sol";

contract BrakesTest is Fixture {
    uint256 internal series;
    bytes32 internal id;

    function setUp() public override {
        super.setUp();
        id = offer(simple());
        series = buy(alice, id, 5, false);
        settle();
    }

    function test_47_everything_paused_stops_deposits_and_stakes_alone() public {
        stake(1, 100 * NMR);
        exit(alice, series, 1);
        uint256 late = buy(bob, id, 2, false);
        vm.prank(guardian);
        vault.pause(true, true);
        vm.expectRevert(Stopped.selector);
        vm.prank(alice);
        vault.deposit(id, 1, false, 2);
        open(2);
        bytes memory authorisation = authorise(2, 1, MODEL);
        vm.expectRevert(Stopped.selector);
        vm.prank(stakerKey);
        vault.stake(2, 1, 10_000, 0, authorisation);

        vm.prank(bob);
        vault.cancel(late, 1);
        exit(alice, series, 1);
        vm.prank(alice);
        vault.cancelExit(series, 1);
        vm.prank(alice);
        vault.transfer(bob, series, 1);
        addHouse(1);
        addReserve(1);
        collect(1, int256(NMR));
        settle(one(series, 2, 1, 100 * NMR, 0, true));
        eq(vault.claim(series, 2, alice), 100 * NMR, "claim");
        vm.prank(owner);
        vault.pause(false, false);
        buy(alice, id, 1, false);
        stake(3, 1);
    }

    function test_only_guardian_and_owner_pause_and_veto() public {
        address[4] memory others = [committer, stakerKey, settler, stranger];
        toCut(2);
        Week memory week = next();
        vm.prank(settler);
        vault.propose(week, none());
        for (uint256 i; i < 4; ++i) {
            vm.expectRevert(NotAllowed.selector);
            vm.prank(others[i]);
            vault.pause(true, true);
            vm.expectRevert(NotAllowed.selector);
            vm.prank(others[i]);
            vault.veto();
        }
        vm.prank(owner);
        vault.veto();
    }

    /// Every function of a role, by everybody else.
    function test_23_each_role_by_everybody_else() public {
        toCut(2);
        Week memory week = next();
        bytes[10] memory calls = [
            abi.encodeCall(vault.commit, (1, 0)),
            abi.encodeCall(vault.stake, (1, 1, 1, 0, "")),
            abi.encodeCall(vault.propose, (week, none())),
            abi.encodeCall(vault.withdrawOffer, (id)),
            abi.encodeCall(vault.addHouse, (1)),
            abi.encodeCall(vault.askHouse, (1)),
            abi.encodeCall(vault.takeHouse, ()),
            abi.encodeCall(vault.addReserve, (1)),
            abi.encodeCall(vault.askReserve, (1)),
            abi.encodeCall(vault.takeReserve, ())
        ];
        address[7] memory everybody = [committer, stakerKey, settler, owner, guardian, alice, stranger];
        for (uint256 c; c < calls.length; ++c) {
            for (uint256 i; i < everybody.length; ++i) {
                if (i == (c < 3 ? c : 3)) continue;
                vm.prank(everybody[i]);
                (bool done, bytes memory reason) = address(vault).call(calls[c]);
                yes(!done && bytes4(reason) == NotAllowed.selector, "refused as not allowed");
            }
        }
    }

    function test_27_silence_of_28_days() public {
        uint256 last = vault.settledAt();
        vm.warp(last + 28 days - 1);
        vm.expectRevert(TooEarly.selector);
        vm.prank(stranger);
        vault.windDown();
        vm.warp(last + 28 days);
        vm.prank(stranger);
        vault.windDown();
        vm.expectRevert(WindingDown.selector);
        vm.prank(owner);
        vault.windDown();
    }

    function test_silence_from_the_beginning_counts_from_the_first_cut() public {
        vault = factory.create(_other());
        vm.warp(FIRST_CUT + 14 days + 28 days - 1);
        vm.expectRevert(TooEarly.selector);
        vault.windDown();
        vm.warp(FIRST_CUT + 14 days + 28 days);
        vault.windDown();
    }

    function _other() private view returns (CreateVault memory p) {
        p = params();
        p.firstCut = FIRST_CUT + 14 days;
    }

    function test_the_owner_winds_down_at_any_time_and_everybody_leaves() public {
        uint256 late = buy(bob, id, 2, true);
        addReserve(100 * NMR);
        uint256 safe = buy(carol, offer(covered()), 1, false);
        vm.prank(owner);
        vault.windDown();
        vm.expectRevert(WindingDown.selector); // 61
        vm.prank(alice);
        vault.deposit(id, 1, false, 2);
        open(1);
        bytes memory authorisation = authorise(1, 1, MODEL);
        vm.expectRevert(WindingDown.selector);
        vm.prank(stakerKey);
        vault.stake(1, 1, 10_000, 0, authorisation);

        toCut(2);
        eq(vault.claim(late, 2, bob), 0, "nothing before it is accepted");
        settle(one(series, 2, 5, 100 * NMR, 0, true));
        eq(vault.free(), 0, "free");
        eq(vault.promised(), 800 * NMR, "promised");
        eq(vault.reserveLocked(), 0, "unlocked");
        eq(vault.claim(series, 2, alice), 500 * NMR, "live units");
        eq(vault.claimable(late, 2, bob), 200 * NMR, "the deposit given back");
        eq(vault.claim(late, 2, bob), 200 * NMR, "the deposit given back");
        eq(vault.claim(late, 2, bob), 0, "once");
        eq(vault.claim(safe, 2, carol), 100 * NMR, "and the covered one");
        eq(vault.promised(), 0, "promised");
        refused(one(late, 2, 2, 100 * NMR, 0, true), LineOrder.selector);
    }

    function test_after_wind_down_anybody_cancels_for_the_holder_until_the_cut() public {
        uint256 late = buy(bob, id, 2, false);
        vm.expectRevert(NotAllowed.selector);
        vm.prank(stranger);
        vault.cancelFor(bob, late, 1);
        vm.prank(owner);
        vault.windDown();
        vm.prank(stranger);
        vault.cancelFor(bob, late, 1);
        eq(nmr.balanceOf(bob), 1_000_000 * NMR - 100 * NMR, "to the holder");
        toCut(2);
        vm.expectRevert(NotEnoughUnits.selector);
        vm.prank(stranger);
        vault.cancelFor(bob, late, 1);
    }

    function test_a_pending_proposal_stays_through_wind_down() public {
        uint256 late = buy(bob, id, 2, false);
        Week memory week = next();
        propose(week, none());
        vm.prank(owner);
        vault.windDown(); // belongs to settlement 3
        vault.accept(week, none());
        eq(vault.free(), 700 * NMR, "the joiners joined");
        settle(series < late ? two(_line(series, 5), _line(late, 2)) : two(_line(late, 2), _line(series, 5)));
        eq(vault.claim(late, 3, bob), 200 * NMR, "and left");
        eq(vault.claim(series, 3, alice), 500 * NMR, "with the others");
    }

    function _line(uint256 of_, uint64 units) private pure returns (Line[] memory) {
        return one(of_, 3, units, 100 * NMR, 0, true);
    }
}
