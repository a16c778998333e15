"""A workspace and what is configured in it, for tests of plans; and hypothesis strategies for any other state of it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st

from domain.approvals.profiles import Approvers, CommentRule, Definition, Escalation, Notify, ProfileVersion, Step
from domain.approvals.resources import GATES, LINKS, Resource, ResourceKind
from domain.common.operations import Operation
from domain.configuration.current_state import CurrentState
from domain.configuration.file_model import Configuration, parse_configuration
from domain.people.people import (
    ADMINISTRATOR,
    BUILT_IN_ROLES,
    Group,
    GroupId,
    Identity,
    PersonId,
    Role,
    RoleId,
    Standing,
    UserGroup,
    person_id,
)
from domain.pki import OnViolation, Rules, SanKind
from tests.material_factory import certificate_pem

TEAM: Final = "T1"


def pid(name: str) -> PersonId:
    """The id of the person whom a file calls `UANN`."""
    return person_id(TEAM, f"U{name}")


def _identity(name: str, standing: Standing = Standing.MEMBER) -> Identity:
    return Identity(id=pid(name), name=name.title(), email=f"{name.lower()}@example.com", standing=standing)


PEOPLE: Final = {
    one.id: one
    for one in (
        *(_identity(name) for name in ("ANN", "BOB", "CAT", "DAN", "EVE")),
        _identity("GUS", Standing.GUEST),
        _identity("OLD", Standing.DEACTIVATED),
    )
}
USERGROUPS: Final = (
    UserGroup(id="S1", handle="pki-admins", name="PKI", members=(pid("BOB"), pid("CAT"))),
    UserGroup(id="S2", handle="nobody", name="Nobody"),
)


def present(
    *,
    groups: Iterable[Group] = (),
    roles: Iterable[Role] = (),
    profiles: Iterable[ProfileVersion] = (),
    resources: Iterable[Resource] = (),
    administrators: Iterable[str] = ("ANN",),
    retired: dict[str, int] | None = None,
) -> CurrentState:
    """What is configured, in a workspace of five members, a guest and one who left."""
    holders = {ADMINISTRATOR: tuple(map(pid, administrators))}
    built_in = [Role(key=key, name=name, holders=holders.get(key, ())) for key, name in BUILT_IN_ROLES.items()]
    return CurrentState(
        team=TEAM,
        people=PEOPLE,
        usergroups=USERGROUPS,
        groups={group.key: group for group in groups},
        roles={one.key: one for one in (*built_in, *roles)},
        profiles={profile.profile: profile for profile in profiles},
        resources={resource.key: resource for resource in resources},
        retired=retired or {},
    )


def file(**sections: Any) -> Configuration:
    """The configuration of a file with these sections."""
    return parse_configuration(sections)


def step(*users: str, groups: Iterable[str] = (), required: int = 1, name: str = "Security") -> Step:
    approvers = Approvers(users=tuple(map(pid, users)), groups=tuple(map(GroupId, groups)))
    return Step(name=name, required=required, approvers=approvers)


def profile(key: str, *steps: Step, number: int = 1, name: str | None = None, **more: Any) -> ProfileVersion:
    definition = Definition(name=name or f"Profile {key}", steps=steps or (step("ANN"),), **more)
    return ProfileVersion(profile=key, number=number, definition=definition)


# Any state

_keys = st.sampled_from(["a", "b", "c.d", "on", "123", "x_y-z"])
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_names = st.builds(lambda text: f"N {text}", _text).map(str.strip).filter(lambda name: len(name) >= 3)
_labels = _text.filter(bool)
_people = st.lists(st.sampled_from(sorted(PEOPLE)), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))

_spans = st.timedeltas(timedelta(seconds=1), timedelta(days=3650))


@st.composite
def _groups(draw: st.DrawFn) -> dict[str, Group]:
    def group(key: str) -> Group:
        if draw(st.booleans()):
            return Group(key=key, name=draw(_labels), usergroup=draw(st.sampled_from(["S1", "S2", "S9"])))
        return Group(key=key, name=draw(_labels), members=draw(_people))

    return {key: group(key) for key in draw(st.sets(_keys, max_size=3))}


@st.composite
def _roles(draw: st.DrawFn) -> dict[str, Role]:
    own = {key: draw(_labels) for key in draw(st.sets(_keys, max_size=3))}
    named = {**{str(key): name for key, name in BUILT_IN_ROLES.items()}, **own}
    following = st.none() | st.sampled_from(["S1", "S2"])
    return {
        key: Role(key=key, name=name, usergroup=draw(following), holders=draw(_people)) for key, name in named.items()
    }


@st.composite
def _profiles(draw: st.DrawFn, groups: dict[str, Group], roles: dict[str, Role]) -> dict[str, ProfileVersion]:
    def some(keys: Iterable[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(sorted(keys)), max_size=2)) if keys else []

    def approvers() -> Approvers:
        return Approvers(
            users=draw(_people),
            groups=tuple(map(GroupId, some(groups))),
            roles=tuple(map(RoleId, some(roles))),
        )

    def one_step() -> Step:
        channel = draw(st.none() | st.just("C03APPROVALS"))
        return Step(
            name=draw(st.builds(lambda text: f"S{text}".strip(), _text)),
            required=draw(st.integers(1, 3)),
            approvers=approvers(),
            notify=Notify(direct=draw(st.booleans()), channel=channel, silent=approvers()),
            escalation=Escalation(after=draw(_spans), approvers=further) if (further := approvers()) else None,
        )

    def version(key: str) -> ProfileVersion:
        definition = Definition(
            name=f"{key} {draw(_names)}",  # unique by its key
            description=draw(_text),
            steps=tuple(one_step() for _ in range(draw(st.integers(1, 3)))),
            expires_after=draw(st.none() | _spans),
            remind_every=draw(st.none() | st.just(timedelta(days=1)) | _spans),
            valid_for=draw(st.none() | _spans),
            requester_may_approve=draw(st.booleans()),
            comment_required=draw(st.sampled_from(CommentRule)),
        )
        return ProfileVersion(profile=key, number=draw(st.integers(1, 5)), definition=definition)

    return {key: version(key) for key in draw(st.sets(_keys, max_size=3))}


def _some(*allowed: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(allowed), min_size=1, max_size=3)


_ALLOWED: Final[dict[str, st.SearchStrategy[dict[str, Any]]]] = {
    "keys": st.fixed_dictionaries({"allow": _some("RSA 3072+", "EC P-256", "Ed25519")}),
    "dns_names": st.fixed_dictionaries({"allow": _some("**.example.com", "*.example.com", "on")}),
    "email_addresses": st.fixed_dictionaries({"allow": _some("*@example.com", "jane@**.example.com")}),
    "ip_addresses": st.fixed_dictionaries({"allow": _some("10.0.0.0/8", "2001:db8::/32")}),
    "subject": st.fixed_dictionaries(
        {"allow": st.dictionaries(st.sampled_from(["O", "C", "1.2.3"]), _some("true", "Ä=*", "7"), min_size=1)}
    ),
    "name_kinds": st.fixed_dictionaries({"allow": st.lists(st.sampled_from(SanKind), min_size=1, unique=True)}),
    "most_names": st.fixed_dictionaries({"most": st.integers(0, 500)}),
    "no_wildcards": st.just({}),
    "no_ca_certificates": st.just({}),
    "issuers": st.fixed_dictionaries({"allow": _some("CN=A, O=B", "key-id:0a:1b", certificate_pem(ca=True))}),
}
RULES: Final = st.fixed_dictionaries(
    {},
    optional={
        name: st.builds(lambda allowed, what: {**allowed, "on_violation": what}, allowed, st.sampled_from(OnViolation))
        for name, allowed in _ALLOWED.items()
    },
).map(Rules.model_validate)
"""Any rules of a resource."""


@st.composite
def _resources(draw: st.DrawFn, profiles: dict[str, ProfileVersion]) -> dict[str, Resource]:
    kinds = {key: draw(st.sampled_from(ResourceKind)) for key in draw(st.sets(_keys, max_size=5))}

    def resource(key: str, kind: ResourceKind) -> Resource:
        links = {
            linked.value: draw(st.none() | st.sampled_from(fitting))
            for linked in LINKS[kind]
            if (fitting := sorted(one for one, its in kinds.items() if its is linked))
        }
        operations = [operation for operation in Operation if kind in GATES[operation]]
        bound = draw(st.sets(st.sampled_from(operations))) if profiles else set()
        approvals = {operation: draw(st.sampled_from(sorted(profiles))) for operation in bound}
        of_a_ca = st.none() | st.from_regex(r"[a-z][a-z0-9-]{0,30}:[a-z0-9][a-z0-9._-]{0,46}", fullmatch=True)
        connector = draw(of_a_ca) if kind is ResourceKind.CERTIFICATE_AUTHORITY else None
        facts = {"name": draw(_names), "description": draw(_text), "rules": draw(RULES), "connector": connector}
        return Resource(key=key, kind=kind, approvals=approvals, **facts, **links)

    return {key: resource(key, kind) for key, kind in kinds.items()}


@st.composite
def states(draw: st.DrawFn) -> CurrentState:
    """Anything that could be configured in the workspace of `present`."""
    groups, roles = draw(_groups()), draw(_roles())
    profiles = draw(_profiles(groups, roles))
    return present().replace(groups=groups, roles=roles, profiles=profiles, resources=draw(_resources(profiles)))
