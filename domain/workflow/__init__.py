"""The use cases: each one function, one transaction, one change.

Whoever calls them (Slack, the clock, the command line) meets the same rules.
"""

from domain.workflow.clock import escalate_due, expire_due, remind_due
from domain.workflow.daily import tell_daily
from domain.workflow.deciding import (
    Click,
    admitted,
    cancel,
    cancellable,
    comment,
    commentable,
    decide,
    overridable,
    override,
    remind,
)
from domain.workflow.delegating import Standins, delegate, look_after_delegations, revoke, standins
from domain.workflow.mirroring import mirror, mirror_person, mirror_usergroup
from domain.workflow.overview import Overview, Starts, overview
from domain.workflow.reading import (
    Details,
    admit,
    all_requests,
    details,
    offered,
    recent,
    requested_by,
    resources,
    waiting_on,
)
from domain.workflow.several import visible
from domain.workflow.submitting import Submission, resubmittable, submit

__all__ = [
    "Click",
    "Details",
    "Overview",
    "Standins",
    "Starts",
    "Submission",
    "admit",
    "admitted",
    "all_requests",
    "cancel",
    "cancellable",
    "comment",
    "commentable",
    "decide",
    "delegate",
    "details",
    "escalate_due",
    "expire_due",
    "look_after_delegations",
    "mirror",
    "mirror_person",
    "mirror_usergroup",
    "offered",
    "overridable",
    "override",
    "overview",
    "recent",
    "remind",
    "remind_due",
    "requested_by",
    "resources",
    "resubmittable",
    "revoke",
    "standins",
    "submit",
    "tell_daily",
    "visible",
    "waiting_on",
]
