// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

struct Inner {
    uint96 amount;
    bytes28 tag;
    string note;
}

struct Point {
    int64 x;
    int64 y;
}

/// What the tests of the ABI, events, errors and transactions talk to.
contract Echo {
    event Seen(address indexed who, int64 indexed id, string indexed text, Inner inner, bytes data, uint64[] list);
    event Other(uint256 value);
    error Refused(uint256 needed, string why);
    error Bare();

    uint256 public counter;
    string public name;

    constructor(string memory name_, uint256 counter_) {
        name = name_;
        counter = counter_;
    }

    function echo(Inner[] calldata inners, Point[2] calldata points, bytes calldata data, bytes32 word, bool flag, address who, int256 signed, string[] calldata texts)
        external pure returns (Inner[] memory, Point[2] memory, bytes memory, bytes32, bool, address, int256, string[] memory)
    {
        return (inners, points, data, word, flag, who, signed, texts);
    }

    function point(int64 x, int64 y) external pure returns (Point memory) {
        return Point(x, y);
    }

    function see(int64 id, string calldata text, Inner calldata inner, bytes calldata data, uint64[] calldata list) external {
        emit Other(1);
        emit Seen(msg.sender, id, text, inner, data, list);
    }

    function bump() external payable {
        ++counter;
    }

    function sender() external view returns (address) {
        return msg.sender;
    }

    function refuse(uint256 needed) external pure {
        if (needed == 0) revert Bare();
        revert Refused(needed, "not today");
    }

    function refuseWith(string calldata why) external pure {
        revert(why);
    }

    function panic() external pure {
        assert(false);
    }
}
