// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Artifacts} from "./Artifacts.sol";
import "./Fixture.sol";

/// What can be called at all, and what the code that can be called can do.
contract SurfaceTest is Fixture {
    function has(string[] memory names, string memory name) internal pure returns (bool) {
        for (uint256 i; i < names.length; ++i) if (keccak256(bytes(names[i])) == keccak256(bytes(name))) return true;
        return false;
    }

    /// `more`: what is public beside the interface, all of it read-only.
    function exactly(string memory artifact, string memory interface_, string[] memory more) internal view {
        string[] memory there = Artifacts.functionsOf(artifact);
        string[] memory named = Artifacts.functionsOf(interface_);
        for (uint256 i; i < named.length; ++i) yes(has(there, named[i]), string.concat(artifact, " lacks ", named[i]));
        for (uint256 i; i < more.length; ++i) yes(has(there, more[i]), string.concat(artifact, " lacks ", more[i]));
        for (uint256 i; i < there.length; ++i) {
            yes(has(named, there[i]) || has(more, there[i]), string.concat(artifact, " also has ", there[i]));
        }
        yes(there.length != 0, artifact);
    }

    function list() internal pure returns (string[] memory) {}

    function list(string memory a) internal pure returns (string[] memory l) {
        l = new string[](1);
        l[0] = a;
    }

    function list(string memory a, string memory b) internal pure returns (string[] memory l) {
        l = new string[](2);
        (l[0], l[1]) = (a, b);
    }

    function list(string memory a, string memory b, string memory c, string memory d) internal pure returns (string[] memory l) {
        l = new string[](4);
        (l[0], l[1], l[2], l[3]) = (a, b, c, d);
    }

    function list(string[] memory some, string memory a) internal pure returns (string[] memory l) {
        l = new string[](some.length + 1);
        for (uint256 i; i < some.length; ++i) l[i] = some[i];
        l[some.length] = a;
    }

    /// No rescue, no skim, no upgrade, no arbitrary call: there is nothing but the interface. test/Contracts.sol's Vault is IVault and IERC6909.
    function test_22_the_vaults_functions_are_exactly_its_interface() public view {
        exactly("Vault.sol/Vault", "Contracts.sol/Vault", list());
    }

    function test_22_nothing_else_can_be_called() public {
        string[12] memory wished = [
            "skim(address)", "rescue(address,uint256)", "recoverERC20(address,uint256)", "sweep(address)", "upgradeTo(address)", "upgradeToAndCall(address,bytes)",
            "transferOwnership(address)", "setOwner(address)", "execute(address,bytes)", "multicall(bytes[])", "initialize(address)", "pause()"
        ];
        address[3] memory all = [address(vault), address(notices), address(wayOut)];
        for (uint256 c; c < 3; ++c) {
            for (uint256 i; i < 12; ++i) {
                vm.prank(owner);
                (bool done, bytes memory answer) = all[c].call(abi.encodePacked(bytes4(keccak256(bytes(wished[i]))), new bytes(96)));
                yes(!done && answer.length == 0, wished[i]);
            }
            vm.prank(owner);
            (bool empty,) = all[c].call("");
            yes(!empty, "no call data");
            (bool ether_,) = all[c].call{value: 1}("");
            yes(!ether_, "no ether");
        }
    }

    function test_22_the_other_contracts_functions() public view {
        exactly("Notices.sol/Notices", "INotices.sol/INotices", list("vault()", "factory()"));
        exactly("WayOut.sol/WayOut", "IWayOut.sol/IWayOut", list("vault()"));
        exactly("VaultReader.sol/VaultReader", "IVaultReader.sol/IVaultReader", list());
        exactly("Companions.sol/Companions", "IVaultFactory.sol/ICompanions", list());
        exactly(
            "VaultFactory.sol/VaultFactory", "IVaultFactory.sol/IVaultFactory",
            list(list("announce(address)", "curator()", "listedAt(address)", factoryCreate()), "reader()")
        );
    }

    function factoryCreate() private pure returns (string memory) {
        return "create((address,address,address,address,address,address,address,uint256,bytes32,uint64,uint64))";
    }

    function test_22_the_stakers_functions() public view {
        exactly("NumeraiStaker.sol/NumeraiStaker", "IStaker.sol/IStaker", list("nmr()", "staking()", "tournament()", "modelId()"));
        string[] memory more = list(list("nmr()", "staking()", "tournament()", "modelId()"), "account()");
        exactly("NumeraiAccountStaker.sol/NumeraiAccountStaker", "IStaker.sol/IStaker", list(more, "acceptAccount()")); // which works once
    }

    /// The opcodes of the code, without the data that PUSHes push.
    function walk(address target, string memory what) internal view {
        bytes memory code = target.code;
        yes(code.length != 0 && code.length <= 24_576, string.concat(what, ": length"));
        for (uint256 i; i < code.length; ++i) {
            uint8 op = uint8(code[i]);
            yes(op != 0xf4 && op != 0xf2 && op != 0xff, string.concat(what, ": DELEGATECALL, CALLCODE or SELFDESTRUCT"));
            if (op >= 0x60 && op <= 0x7f) i += op - 0x5f;
        }
    }

    function test_no_code_that_could_change_hands_or_itself() public view {
        walk(address(vault), "Vault");
        walk(address(notices), "Notices");
        walk(address(wayOut), "WayOut");
        walk(address(staker), "staker");
        walk(address(reader), "VaultReader");
        yes(address(factory).code.length <= 24_576, "VaultFactory: length");
    }

    function test_the_walk_finds_what_it_looks_for() public {
        bytes[3] memory bad = [bytes(hex"60f4f4"), hex"61fff2f2", hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"];
        for (uint256 i; i < 3; ++i) {
            vm.etch(address(0x7000001), bad[i]);
            (bool done,) = address(this).call(abi.encodeCall(this.walks, (address(0x7000001))));
            yes(!done, "found");
        }
        vm.etch(address(0x7000001), hex"61f4f200");
        this.walks(address(0x7000001));
    }

    function walks(address target) external view {
        walk(target, "code");
    }
}

contract SurfaceTest_OnAccount is SurfaceTest, OnAccount {}
