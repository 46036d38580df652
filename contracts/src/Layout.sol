// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/* What lies in which slot: each struct is one, unless it says so. NMR's supply is below 2^84 wei and a unit is at least 10^15 of them, so wei fit uint88 and
   units uint40, proved at the door (Nmr.pull succeeded). Weeks fit uint16 until the year 3280. */

/// Deposits of lastAccepted + 1 while those of lastAccepted + 2 wait already.
struct Joining {
    uint88 deposits;
    uint40 units;
}

/// What else waits for one settlement. lock: of the reserve. Three slots, seldom used.
struct Extras {
    uint256 house;
    uint256 lock;
    uint256 fees;
}

struct Money {
    uint88 free;
    uint88 promised; // to holders, and houseDue
    uint32 lastRound;
    uint32 collects;
    bool stakingPaused;
    uint8 generation; // of the staker
}

struct Settlement {
    uint88 stakeLimit;
    uint88 houseSpare;
    uint40 settledAt;
    uint40 acceptableAt; // 0: nothing is proposed
}

/// The gains bound: nothing beyond principal but positive results, and a wei for each outstanding unit and losing round (the books' floors).
struct Gains {
    uint88 left; // saturates far above NMR's supply
    uint88 principal; // unit sizes of accepted units in classes not closed, less what they have been promised of them
    uint40 units;
}

/// total: neither asked for nor due.
struct Reserve {
    uint88 total;
    uint88 locked;
}

/// paid: a live unit's lifetime total (`pay` series). The weeks are the terms', as long as there are units: an exit need not read those.
struct Live {
    uint64 units;
    uint88 paid;
    uint16 compoundingWeeks;
    uint16 lockupWeeks;
}

struct Class {
    uint64 units;
    uint88 paid; // a unit's lifetime total
    bool closed;
}

/// A holder's units in a class. paid: up to where he has claimed, a unit.
struct Leaving {
    uint64 units;
    uint88 paid;
}

struct Commitment {
    bytes28 hash;
    uint32 round;
}

struct Stake {
    uint32 round;
    uint88 amount; // 0: collected
    uint8 generation;
}

struct Brakes {
    uint40 windDownAt;
    bool booksClosed;
}
