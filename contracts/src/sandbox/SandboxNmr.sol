// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// NMR as numerai/contract has it (at af131b7: NumeraireBackend, DelegateV3 and Relay), quirks included, for the sandbox and the tests: exact calldata length
/// (an invalid opcode that eats the gas, not a reason), `false` without a revert while stopped, approve only from or to zero, `mint` burns the caller's own,
/// an allowance is a licence to burn, Numerai's relay moves the balances of custodied accounts, and what is delegated (mint, numeraiTransfer, withdraw)
/// returns false where it fails. Two things are the sandbox's own: `faucet`, and one deployer instead of a multisig and the relay.
contract SandboxNmr {
    string public constant name = "Numeraire";
    string public constant symbol = "NMR";
    uint256 public constant decimals = 18;
    uint256 public constant supply_cap = 11_000_000e18;
    bool public constant contractUpgradable = false;
    address public constant delegateContract = address(0);

    address public immutable multisig;
    bool public stopped;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    modifier exactly(uint256 words) {
        if (msg.data.length != words * 32 + 4) {
            assembly {
                invalid()
            }
        }
        _;
    }

    /// Skips the body, so that a function with a result returns false.
    modifier stopInEmergency() {
        if (!stopped) _;
    }

    constructor() {
        multisig = msg.sender;
    }

    /// The sandbox's: new NMR for anybody.
    function faucet(address to, uint256 value) external {
        require(totalSupply + value <= supply_cap);
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function emergencyStop() external {
        require(msg.sender == multisig);
        stopped = true;
    }

    function release() external {
        require(msg.sender == multisig);
        stopped = false;
    }

    function transfer(address to, uint256 value) external stopInEmergency exactly(2) returns (bool done) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external stopInEmergency exactly(3) returns (bool done) {
        require(from != multisig && from != address(this));
        allowance[from][msg.sender] -= value;
        _move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external stopInEmergency exactly(2) returns (bool done) {
        require(value == 0 || allowance[msg.sender][spender] == 0);
        _approve(spender, value);
        return true;
    }

    function changeApproval(address spender, uint256 oldValue, uint256 newValue) external stopInEmergency exactly(3) returns (bool done) {
        require(allowance[msg.sender][spender] == oldValue);
        _approve(spender, newValue);
        return true;
    }

    /// Warning: burns the caller's own NMR.
    function mint(uint256 value) external stopInEmergency returns (bool done) {
        return _burn(msg.sender, value);
    }

    /// Warning: burns `from`'s NMR out of the caller's allowance, also while NMR is stopped.
    function numeraiTransfer(address from, uint256 value) external exactly(2) returns (bool done) {
        if (allowance[from][msg.sender] < value || !_burn(from, value)) return false;
        emit Approval(from, msg.sender, allowance[from][msg.sender] -= value);
        return true;
    }

    /// Numerai's relay: moves what custodied accounts hold, also while NMR is stopped.
    function withdraw(address from, address to, uint256 value) external exactly(3) returns (bool done) {
        if (msg.sender != multisig || !isCustodied(from) || to == address(0) || balanceOf[from] < value) return false;
        _move(from, to, value);
        return true;
    }

    function isCustodied(address account) public pure returns (bool) {
        return uint160(account) <= 0xF4240 && account != address(0) && account != address(0xdEaD);
    }

    function _move(address from, address to, uint256 value) internal virtual {
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }

    function _burn(address from, uint256 value) private returns (bool done) {
        if (balanceOf[from] < value) return false;
        balanceOf[from] -= value;
        totalSupply -= value;
        emit Transfer(from, address(0), value);
        return true;
    }

    function _approve(address spender, uint256 value) private {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
    }
}
