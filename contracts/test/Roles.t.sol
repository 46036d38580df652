// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Artifacts} from "./Artifacts.sol";
import "./attacks/Attack.sol";

/// Every function by every role: exactly the allowed cells succeed, in a state in which the allowed ones do.
contract RolesTest is Attack {
    uint16 internal constant OWNER = 1;
    uint16 internal constant COMMITTER = 2;
    uint16 internal constant STAKER_KEY = 4;
    uint16 internal constant SETTLER = 8;
    uint16 internal constant GUARDIAN = 16;
    uint16 internal constant CURATOR = 32;
    uint16 internal constant BACKER = 64; // alice, who holds units
    uint16 internal constant STRANGER = 128;
    uint16 internal constant NOTICES = 256;
    uint16 internal constant WAY_OUT = 512;
    uint16 internal constant BRAKES = OWNER | GUARDIAN;
    uint16 internal constant EVERYBODY = 1023;

    bytes32 internal id;
    uint256 internal series; // alice's
    uint256 internal waits; // alice's
    IStakers internal later;
    Leaf[] internal l;
    mapping(address target => mapping(bytes4 selector => bool)) internal tried;

    function setUp() public override {
        super.setUp();
        later = newGeneration();
        vm.prank(curator);
        factory.announce(later);
        address[11] memory all = roles();
        for (uint256 i; i < 10; ++i) {
            nmr.faucet(all[i], 1_000 * NMR);
            vm.prank(all[i]);
            (bool done,) = address(nmr).call(abi.encodeCall(nmr.approve, (address(vault), type(uint256).max)));
            yes(done || i == 0 || i == 6, "approved"); // owner and alice have before
        }
        addHouse(100 * NMR);
        addReserve(100 * NMR);
        series = buy(alice, id = offer(simple()), 10, false);
        Week memory week = next();
        week.houseOut = 1;
        settle(week, none());
        exit(alice, series, 2);
        waits = buy(alice, id, 3, false);
        stake(7, 10 * NMR);
    }

    function roles() internal view returns (address[11] memory) {
        return [owner, committer, stakerKey, settler, guardian, curator, alice, stranger, address(notices), address(wayOut), address(0)];
    }

    /// A row of the matrix: the call by everybody, each in the same state.
    function row(address target, bytes memory call, uint16 allowed, bytes4 reason) internal {
        tried[target][bytes4(call)] = true;
        address[11] memory all = roles();
        for (uint256 i; i < 10; ++i) {
            uint256 snapshot = vm.snapshotState();
            if (allowed & 1 << i == 0) {
                denied(all[i], target, call, reason);
            } else {
                vm.prank(all[i]);
                (bool done, bytes memory answer) = target.call(call);
                if (!done) revert RefusedOtherwise(abi.encodePacked(i, answer), bytes4(call));
            }
            vm.revertToState(snapshot);
        }
    }

    function row(bytes memory call, uint16 allowed) internal {
        row(address(vault), call, allowed, NotAllowed.selector);
    }

    function signed(string memory signature) internal pure returns (bytes memory) {
        return abi.encodeWithSignature(signature);
    }

    function vaultRows() internal {
        bytes4 noAllowance = bytes4(keccak256("ERC6909InsufficientAllowance(address,uint256,uint256,uint256)"));
        row(abi.encodeCall(vault.deposit, (id, 1, false, 2)), EVERYBODY);
        row(address(vault), abi.encodeCall(vault.cancel, (waits, 1)), BACKER, NotEnoughUnits.selector);
        row(address(vault), abi.encodeCall(vault.exit, (series, 1)), BACKER, NotEnoughUnits.selector);
        row(address(vault), abi.encodeCall(vault.cancelExit, (series, 1)), BACKER, NotEnoughUnits.selector);
        row(address(vault), abi.encodeCall(vault.transfer, (bob, series, 1)), BACKER, NotEnoughUnits.selector);
        row(address(vault), abi.encodeCall(vault.transferFrom, (alice, bob, series, 1)), BACKER, noAllowance);
        row(abi.encodeCall(vault.approve, (bob, series, 1)), EVERYBODY);
        row(abi.encodeCall(vault.setOperator, (bob, true)), EVERYBODY);
        row(abi.encodeCall(vault.claim, (series, 2, alice)), EVERYBODY);
        row(abi.encodeCall(vault.sync, ()), EVERYBODY);

        Terms memory other = simple();
        other.profitShareBps = 1;
        bytes memory signature = sign(OWNER_KEY, termsDigest(other, address(vault), block.chainid));
        row(abi.encodeCall(vault.offer, (other, signature)), EVERYBODY); // whoever brings what the owner signed
        row(abi.encodeCall(vault.offer, (other, sign(OWNER_KEY + 1, termsDigest(other, address(vault), block.chainid)))), 0);
        row(abi.encodeCall(vault.withdrawOffer, (id)), OWNER);
        row(abi.encodeCall(vault.addHouse, (1)), OWNER);
        row(abi.encodeCall(vault.askHouse, (1)), OWNER);
        row(abi.encodeCall(vault.takeHouse, ()), OWNER);
        row(abi.encodeCall(vault.addReserve, (1)), OWNER);
        row(abi.encodeCall(vault.askReserve, (1)), OWNER);
        row(abi.encodeCall(vault.takeReserve, ()), OWNER);

        staking.openRound(8, uint64(clock() + 1 hours));
        row(abi.encodeCall(vault.commit, (8, hashOf(8))), COMMITTER);
        open(8);
        row(stakeCall(8, NMR), STAKER_KEY);
        row(abi.encodeCall(vault.collect, (7, resolve(7, 1, 0))), EVERYBODY);
        row(abi.encodeCall(vault.pause, (true, true)), BRAKES);
        row(abi.encodeCall(vault.cancelFor, (alice, waits, 1)), 0);
        row(address(vault), signed("windDown()"), OWNER, TooEarly.selector);

        row(abi.encodeCall(vault.moveCuts, (9, 0, 1)), NOTICES);
        row(abi.encodeCall(vault.changeStaker, (generation)), NOTICES);
        row(abi.encodeCall(vault.closeBooks, ()), WAY_OUT);
        row(abi.encodeCall(vault.releaseReserve, (0)), WAY_OUT);
        row(abi.encodeCall(vault.payOut, (alice, 1)), WAY_OUT);
    }

    function weekRows() internal {
        toCut(2);
        Week memory week = next();
        row(abi.encodeCall(vault.propose, (week, none())), SETTLER);
        propose(week, none());
        row(abi.encodeCall(vault.veto, ()), BRAKES);
        row(abi.encodeCall(vault.accept, (week, none())), EVERYBODY);
        vault.accept(week, none());
    }

    function noticeRows() internal {
        settle();
        settle(); // the generation is listed
        row(address(notices), abi.encodeCall(notices.moveCut, (12, 1 hours)), OWNER, NotAllowed.selector);
        row(address(notices), abi.encodeCall(notices.announceStaker, (later)), OWNER, NotAllowed.selector);
        vm.startPrank(owner);
        notices.moveCut(12, 1 hours);
        notices.announceStaker(later);
        vm.stopPrank();
        row(address(notices), abi.encodeCall(notices.revokeCutMove, ()), BRAKES, NotAllowed.selector);
        row(address(notices), abi.encodeCall(notices.revokeStaker, ()), BRAKES, NotAllowed.selector);
        (, uint64 at) = notices.announced();
        while (vault.cut(state().lastAccepted) <= at) settle(); // the last week of the notice, too
        row(address(notices), abi.encodeCall(notices.adoptStaker, ()), OWNER, NotAllowed.selector);
    }

    function factoryRows() internal {
        IStakers next_ = newGeneration();
        row(address(factory), abi.encodeCall(factory.announce, (next_)), CURATOR, NotAllowed.selector);
        CreateVault memory p = params();
        (p.modelId, p.firstCut) = (bytes32(uint256(1)), uint64(clock() + 1 days));
        row(address(factory), abi.encodeCall(factory.create, (p)), EVERYBODY, NotAllowed.selector);
    }

    /// Books of what is there now: 9 live units and 1 leaving, and the 3 that have joined.
    function settleWithBooks() internal {
        l.push(house(100 * NMR - 1));
        l.push(leaf(series, 0, 9, 100 * NMR));
        l.push(leaf(series, 2, 1, 100 * NMR));
        l.push(leaf(waits, 0, 3, 100 * NMR));
        settleBooks(l, 0, none());
        waits = buy(alice, id, 3, false);
    }

    function overdueRows() internal {
        bytes memory windDown = abi.encodeWithSignature("windDown(uint256,uint32)", series, 2);
        bytes memory open_ = abi.encodeWithSignature("open(uint256,uint32)", series, 2);
        row(address(vault), windDown, 0, TooEarly.selector);
        row(address(wayOut), open_, 0, TooEarly.selector);
        uint256 snapshot = vm.snapshotState();
        while (state().lastAccepted < 18) settle();
        row(windDown, EVERYBODY);
        by(owner).windDown();
        row(address(wayOut), open_, EVERYBODY, 0);
        vm.revertToState(snapshot);
    }

    function silenceRows() internal {
        row(address(wayOut), signed("open()"), 0, TooEarly.selector);
        vm.warp(clock() + 28 days);
        row(signed("windDown()"), EVERYBODY);
        by(owner).windDown();
        row(address(vault), abi.encodeCall(vault.cancelFor, (alice, waits, 1)), 0, NotEnoughUnits.selector); // its cut has passed
        vm.warp(clock() + 28 days);
        row(address(wayOut), signed("open()"), EVERYBODY, 0);
        wayOut.open();
        row(abi.encodeCall(vault.cancelFor, (alice, waits, 1)), EVERYBODY);
        row(address(wayOut), escapeCall(l, 1, 0, 0), BACKER, NotEnoughUnits.selector);
        row(address(wayOut), escapeCall(l, 0, 0, 0), EVERYBODY, 0); // the house's, paid to the owner
        vm.warp(clock() + 26 weeks);
        row(address(wayOut), abi.encodeCall(wayOut.takeRest, (series, 0, alice)), EVERYBODY, 0);
    }

    function views() internal {
        bytes[19] memory ofVault = [
            abi.encodeCall(vault.companions, ()),
            abi.encodeCall(vault.currentWeek, ()),
            abi.encodeCall(vault.cut, (1)),
            abi.encodeCall(vault.stakerOf, (0)),
            abi.encodeCall(vault.words, (new uint256[](3))),
            abi.encodeCall(vault.classOf, (series, 2)),
            abi.encodeCall(vault.claimable, (series, 2, alice)),
            abi.encodeCall(vault.calendar, ()),
            abi.encodeCall(vault.silentSince, ()),
            abi.encodeCall(vault.isOverdue, (series, 2)),
            abi.encodeCall(vault.lastBooks, ()),
            abi.encodeCall(vault.holding, (series, 0, alice)),
            abi.encodeCall(vault.lockedByUnits, ()),
            abi.encodeCall(vault.balanceOf, (alice, series)),
            abi.encodeCall(vault.allowance, (alice, bob, series)),
            abi.encodeCall(vault.isOperator, (alice, bob)),
            abi.encodeCall(vault.supportsInterface, (0x0f632fb3)),
            abi.encodeCall(vault.supportsInterface, (0x01ffc9a7)),
            abi.encodeCall(vault.supportsInterface, (0xffffffff))
        ];
        for (uint256 i; i < ofVault.length; ++i) row(ofVault[i], EVERYBODY);
        row(address(notices), signed("created()"), EVERYBODY, 0);
        row(address(notices), signed("announced()"), EVERYBODY, 0);
        row(address(notices), signed("vault()"), EVERYBODY, 0);
        row(address(notices), signed("factory()"), EVERYBODY, 0);
        row(address(wayOut), signed("openedAt()"), EVERYBODY, 0);
        row(address(wayOut), signed("paid()"), EVERYBODY, 0);
        row(address(wayOut), signed("vault()"), EVERYBODY, 0);
        row(address(wayOut), abi.encodeCall(wayOut.escapedOf, (series, 0, alice)), EVERYBODY, 0);
        row(address(factory), signed("companions()"), EVERYBODY, 0);
        row(address(factory), signed("reader()"), EVERYBODY, 0);
        row(address(factory), signed("curator()"), EVERYBODY, 0);
        row(address(factory), abi.encodeCall(factory.listedAt, (later)), EVERYBODY, 0);
        row(address(factory), abi.encodeCall(factory.isListed, (later)), EVERYBODY, 0);
    }

    /// That no function is left out of the matrix.
    function complete(address target, string memory artifact) internal view {
        string[] memory all = Artifacts.functionsOf(artifact);
        for (uint256 i; i < all.length; ++i) {
            if (!tried[target][bytes4(keccak256(bytes(all[i])))]) revert NotTrue(string.concat(artifact, " ", all[i]));
        }
        yes(all.length != 0, "functions");
    }

    function test_23_every_function_by_every_role() public {
        views();
        vaultRows();
        weekRows();
        noticeRows();
        factoryRows();
        settleWithBooks();
        overdueRows();
        silenceRows();
        complete(address(vault), "Vault.sol/Vault");
        complete(address(notices), "Notices.sol/Notices");
        complete(address(wayOut), "WayOut.sol/WayOut");
        complete(address(factory), "VaultFactory.sol/VaultFactory");
    }
}

contract RolesTest_OnAccount is RolesTest, OnAccount {}
