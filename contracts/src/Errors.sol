// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/* Refusals that the books have too: ACCOUNTING.md section 3, the same names capitalised */
error UnknownTerms();
error UnitsNotPositive();
error WindingDown();
error HouseTooSmall();
error ReserveInsufficient();
error UnknownSeries();
error NotEnoughUnits();
error LockedUp();
error HouseEncumbered();
error ReserveLocked();
error AmountNotPositive();
error RoundNotOpen();
error RoundOutOfOrder();

/* Refusals of the chain alone */
error NotAllowed();
error Stopped();
error Pending();
error NothingPending();
error TooEarly();
error WrongWeek();
error TooManyUnits();
error BadReceiver();
error NmrRefused();
error AlreadyOffered();
error BadVault();
error BadCut();
error UnknownStakers();
error EscapeOpen();
error EscapeNotOpen();

/* Settlements */
error LinesDiffer();
error LineOrder();
error UnitsDiffer();
error ClassClosed();
error PaidFell();
error CoverBeyondTerms();
error BeyondCash();
error BeyondGains();

/* Rounds */
error NoCommitment();
error AlreadyStaked();
error BooksMoved();
error BeyondInstruction();
error BadShare();
error RingFull();
error BadProof();
