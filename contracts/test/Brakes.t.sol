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
        eq(state().free, 0, "free");
        eq(state().promised, 800 * NMR, "promised");
        eq(state().reserveLocked, 0, "unlocked");
        eq(vault.claim(series, 2, alice), 500 * NMR, "live units");
        eq(vault.claimable(late, 2, bob), 200 * NMR, "the deposit given back");
        eq(vault.claim(late, 2, bob), 200 * NMR, "the deposit given back");
        eq(vault.claim(late, 2, bob), 0, "once");
        eq(vault.claim(safe, 2, carol), 100 * NMR, "and the covered one");
        eq(state().promised, 0, "promised");
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
        eq(state().free, 700 * NMR, "the joiners joined");
        settle(series < late ? two(_line(series, 5), _line(late, 2)) : two(_line(late, 2), _line(series, 5)));
        eq(vault.claim(late, 3, bob), 200 * NMR, "and left");
        eq(vault.claim(series, 3, alice), 500 * NMR, "with the others");
    }

    function _line(uint256 of_, uint64 units) private pure returns (Line[] memory) {
        return one(of_, 3, units, 100 * NMR, 0, true);
    }
}
