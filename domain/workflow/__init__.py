"""The use cases. Each is one function, one transaction, one change.

Whoever calls them (Slack, the clock, the command line) meets the same rules.
"""

from domain.workflow.approvals.decide import (
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
from domain.workflow.approvals.details import (
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
from domain.workflow.approvals.open_steps import visible
from domain.workflow.approvals.overview import Overview, Starts, overview
from domain.workflow.approvals.submit import Submission, resubmittable, submit
from domain.workflow.approvals.sweeps import escalate_due, expire_due, remind_due
from domain.workflow.daily_digest import tell_daily
from domain.workflow.delegations import Standins, delegate, look_after_delegations, revoke, standins
from domain.workflow.directory import mirror, mirror_person, mirror_usergroup

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
