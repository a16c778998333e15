"""A small cast and short ways to build what a test needs. Everybody is in the workspace `T1`."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.approvals.changes import Change
from domain.approvals.decisions import Verdict
from domain.approvals.moves import decide, submit
from domain.approvals.profiles import Approvers, Definition, Escalation, Notify, ProfileVersion, Step
from domain.approvals.requests import Request, RequestId, StepRef
from domain.approvals.resources import Gate, Resource, ResourceKind
from domain.common.operations import Operation
from domain.people.people import ADMINISTRATOR, GroupId, Person, PersonId, RoleId, Standing, person_id
from tests.material_factory import material

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def pid(name: str) -> PersonId:
    """The id of the person called *name*: `T1/ANN`."""
    return person_id("T1", name.upper())


def someone(
    name: str, *, groups: Iterable[str] = (), roles: Iterable[str] = (), standing: Standing = Standing.MEMBER
) -> Person:
    """Somebody, as they are at this moment."""
    return Person(
        id=pid(name),
        name=name,
        standing=standing,
        groups=frozenset(map(GroupId, groups)),
        roles=frozenset(map(RoleId, roles)),
    )


REQUESTER = someone("Rita")
ANN, BOB, CAT, DAN = (someone(name) for name in ("Ann", "Bob", "Cat", "Dan"))
NOBODY = someone("Nina")
"""A member who is no approver of anything."""
ADMIN = someone("Adam", roles=[ADMINISTRATOR])
OUTSIDERS = tuple(
    someone("Otto", standing=standing, roles=[ADMINISTRATOR])
    for standing in Standing
    if standing is not Standing.MEMBER
)
"""One of each standing that takes no part, though they hold the role that may do most."""


def approvers(*users: Person, groups: Iterable[str] = (), roles: Iterable[str] = ()) -> Approvers:
    """These people, groups and roles."""
    return Approvers(
        users=tuple(user.id for user in users), groups=tuple(map(GroupId, groups)), roles=tuple(map(RoleId, roles))
    )


def step(
    *users: Person,
    name: str = "Security",
    required: int = 1,
    groups: Iterable[str] = (),
    roles: Iterable[str] = (),
    notify: Notify | None = None,
    escalation: Escalation | None = None,
) -> Step:
    """A step that *users*, *groups* and *roles* may approve."""
    return Step(
        name=name,
        required=required,
        approvers=approvers(*users, groups=groups, roles=roles),
        notify=notify or Notify(),
        escalation=escalation,
    )


def profile(*steps: Step, key: str = "web", number: int = 1, **definition: Any) -> ProfileVersion:
    """A profile version with *steps*; *definition* gives what else differs from the defaults."""
    return ProfileVersion(
        profile=key, number=number, definition=Definition(**{"name": f"Profile {key}", "steps": steps, **definition})
    )


KINDS = (ResourceKind.RA_PROFILE, ResourceKind.CERTIFICATE_PROFILE, ResourceKind.CERTIFICATE_AUTHORITY)
WEB = Resource(key="web-servers", kind=ResourceKind.RA_PROFILE, name="Web servers")


def gates(*profiles: ProfileVersion) -> tuple[Gate, ...]:
    """The chain of an issue: each of *profiles* at the next kind of resource."""
    return tuple(
        Gate(kind=kind, resource=f"at-{version.profile}", resource_name=f"At {version.profile}", profile=version)
        for kind, version in zip(KINDS, profiles, strict=False)
    )


def submission(*profiles: ProfileVersion, by: Person = REQUESTER, at: datetime = NOON, **more: Any) -> Change:
    """What submitting an issue of a certificate under *profiles* makes: request 12."""
    arguments: dict[str, Any] = {
        "id": RequestId(12), "operation": Operation.ISSUE, "entry": WEB, "chain": gates(*profiles), "material": material(),
        "reason": "The old one runs out", **more,
    }  # fmt: skip
    return submit(by=by, at=at, **arguments)


def waiting(*profiles: ProfileVersion, by: Person = REQUESTER, at: datetime = NOON, **more: Any) -> Request:
    """A request that has just been submitted under *profiles*."""
    return submission(*profiles, by=by, at=at, **more).request


def here(request: Request) -> StepRef:
    """What the live button of *request* carries."""
    found = request.here
    assert found is not None, "nothing can be decided here"
    return found


def approve(request: Request, *people: Person, at: datetime = NOON, delegators: Collection[Person] = ()) -> Request:
    """*request* after each of *people* has approved what is open when their turn comes."""
    for person in people:
        request = decide(request, person, Verdict.APPROVE, at, on=here(request), delegators=tuple(delegators)).request
    return request


def reject(request: Request, person: Person, at: datetime = NOON) -> Request:
    """*request* after *person* has rejected it."""
    return decide(request, person, Verdict.REJECT, at, on=here(request), comment="No").request


def people_among(*everybody: Person) -> Callable[[Approvers], frozenset[PersonId]]:
    """Who of *everybody* takes part and is one of some approvers."""
    return lambda those: frozenset(one.id for one in everybody if one.takes_part and those.include(one))
