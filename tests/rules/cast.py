"""Who and what there is in the world of the state machine, and the strategies that draw from it."""

from hypothesis import strategies as st

from domain.approvals.decisions import Verdict
from domain.approvals.profiles import Approvers, CommentRule, Definition, Escalation, Notify, Step
from domain.approvals.resources import ResourceId, ResourceKind
from domain.people.people import ADMINISTRATOR, AUDITOR, GroupId, RoleId
from tests.rules.build import HOUR, pid

CAST = [pid(name) for name in ("Ann", "Bob", "Cat", "Dan", "Eve", "Fay")]
BYSTANDER = pid("Nina")
"""A member who is never made an approver: what they can do, they can do as somebody's delegate."""
UNKNOWN = pid("Stranger")
GROUPS = [GroupId("pki"), GroupId("sec")]
ROLES = [RoleId("officer"), ADMINISTRATOR, AUDITOR]
PROFILES = ["web", "tls", "root"]
WEB, TLS, ROOT = ResourceId("web-servers"), ResourceId("tls-server"), ResourceId("root-ca")
SITES = ["a.example.com", "b.example.com", "c.example.com"]
KINDS = {
    WEB: ResourceKind.RA_PROFILE,
    TLS: ResourceKind.CERTIFICATE_PROFILE,
    ROOT: ResourceKind.CERTIFICATE_AUTHORITY,
}
MOST_REQUESTS = 5

anyone = st.sampled_from([*CAST, BYSTANDER, UNKNOWN])
takers = st.sampled_from([*CAST, BYSTANDER])
several = st.lists(st.sampled_from(CAST), max_size=3, unique=True)
words = st.sampled_from(["", " \n", "fine", "<!channel> *no*: $1"])
verdicts = st.sampled_from([Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT])
anybody = st.builds(
    Approvers,
    users=several.map(tuple),
    groups=st.lists(st.sampled_from(GROUPS), max_size=2).map(tuple),
    roles=st.lists(st.sampled_from(ROLES), max_size=1).map(tuple),
)
somebody = anybody.filter(bool)
some_approvers = st.integers(0, 14).flatmap(lambda which: somebody if which else st.just(Approvers()))
steps = st.builds(
    Step,
    name=st.sampled_from(["Security", "PKI"]),
    required=st.sampled_from([1, 1, 2]),
    approvers=some_approvers,
    notify=st.builds(
        Notify,
        direct=st.booleans(),
        channel=st.sampled_from([None, "C1"]),
        silent=st.just(Approvers()) | somebody,
    ),
    escalation=st.none() | st.builds(Escalation, after=st.sampled_from([HOUR / 2, HOUR, 2 * HOUR]), approvers=somebody),
)
definitions = st.builds(
    Definition,
    name=st.just("A profile"),
    steps=st.lists(steps, min_size=1, max_size=3).map(tuple),
    expires_after=st.sampled_from([None, HOUR, 3 * HOUR]),
    remind_every=st.sampled_from([None, HOUR / 2, HOUR]),
    valid_for=st.sampled_from([None, HOUR, 2 * HOUR]),
    requester_may_approve=st.sampled_from([False, False, True]),
    comment_required=st.sampled_from(CommentRule),
)
