"""What a configuration file asks for, as values of the domain: people and user groups are looked up, every reference is checked."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from domain.approvals.profiles import Definition
from domain.approvals.resources import GATES, LINKS, Resource, ResourceKind
from domain.common.frozen import Frozen
from domain.configuration.current_state import CurrentState
from domain.configuration.faults import Fault, InvalidConfiguration, Path, nearest, quoted, spelled
from domain.configuration.file_model import PEOPLE_FIELDS, Configuration, Part, ResourcePart
from domain.people.people import (
    ADMINISTRATOR,
    AUDITOR,
    BUILT_IN_ROLES,
    Group,
    PersonId,
    Role,
    RoleId,
    Standing,
    person_id,
)

_SECTION_OF: Final = {ADMINISTRATOR: "administrators", AUDITOR: "auditors"}


ADDRESS_LIKENESS: Final = 0.9
"""Addresses of one company resemble each other anyhow."""


class Mention(Frozen):
    """A person whom the file names, and where."""

    path: Path
    person: PersonId


class DesiredState(Frozen):
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


def desired_state(configuration: Configuration, current: CurrentState) -> DesiredState:
    """What *configuration* asks for when it meets *current*.

    Raises InvalidConfiguration where it names people, user groups, groups, roles, profiles or resources that there are not.
    """
    references = _References(configuration, current)
    sections = {
        "groups": references.groups(),
        "roles": references.roles(),
        "built_in": references.built_in(),
        "profiles": references.profiles(),
        "resources": references.resources(),
    }
    if references.faults:
        raise InvalidConfiguration(references.faults)
    return DesiredState.model_validate({**sections, "mentions": references.mentions})


Fields = dict[str, Any]
"""The fields of one of the domain's models, not validated yet: where there is a fault, some are None."""


