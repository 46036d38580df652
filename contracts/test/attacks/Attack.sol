// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IWayOut, Leaf, Proof} from "../../src/interfaces/IWayOut.sol";
import {Books} from "../Books.sol";
import "../Fixture.sol";

/// Attacks of CONTRACT.md section 6, a test each, its number first; where "Decided" changes an outcome, the new one is asserted.
abstract contract Attack is Fixture {
    bytes32 internal constant DIGEST = keccak256("the stored books");

    error Succeeded(bytes call);
    error RefusedOtherwise(bytes actual, bytes4 expected);

    /// The call is refused for this reason: that it succeeds, or is refused otherwise, fails the test. 0: without a reason.
    function denied(address who, address target, bytes memory call, bytes4 reason) internal {
        vm.prank(who);
        (bool done, bytes memory answer) = target.call(call);
        if (done) revert Succeeded(call);
        if (reason == 0 ? answer.length != 0 : bytes4(answer) != reason) revert RefusedOtherwise(answer, reason);
    }

    function denied(address who, bytes memory call, bytes4 reason) internal {
        denied(who, address(vault), call, reason);
    }

    function stakeCall(uint32 round, uint256 amount) internal view returns (bytes memory) {
        return abi.encodeCall(vault.stake, (round, uint88(amount), 10_000, state().collects, authorise(round, amount, MODEL)));
    }

    function by(address who) internal returns (Vault) {
        vm.prank(who);
        return vault;
    }

    /// Two lines in the order that the chain wants.
    function ordered(Line[] memory a, Line[] memory b) internal pure returns (Line[] memory) {
        return a[0].series < b[0].series ? two(a, b) : two(b, a);
    }

    /// Every wei that is here has its place, once.
    function nothingIsMissing() internal view {
        State memory s = state();
        eq(nmr.balanceOf(address(vault)), s.free + s.waiting + s.joining + s.promised + s.reserve, "every wei once");
    }

    /* THE BOOKS' TREE */

    function leaf(uint256 series, uint32 exitWeek, uint64 units, uint256 value) internal pure returns (Leaf memory) {
        return Leaf(series, exitWeek, units, uint88(value));
    }

    function house(uint256 value) internal pure returns (Leaf memory) {
        return leaf(0, 0, 1, value);
    }

    function leaves(Leaf memory a, Leaf memory b) internal pure returns (Leaf[] memory l) {
        l = new Leaf[](2);
        (l[0], l[1]) = (a, b);
    }

    function leaves(Leaf memory a, Leaf memory b, Leaf memory c) internal pure returns (Leaf[] memory l) {
        l = new Leaf[](3);
        (l[0], l[1], l[2]) = (a, b, c);
    }

    function settleBooks(Leaf[] memory l, uint256 cover, Line[] memory lines) internal {
        Week memory week = next();
        week.books = Books.root(l, cover, DIGEST);
        settle(week, lines);
    }

    function toTheWayOut() internal {
        if (state().windDownWeek == 0) {
            vm.prank(owner);
            vault.windDown();
        }
        State memory s = state();
        uint256 opens = (s.windDownAt > s.settledAt ? s.windDownAt : s.settledAt) + 28 days;
        if (clock() < opens) vm.warp(opens);
        wayOut.open();
    }

    function escapeCall(Leaf[] memory l, uint256 index, uint256 cover, uint32 exitWeek) internal view returns (bytes memory) {
        return abi.encodeCall(wayOut.escape, (l[index], Books.proof(l, index, cover, DIGEST), exitWeek));
    }

    function escape(address who, Leaf[] memory l, uint256 index, uint256 cover, uint32 exitWeek) internal returns (uint256) {
        Proof memory p = Books.proof(l, index, cover, DIGEST);
        vm.prank(who);
        return wayOut.escape(l[index], p, exitWeek);
    }
}
