// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {INumeraiStaking, StakeAuthorization} from "../interfaces/INumeraiStaking.sol";
import {SandboxNmr} from "./SandboxNmr.sol";

/// Numerai's atomic staking as this project assumes it (INumeraiStaking), for the sandbox and the tests. A round's owner opens and resolves it; the
/// contract must hold the payouts. Leaves are OpenZeppelin's standard Merkle tree's, pairs sorted.
contract SandboxStaking is INumeraiStaking, EIP712 {
    struct Round {
        uint64 closeStakingTime;
        bytes32 merkleRoot;
    }

    /// Assumption: one slot; a limit of Numerai's, and its old contracts' stakes, are uint128.
    struct Position {
        uint128 amount;
        bool claimed;
    }

    bytes32 public constant AUTHORIZATION_TYPE_HASH = keccak256(
        "StakeAuthorization(uint256 tournamentId,uint256 roundId,bytes32 modelId,address staker,uint256 maxAmount,bytes32 submissionId,bytes32 submissionHash,uint256 nonce,uint256 deadline)"
    );

    SandboxNmr public immutable nmr;
    address public immutable owner;
    address public immutable authorizationSigner;
    mapping(address staker => uint256) public nonces;
    mapping(uint256 roundId => Round) public rounds;
    mapping(uint256 roundId => mapping(address staker => mapping(bytes32 modelId => Position))) private _positions;

    event RoundOpened(uint256 indexed roundId, uint64 closeStakingTime);
    event RoundResolved(uint256 indexed roundId, bytes32 merkleRoot);
    event Staked(uint256 indexed roundId, address indexed staker, bytes32 indexed modelId, uint256 amount, bytes32 submissionHash);
    event StakeClaimed(uint256 indexed roundId, address indexed staker, bytes32 indexed modelId, uint256 payoutWei, uint256 burnWei);

    error NotOwner();
    error NotStaker();
    error BadSignature();
    error BadNonce();
    error Expired();
    error BeyondMaxAmount();
    error RoundClosed();
    error AlreadyStakedHere();
    error NothingToClaim();
    error WrongProof();
    error NmrFailed();

    modifier onlyOwner() {
        require(msg.sender == owner, NotOwner());
        _;
    }

    constructor(SandboxNmr nmr_, address authorizationSigner_) EIP712("NumeraiStaking", "1") {
        nmr = nmr_;
        owner = msg.sender;
        authorizationSigner = authorizationSigner_;
    }

    function openRound(uint256 roundId, uint64 closeStakingTime) external onlyOwner {
        rounds[roundId].closeStakingTime = closeStakingTime;
        emit RoundOpened(roundId, closeStakingTime);
    }

    function resolve(uint256 roundId, bytes32 merkleRoot) external onlyOwner {
        rounds[roundId].merkleRoot = merkleRoot;
        emit RoundResolved(roundId, merkleRoot);
    }

    function stake(StakeAuthorization calldata a, uint256 amount, bytes calldata signature) external {
        require(msg.sender == a.staker, NotStaker());
        require(ECDSA.recover(authorizationDigest(a), signature) == authorizationSigner, BadSignature());
        require(a.nonce == nonces[a.staker]++, BadNonce());
        require(block.timestamp <= a.deadline, Expired());
        require(amount > 0 && amount <= a.maxAmount, BeyondMaxAmount());
        require(block.timestamp < rounds[a.roundId].closeStakingTime, RoundClosed());
        Position storage position = _positions[a.roundId][a.staker][a.modelId];
        require(position.amount == 0, AlreadyStakedHere());
        position.amount = uint128(amount); // at most NMR's supply, or the transfer fails
        require(nmr.transferFrom(a.staker, address(this), amount), NmrFailed());
        emit Staked(a.roundId, a.staker, a.modelId, amount, a.submissionHash);
    }

    function claim(uint256 roundId, bytes32 modelId, address staker, uint256 payoutWei, uint256 burnWei, bytes32[] calldata proof) external {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(roundId, modelId, staker, payoutWei, burnWei))));
        bytes32 root = rounds[roundId].merkleRoot;
        require(root != 0 && MerkleProof.verifyCalldata(proof, root, leaf), WrongProof());
        _pay(roundId, modelId, staker, payoutWei, burnWei);
    }

    /// What nobody has claimed for 7 days, Numerai returns unasked.
    function returnUnclaimed(uint256 roundId, bytes32 modelId, address staker, uint256 payoutWei, uint256 burnWei) external onlyOwner {
        _pay(roundId, modelId, staker, payoutWei, burnWei);
    }

    function stakeByRound(uint256 roundId, address staker, bytes32 modelId) external view returns (uint256 amount, bool claimed) {
        Position storage position = _positions[roundId][staker][modelId];
        return (position.amount, position.claimed);
    }

    function authorizationDigest(StakeAuthorization calldata a) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(AUTHORIZATION_TYPE_HASH, a)));
    }

    function _pay(uint256 roundId, bytes32 modelId, address staker, uint256 payoutWei, uint256 burnWei) private {
        Position storage position = _positions[roundId][staker][modelId];
        uint256 amount = position.amount;
        require(amount > 0 && !position.claimed, NothingToClaim());
        position.claimed = true;
        if (burnWei > 0) require(nmr.mint(burnWei), NmrFailed()); // NMR's mint burns
        require(nmr.transfer(staker, amount + payoutWei - burnWei), NmrFailed());
        emit StakeClaimed(roundId, staker, modelId, payoutWei, burnWei);
    }
}