class _References:
    """Resolves what a configuration refers to. It notes every fault and goes on, so that all are told at once."""

    def __init__(self, configuration: Configuration, current: CurrentState) -> None:
        self.faults: list[Fault] = []
        self.mentions: list[Mention] = []
        self._file = configuration
        self._team = current.team
        self._by_email = {
            identity.email.casefold(): person
            for person, identity in current.people.items()
            if identity.email and identity.standing is Standing.MEMBER
        }
        self._by_handle = {usergroup.handle: usergroup.id for usergroup in current.usergroups}
        own_roles = {key for key in current.roles if key not in BUILT_IN_ROLES}
        self._groups = set(current.groups if configuration.groups is None else configuration.groups)
        self._roles = set(own_roles if configuration.roles is None else configuration.roles) | set(BUILT_IN_ROLES)
        self._profiles = set(current.profiles if configuration.profiles is None else configuration.profiles)
        resources = current.resources if configuration.resources is None else configuration.resources
        self._resources: dict[str, ResourceKind] = {key: resource.kind for key, resource in resources.items()}

    def _fields(self, path: Path, part: Part) -> Fields:
        """The fields of *part*, which stands at *path*, with every person, user group, group and role in it looked up."""
        return {name: self._field((*path, name), name, value) for name, value in part}

    def _field(self, path: Path, name: str, value: Any) -> Any:
        if name in PEOPLE_FIELDS:
            return self._people(path, value)
        if name == "usergroup":
            return self._usergroup(path, value)
        if name == "groups":
            self._check_keys(path, "group", value, self._groups)
        elif name == "roles":
            self._check_keys(path, "role", value, self._roles)
        elif isinstance(value, Part):
            return self._fields(path, value)
        elif isinstance(value, tuple):
            return tuple(self._field((*path, index), "", item) for index, item in enumerate(value))
        return value

    def _check_keys(self, path: Path, kind: str, keys: Iterable[str], known: Collection[str]) -> None:
        for index, key in enumerate(keys):
            if key not in known:
                self._fault((*path, index), f"there is no {kind} {key!r}{nearest(key, known)}")

    # people, groups, roles

    def groups(self) -> Mapping[str, Fields] | None:
        if self._file.groups is None:
            return None
        groups = {}
        for key, part in self._file.groups.items():
            path: Path = ("groups", key)
            if part.usergroup is not None and part.members:
                message = "cannot be used together with usergroup: a group follows a user group, or lists its members"
                self._fault((*path, "members"), message)
            else:
                groups[key] = {"key": key, **self._fields(path, part)}
        return groups

    def roles(self) -> Mapping[str, Fields] | None:
        if self._file.roles is None:
            return None
        roles = {}
        for key, part in self._file.roles.items():
            if key in BUILT_IN_ROLES:
                message = f"is built in: list its people under {_SECTION_OF[RoleId(key)]}"
                self._fault(("roles", key), message, at_key=True)
            else:
                roles[key] = {"key": key, **self._fields(("roles", key), part)}
        return roles

    def built_in(self) -> Mapping[str, Fields]:
        parts = {ADMINISTRATOR: self._file.administrators, AUDITOR: self._file.auditors}
        roles: dict[str, Fields] = {}
        for key, part in parts.items():
            if part is not None:
                fields = self._fields((_SECTION_OF[key],), part)
                holders = fields.pop("users")
                roles[key] = {"key": key, "name": BUILT_IN_ROLES[key], "holders": holders, **fields}
        return roles

    def _people(self, path: Path, references: Iterable[str]) -> tuple[PersonId, ...]:
        return tuple(
            sorted(
                {
                    person
                    for index, reference in enumerate(references)
                    if (person := self._person((*path, index), reference)) is not None
                }
            )
        )

    def _person(self, path: Path, reference: str) -> PersonId | None:
        if "@" not in reference:
            team, _, user = reference.rpartition("/")
            person = person_id(team or self._team, user)
        elif reference.casefold() in self._by_email:
            person = self._by_email[reference.casefold()]
        else:
            guess = nearest(reference, self._by_email, likeness=ADDRESS_LIKENESS)
            self._fault(path, f"nobody who is an active member has the address {quoted(reference)}{guess}")
            return None
        self.mentions.append(Mention(path=path, person=person))
        return person

    def _usergroup(self, path: Path, reference: str | None) -> str | None:
        if reference is None or not reference.startswith("@"):
            return reference
        usergroup = self._by_handle.get(reference[1:])
        if usergroup is None:
            handles = [f"@{handle}" for handle in self._by_handle]
            self._fault(path, f"there is no user group {reference} in this workspace{nearest(reference, handles)}")
        return usergroup

    # profiles

    def profiles(self) -> Mapping[str, Fields] | None:
        if self._file.profiles is None:
            return None
        keys_by_name: dict[str, str] = {}
        for key, part in self._file.profiles.items():
            first = keys_by_name.setdefault(part.name.casefold(), key)
            if first != key:
                self._fault(("profiles", key, "name"), f"is also the name of {spelled(('profiles', first))}")
        return {key: self._fields(("profiles", key), part) for key, part in self._file.profiles.items()}

    # resources

    def resources(self) -> Mapping[str, Fields] | None:
        if self._file.resources is None:
            return None
        return {key: self._resource(("resources", key), part) for key, part in self._file.resources.items()}

    def _resource(self, path: Path, part: ResourcePart) -> Fields:
        for kind in (
            ResourceKind.END_ENTITY_PROFILE,
            ResourceKind.CERTIFICATE_PROFILE,
            ResourceKind.CERTIFICATE_AUTHORITY,
        ):
            self._check_link((*path, kind.value), part.kind, kind, getattr(part, kind.value))
        for operation, profile in part.approvals.items():
            gate: Path = (*path, "approvals", operation.value)
            if part.kind not in GATES[operation]:
                fitting = [gated.value for gated, kinds in GATES.items() if part.kind in kinds]
                self._fault(
                    gate,
                    f"{_a(part.kind)} has no gate for {operation.value}, only for {', '.join(fitting)}",
                    at_key=True,
                )
            if profile not in self._profiles:
                self._fault(gate, f"there is no profile {profile!r}{nearest(profile, self._profiles)}")
        if part.connector is not None and part.kind is not ResourceKind.CERTIFICATE_AUTHORITY:
            message = f"{_a(part.kind)} has no connector: that belongs to its certificate authority"
            self._fault((*path, "connector"), message, at_key=True)
        return {"key": path[-1], **self._fields(path, part)}

    def _check_link(self, path: Path, kind: ResourceKind, linked: ResourceKind, key: str | None) -> None:
        if key is None:
            return
        if linked not in LINKS[kind]:
            self._fault(path, f"{_a(kind)} cannot name {_a(linked)}", at_key=True)
        elif key not in self._resources:
            of_that_kind = [other for other, its_kind in self._resources.items() if its_kind is linked]
            self._fault(path, f"there is no resource {key!r}{nearest(key, of_that_kind)}")
        elif self._resources[key] is not linked:
            self._fault(path, f"{key!r} is {_a(self._resources[key])}, not {_a(linked)}")

    def _fault(self, path: Path, message: str, *, at_key: bool = False) -> None:
        self.faults.append(Fault(path=path, message=message, at_key=at_key))


def _a(kind: ResourceKind) -> str:
    return f"{'an' if kind.label[0] in 'Re' else 'a'} {kind.label}"
