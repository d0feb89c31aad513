"""A review for machines. `version` rises when a key changes its meaning or goes."""

from dataclasses import asdict
from typing import Any

from review.reach import Reach
from review.reach_changes import moved
from review.report import Review

VERSION = 1


def as_json(review: Review) -> dict[str, Any]:
    """The whole review; all mailboxes that enter and leave are named."""
    before, after = review.reaches
    entering, leaving = moved(before, after)
    return {
        "version": VERSION,
        "stack": review.stack,
        "against": review.against,
        "verdict": str(review.verdict),
        "wantsApproval": review.verdict.wants_approval,
        "permissions": [asdict(row) for row in review.permissions],
        "reach": {
            "before": _reach(before),
            "after": _reach(after),
            "entering": [asdict(one) for one in entering],
            "leaving": [asdict(one) for one in leaving],
        },
        "changes": [asdict(one) for one in review.changes],
        "settings": [asdict(one) for one in review.settings],
        "policy": [asdict(one) for one in review.violations],
        "questions": list(review.questions),
        "notSeen": list(review.notes),
    }


def _reach(reach: Reach) -> dict[str, Any]:
    return {"mailboxes": len(reach.mailboxes), "groups": list(reach.groups), "everything": reach.everything}
