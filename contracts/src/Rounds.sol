// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStaker, IStakers} from "./interfaces/IStaker.sol";
import {Door} from "./Door.sol";
import "./Layout.sol";
import {TermsLib} from "./Terms.sol";
import {VaultStorage} from "./VaultStorage.sol";
import {WindingDown as WindingDownRefused} from "./Errors.sol"; // the event has the name too
import "./Errors.sol";

/// A round: the committer's hash, the stake within the accepted instruction, the result as what came home.
abstract contract Rounds is VaultStorage {
    function commit(uint32 round, bytes32 predictionHash) external only(_committer) {
        _checkRound(round, _money.lastRound);
        Commitment storage commitment = _commitments[round % RING];
        (commitment.hash, commitment.round) = (bytes28(predictionHash), round);
        emit Committed(round, predictionHash);
    }

    function stake(uint32 round, uint88 amount, uint16 shareBps, uint32 collectsSeen, bytes calldata authorisation) external only(_stakerKey) {
        Door door = _door;
        Money memory money = _money;
        require(!money.stakingPaused, Stopped());
        require(door.windDownWeek() == 0, WindingDownRefused());
        require(_weekOf(door) == door.lastAccepted() + 1, Pending());
        require(collectsSeen == money.collects, BooksMoved());
        _checkRound(round, money.lastRound);
        require(_commitments[round % RING].round == round, NoCommitment());
        require(_stakes[round % RING].amount == 0, RingFull());
        require(amount != 0, AmountNotPositive());
        require(shareBps != 0 && shareBps <= TermsLib.WHOLE_BPS, BadShare());
        require(amount <= _settlement.stakeLimit, BeyondInstruction());
        require(amount <= money.free, BeyondCash());

        (money.free, money.lastRound) = (money.free - amount, round);
        _money = money;
        _stakes[round % RING] = Stake(round, amount, money.generation);
        emit Staked(round, amount, shareBps);
        IStaker staker = stakerOf(money.generation);
        _push(address(staker), amount);
        staker.stake(round, amount, authorisation);
    }

    function collect(uint32 round, bytes calldata proof) external returns (uint256 returned) {
        require(!_moving, Pending());
        Stake memory staked = _stakes[round % RING];
        require(staked.round == round && staked.amount != 0, RoundNotOpen());
        _stakes[round % RING].amount = 0;
        ++_money.collects;
        uint256 before = _nmr.balanceOf(address(this));
        _moving = true;
        returned = stakerOf(staked.generation).collect(round, staked.amount, proof);
        _moving = false;
        require(_nmr.balanceOf(address(this)) >= before + returned, NmrRefused()); // no more is booked than came
        _money.free += uint88(returned);
        uint256 gain = returned >= staked.amount ? returned - staked.amount : _gains.units;
        _gains.left = uint88(Math.min(_gains.left + gain, type(uint88).max));
        emit Collected(round, staked.amount, returned);
    }

    function changeStaker(IStakers next) external only(address(_notices)) returns (IStaker staker) {
        staker = next.create(_tournament, _modelId);
        uint8 generation = _money.generation + 1;
        (_money.generation, _laterStakers[generation]) = (generation, staker);
    }

    function stakerOf(uint8 generation) public view returns (IStaker) {
        return generation == 0 ? _firstStaker : _laterStakers[generation];
    }

    function _checkRound(uint32 round, uint32 lastRound) private pure {
        require(round != lastRound, AlreadyStaked());
        require(round > lastRound, RoundOutOfOrder());
    }
}
