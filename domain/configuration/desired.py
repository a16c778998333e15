"""What a configuration file asks for, in the words of the domain: people and user groups found in the mirror, every reference checked."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.approvals.profiles import Approvers, Definition, Escalation, Notify, Step
from domain.approvals.resources import GATES, LINKS, Resource, ResourceKind
from domain.common.frozen import Frozen
from domain.configuration.document import (
    ApproversPart,
    BuiltInRolePart,
    Configuration,
    EscalationPart,
    ProfilePart,
    ResourcePart,
    StepPart,
)
from domain.configuration.faults import Fault, InvalidConfiguration, Path, nearest, quoted, spelled
from domain.configuration.present import Present
from domain.people.people import (
    ADMINISTRATOR,
    AUDITOR,
    BUILT_IN_ROLES,
    Group,
    GroupId,
    PersonId,
    Role,
    RoleId,
    Standing,
    person_id,
)
from domain.pki import Rules

_SECTION_OF: Final = {ADMINISTRATOR: "administrators", AUDITOR: "auditors"}


ADDRESS_LIKENESS: Final = 0.9
"""Addresses of one company resemble each other anyhow."""


class Mention(Frozen):
    """Somebody whom the file names, and where."""

    path: Path
    person: PersonId


class Desired(Frozen):
    """What is asked for. A kind that the file does not manage is None, and stays as it is."""

    groups: Mapping[str, Group] | None
    roles: Mapping[str, Role] | None
    """Without the built-in ones."""
    built_in: Mapping[str, Role]
    """Those of the built-in roles that the file manages."""
    profiles: Mapping[str, Definition] | None
    resources: Mapping[str, Resource] | None
    mentions: tuple[Mention, ...]
    """Everybody whom the file names."""


def desired(configuration: Configuration, present: Present) -> Desired:
    """What *configuration* asks for when it meets *present*.

    Raises InvalidConfiguration where it names people, user groups, groups, roles, profiles or resources that there are not.
    """
    reading = _Reading(configuration, present)
    found = Desired(
        groups=None if configuration.groups is None else reading.groups(),
        roles=None if configuration.roles is None else reading.roles(),
        built_in=reading.built_in(),
        profiles=None if configuration.profiles is None else reading.profiles(configuration.profiles),
        resources=None if configuration.resources is None else reading.resources(configuration.resources),
        mentions=(),
    )
    if reading.faults:
        raise InvalidConfiguration(reading.faults)
    return found.replace(mentions=tuple(reading.mentions))


class _Reading:
    """One way through a configuration, which notes every fault and goes on, so that all are told at once."""

    def __init__(self, configuration: Configuration, present: Present) -> None:
        self.faults: list[Fault] = []
        self.mentions: list[Mention] = []
        self._file = configuration
        self._team = present.team
        self._by_email = {
            one.email.casefold(): id
            for id, one in present.people.items()  # noqa: A001 - a loop's own
            if one.email and one.standing is Standing.MEMBER
        }
        self._by_handle = {one.handle: one.id for one in present.usergroups}
        kept = {key for key in present.roles if key not in BUILT_IN_ROLES}
        self._groups = set(present.groups if configuration.groups is None else configuration.groups)
        self._roles = set(kept if configuration.roles is None else configuration.roles) | set(BUILT_IN_ROLES)
        self._profiles = set(present.profiles if configuration.profiles is None else configuration.profiles)
        self._resources: dict[str, ResourceKind] = {
            key: one.kind
            for key, one in (present.resources if configuration.resources is None else configuration.resources).items()
        }

    # people, groups, roles

    def groups(self) -> dict[str, Group]:
        found = {}
        for key, part in (self._file.groups or {}).items():
            path: Path = ("groups", key)
            if part.usergroup is not None and part.members:
                self._fault(
                    (*path, "members"), "cannot stand beside usergroup: a group follows one, or lists its members"
                )
                continue
            found[key] = Group(
                key=key,
                name=part.name,
                usergroup=self._usergroup((*path, "usergroup"), part.usergroup),
                members=self._people((*path, "members"), part.members),
            )
        return found

    def roles(self) -> dict[str, Role]:
        found = {}
        for key, part in (self._file.roles or {}).items():
            if key in BUILT_IN_ROLES:
                section = _SECTION_OF[RoleId(key)]
                self._fault(("roles", key), f"is built in: list its people under {section}", at_key=True)
                continue
            found[key] = Role(
                key=key,
                name=part.name,
                usergroup=self._usergroup(("roles", key, "usergroup"), part.usergroup),
                holders=self._people(("roles", key, "holders"), part.holders),
            )
        return found

    def built_in(self) -> dict[str, Role]:
        parts: dict[RoleId, BuiltInRolePart | None] = {
            ADMINISTRATOR: self._file.administrators,
            AUDITOR: self._file.auditors,
        }
        return {
            key: Role(
                key=key,
                name=BUILT_IN_ROLES[key],
                usergroup=self._usergroup((_SECTION_OF[key], "usergroup"), part.usergroup),
                holders=self._people((_SECTION_OF[key], "users"), part.users),
            )
            for key, part in parts.items()
            if part is not None
        }

    def _people(self, path: Path, references: Iterable[str]) -> tuple[PersonId, ...]:
        return tuple(
            sorted({who for index, one in enumerate(references) if (who := self._person((*path, index), one))})
        )

    def _person(self, path: Path, reference: str) -> PersonId | None:
        if "@" not in reference:
            team, _, user = reference.rpartition("/")
            who = person_id(team or self._team, user)
        elif (found := self._by_email.get(reference.casefold())) is not None:
            who = found
        else:
            guess = nearest(reference, self._by_email, likeness=ADDRESS_LIKENESS)
            self._fault(path, f"nobody who is an active member has the address {quoted(reference)}{guess}")
            return None
        self.mentions.append(Mention(path=path, person=who))
        return who

    def _usergroup(self, path: Path, reference: str | None) -> str | None:
        if reference is None or not reference.startswith("@"):
            return reference
        found = self._by_handle.get(reference[1:])
        if found is None:
            handles = [f"@{handle}" for handle in self._by_handle]
            self._fault(path, f"there is no user group {reference} in this workspace{nearest(reference, handles)}")
        return found

    # profiles

    def profiles(self, parts: Mapping[str, ProfilePart]) -> dict[str, Definition]:
        named: dict[str, str] = {}
        for key, part in parts.items():
            first = named.setdefault(part.name.casefold(), key)
            if first != key:
                self._fault(("profiles", key, "name"), f"is also the name of {spelled(('profiles', first))}")
        return {key: self._definition(("profiles", key), part) for key, part in parts.items()}

    def _definition(self, path: Path, part: ProfilePart) -> Definition:
        return Definition(
            name=part.name,
            description=part.description,
            steps=tuple(self._step((*path, "steps", index), step) for index, step in enumerate(part.steps)),
            expires_after=part.expires_after,
            remind_every=part.remind_every,
            valid_for=part.valid_for,
            requester_may_approve=part.requester_may_approve,
            comment_required=part.comment_required,
        )

    def _step(self, path: Path, part: StepPart) -> Step:
        notify = part.notify
        return Step(
            name=part.name,
            required=part.required,
            approvers=self._approvers((*path, "approvers"), part.approvers),
            notify=Notify(
                direct=notify.direct,
                channel=notify.channel,
                silent=self._approvers((*path, "notify", "silent"), notify.silent),
            ),
            escalation=self._escalation((*path, "escalation"), part.escalation),
        )

    def _escalation(self, path: Path, part: EscalationPart | None) -> Escalation | None:
        if part is None:
            return None
        approvers = self._approvers((*path, "approvers"), part.approvers)
        return (
            Escalation(after=part.after, approvers=approvers) if approvers else None
        )  # nobody only where a fault is told

    def _approvers(self, path: Path, part: ApproversPart) -> Approvers:
        for kind, keys, known in (("group", part.groups, self._groups), ("role", part.roles, self._roles)):
            for index, key in enumerate(keys):
                if key not in known:
                    self._fault((*path, f"{kind}s", index), f"there is no {kind} {key!r}{nearest(key, known)}")
        return Approvers(
            users=self._people((*path, "users"), part.users),
            groups=tuple(GroupId(key) for key in part.groups),
            roles=tuple(RoleId(key) for key in part.roles),
        )

    # resources

    def resources(self, parts: Mapping[str, ResourcePart]) -> dict[str, Resource]:
        return {key: found for key, part in parts.items() if (found := self._resource(("resources", key), part))}

    def _resource(self, path: Path, part: ResourcePart) -> Resource | None:
        before = len(self.faults)
        for kind in (
            ResourceKind.END_ENTITY_PROFILE,
            ResourceKind.CERTIFICATE_PROFILE,
            ResourceKind.CERTIFICATE_AUTHORITY,
        ):
            self._check_link((*path, kind.value), part.kind, kind, getattr(part, kind.value))
        for operation, profile in part.approvals.items():
            here: Path = (*path, "approvals", operation.value)
            if part.kind not in GATES[operation]:
                fitting = [gated.value for gated, kinds in GATES.items() if part.kind in kinds]
                self._fault(
                    here,
                    f"{_a(part.kind)} has no gate for {operation.value}, only for {', '.join(fitting)}",
                    at_key=True,
                )
            if profile not in self._profiles:
                self._fault(here, f"there is no profile {profile!r}{nearest(profile, self._profiles)}")
        if part.connector is not None and part.kind is not ResourceKind.CERTIFICATE_AUTHORITY:
            message = f"{_a(part.kind)} has no connector: that belongs to its certificate authority"
            self._fault((*path, "connector"), message, at_key=True)
        if len(self.faults) > before:
            return None
        facts: dict[str, Any] = {name: getattr(part, name) for name in type(part).model_fields}
        rules = Rules(**{name: getattr(part.rules, name) for name in Rules.model_fields})
        return Resource(key=str(path[-1]), **facts | {"rules": rules})

    def _check_link(self, path: Path, kind: ResourceKind, linked: ResourceKind, key: str | None) -> None:
        if key is None:
            return
        if linked not in LINKS[kind]:
            self._fault(path, f"{_a(kind)} names no {linked.label}", at_key=True)
        elif key not in self._resources:
            of_that_kind = [one for one, its in self._resources.items() if its is linked]
            self._fault(path, f"there is no resource {key!r}{nearest(key, of_that_kind)}")
        elif self._resources[key] is not linked:
            self._fault(path, f"{key!r} is {_a(self._resources[key])}, not {_a(linked)}")

    def _fault(self, path: Path, message: str, *, at_key: bool = False) -> None:
        self.faults.append(Fault(path=path, message=message, at_key=at_key))


def _a(kind: ResourceKind) -> str:
    return f"{'an' if kind.label[0] in 'Re' else 'a'} {kind.label}"
