"""The only writers of blinded comparisons."""

from __future__ import annotations

from abhaya.exchange.actions.comparing import begin, bring_question, end, end_overdue, make, take, take_out
from abhaya.exchange.actions.keys import own_key, own_line

__all__ = ["begin", "bring_question", "end", "end_overdue", "make", "own_key", "own_line", "take", "take_out"]
