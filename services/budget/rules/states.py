"""What may happen next to a budget, a commitment, a payment and a direct payment? What is not in a table is not allowed."""

from __future__ import annotations

from enum import StrEnum

from shared.moves import Moves


class BudgetState(StrEnum):
    """`unindicated`: no figure could be made, and its refusal says why; a person may still finalise one, with reasons."""

    UNINDICATED = "unindicated"
    INDICATIVE = "indicative"
    SHORT = "short"
    FINAL = "final"
    ENDED = "ended"


class CommitmentState(StrEnum):
    """`waiting`: an order and its budget have not both been heard of yet; they may come in either order."""

    WAITING = "waiting"
    COMMITTED = "committed"
    SHORT = "short"
    RELEASED = "released"


class DirectPaymentState(StrEnum):
    """A decision about a direct payment. `replaced`: a later one about the same budget stands instead."""

    AGREED = "agreed"
    REFUSED = "refused"
    STOPPED = "stopped"
    REPLACED = "replaced"


class PaymentState(StrEnum):
    """`accounted`: the claim says what money paid out beforehand was spent on, so nothing is owed for it."""

    OWED = "owed"
    ACCOUNTED = "accounted"
    STOPPED = "stopped"
    PAID = "paid"
    CANCELLED = "cancelled"


# A final budget is answered for again when a plan is revised: it may turn out short, or be final with another figure.
BUDGET_MOVES = Moves(
    "budget",
    {
        (BudgetState.UNINDICATED, "find_short"): BudgetState.SHORT,
        (BudgetState.UNINDICATED, "finalise"): BudgetState.FINAL,
        (BudgetState.UNINDICATED, "end"): BudgetState.ENDED,
        # The person was assessed anew: what this finds is the same budget's next indication.
        (BudgetState.UNINDICATED, "indicate_again"): BudgetState.INDICATIVE,
        (BudgetState.INDICATIVE, "indicate_again"): BudgetState.INDICATIVE,
        (BudgetState.SHORT, "indicate_again"): BudgetState.INDICATIVE,
        (BudgetState.FINAL, "indicate_again"): BudgetState.INDICATIVE,
        (BudgetState.UNINDICATED, "find_no_figure"): BudgetState.UNINDICATED,
        (BudgetState.INDICATIVE, "find_no_figure"): BudgetState.UNINDICATED,
        (BudgetState.SHORT, "find_no_figure"): BudgetState.UNINDICATED,
        (BudgetState.FINAL, "find_no_figure"): BudgetState.UNINDICATED,
        (BudgetState.INDICATIVE, "find_short"): BudgetState.SHORT,
        (BudgetState.SHORT, "find_short"): BudgetState.SHORT,
        (BudgetState.FINAL, "find_short"): BudgetState.SHORT,
        (BudgetState.INDICATIVE, "finalise"): BudgetState.FINAL,
        (BudgetState.SHORT, "finalise"): BudgetState.FINAL,
        (BudgetState.FINAL, "finalise"): BudgetState.FINAL,
        (BudgetState.INDICATIVE, "end"): BudgetState.ENDED,
        (BudgetState.SHORT, "end"): BudgetState.ENDED,
        (BudgetState.FINAL, "end"): BudgetState.ENDED,
    },
)

COMMITMENT_MOVES = Moves(
    "commitment",
    {
        (CommitmentState.WAITING, "commit"): CommitmentState.COMMITTED,
        (CommitmentState.WAITING, "find_short"): CommitmentState.SHORT,
        (CommitmentState.SHORT, "find_short"): CommitmentState.SHORT,
        (CommitmentState.SHORT, "commit"): CommitmentState.COMMITTED,
        (CommitmentState.COMMITTED, "roll"): CommitmentState.COMMITTED,
        (CommitmentState.COMMITTED, "find_short"): CommitmentState.SHORT,
        (CommitmentState.WAITING, "release"): CommitmentState.RELEASED,
        (CommitmentState.SHORT, "release"): CommitmentState.RELEASED,
        (CommitmentState.COMMITTED, "release"): CommitmentState.RELEASED,
    },
)

# Stopping a payment (Care Act s.33) is a named person's decision with cover confirmed, never a timer's.
PAYMENT_MOVES = Moves(
    "payment",
    {
        (PaymentState.OWED, "pay"): PaymentState.PAID,
        (PaymentState.OWED, "stop"): PaymentState.STOPPED,
        (PaymentState.STOPPED, "resume"): PaymentState.OWED,
        (PaymentState.OWED, "cancel"): PaymentState.CANCELLED,
        (PaymentState.STOPPED, "cancel"): PaymentState.CANCELLED,
    },
)

# Stopping is a named person's decision with cover confirmed (s.33); who may ask again is anybody.
DIRECT_PAYMENT_MOVES = Moves(
    "direct_payment",
    {
        (DirectPaymentState.AGREED, "stop"): DirectPaymentState.STOPPED,
        (DirectPaymentState.AGREED, "replace"): DirectPaymentState.REPLACED,
        (DirectPaymentState.REFUSED, "replace"): DirectPaymentState.REPLACED,
        (DirectPaymentState.STOPPED, "replace"): DirectPaymentState.REPLACED,
    },
)
