// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// An owner that is a contract (ERC-1271), and how it answers when it is asked whether it signed.
contract HostileOwner is IERC1271 {
    enum Answer {
        Yes,
        No,
        Revert,
        BurnGas, // all that it is given
        Garbage, // 32 bytes: the magic value with something behind it
        Nothing, // no bytes
        Bomb // a megabyte
    }

    Answer private immutable _answer;

    constructor(Answer answer) {
        _answer = answer;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4 magic) {
        if (_answer == Answer.Yes) return IERC1271.isValidSignature.selector;
        if (_answer == Answer.No) return 0xffffffff;
        require(_answer != Answer.Revert);
        bytes32 garbage = bytes32(IERC1271.isValidSignature.selector) | bytes32(uint256(1));
        Answer answer = _answer;
        assembly {
            switch answer
            case 3 { invalid() }
            case 4 {
                mstore(0, garbage)
                return(0, 32)
            }
            case 5 { return(0, 0) }
            default { return(0, 1000000) }
        }
    }

    /// It does what anybody says: tests play its signers.
    function execute(address target, bytes calldata call) external returns (bytes memory answer) {
        bool done;
        (done, answer) = target.call(call);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
