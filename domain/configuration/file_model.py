"""The configuration file as it is written: people by id or address, everything else by key; `desired_state` looks all of them up.

Each part has the fields of a model of the domain: `file_content.PARTS`. What is written in another way than the domain keeps it is
read by the type of the field, so a field needs nothing here but its declaration, and those of `ProfileSettings` not even that.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from domain.approvals.profiles import LONGEST_EXPIRY, MOST_STEPS, Description, Name, ProfileSettings, Step
from domain.approvals.resources import ConnectorName, ResourceKind
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.configuration.durations import parse_duration
from domain.configuration.faults import InvalidConfiguration, faults_in
from domain.people.people import Key
from domain.pki import Rules

NEVER: Final = "never"
PEOPLE_FIELDS: Final = frozenset({"users", "members", "holders"})
"""The fields that list people, in every part of the file."""


def _person(text: str) -> str:
    if not re.fullmatch(r"(T[A-Z0-9]{1,31}/)?[UW][A-Z0-9]{1,31}|[^@\s]+@[^@\s]+", text):
        raise ValueError(
            "is not a person: write a Slack user id (U…; in Slack, a profile's ⋮ menu copies it) or an e-mail address"
        )
    return text


def _usergroup(text: str) -> str:
    if not re.fullmatch(r"S[A-Z0-9]{1,31}|@[a-z0-9][a-z0-9._-]*", text):
        raise ValueError("is not a Slack user group: write its handle (@pki-admins) or its id (S…)")
    return text


def _channel(text: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{1,31}", text):
        raise ValueError("is not a channel id (C…): in Slack, a channel's details show it at the very bottom of About")
    return text


def _duration(value: object, or_never: str = "") -> timedelta:
    if not isinstance(value, str):
        raise ValueError(f"is not a span of time: write days, hours, minutes or seconds, as in 72h{or_never}")
    duration = parse_duration(value)
    if not timedelta() < duration <= LONGEST_EXPIRY:
        raise ValueError(f"must be more than nothing and at most ten years{or_never}")
    return duration


def _duration_or_never(value: object) -> timedelta | None:
    return None if value == NEVER else _duration(value, ", or never")


def _exactly(kind: type, error: Literal["bool_type", "int_type"]) -> Callable[[object], object]:
    """A reader that refuses what pydantic would convert to *kind*: neither `"2"` nor `true` is a whole number here."""

    def read(value: object) -> object:
        if type(value) is not kind:
            raise PydanticKnownError(error)
        return value

    return read


_READERS: Final[list[tuple[Any, Callable[[object], object]]]] = [
    (timedelta, _duration),
    (timedelta | None, _duration_or_never),
    (bool, _exactly(bool, "bool_type")),
    (int, _exactly(int, "int_type")),
]
"""How the file writes a field, by the field's type; any other type is written as it is."""

PersonRef = Annotated[str, AfterValidator(_person)]
UserGroupRef = Annotated[str, AfterValidator(_usergroup)]
ChannelRef = Annotated[str, AfterValidator(_channel)]
Label = Annotated[str, Field(min_length=1, max_length=80)]
StepName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Part(Frozen):
    """A part of the file: mappings, lists, text, whole numbers and truth values. Nothing in it may be empty."""

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, value: object, field: ValidationInfo) -> object:
        # `profiles:` with nothing behind it could mean none, or be a slip
        if value is None:
            raise PydanticCustomError("empty", "is empty")
        kind = cls.model_fields[str(field.field_name)].annotation
        return next((read(value) for type_, read in _READERS if type_ == kind), value)


class ApproversPart(Part):
    """Any mix of people, groups and roles."""

    users: tuple[PersonRef, ...] = ()
    groups: tuple[Key, ...] = ()
    roles: tuple[Key, ...] = ()


class NotifyPart(Part):
    """Who is told that a step waits."""

    direct: bool = True
    channel: ChannelRef | None = None
    silent: ApproversPart = ApproversPart()


class EscalationPart(Part):
    """After how long a step waits for further approvers too."""

    after: timedelta
    approvers: ApproversPart

    @field_validator("approvers")
    @classmethod
    def _names_somebody(cls, value: ApproversPart) -> ApproversPart:
        if not (value.users or value.groups or value.roles):
            raise ValueError("names nobody: an escalation needs at least one user, group or role")
        return value


class StepPart(Part):
    """One step. Its approvers are always written, if only as `{}`: a step without any blocks every request."""

    name: StepName
    required: Annotated[int, Field(ge=1, le=1000)] = Step.model_fields["required"].default
    approvers: ApproversPart
    notify: NotifyPart = NotifyPart()
    escalation: EscalationPart | None = None


class ProfilePart(Part, ProfileSettings):
    """An approval profile."""

    steps: Annotated[tuple[StepPart, ...], Field(min_length=1, max_length=MOST_STEPS)]


class GroupPart(Part):
    """A group: it follows a user group of the workspace, or lists its members."""

    name: Label
    usergroup: UserGroupRef | None = None
    members: tuple[PersonRef, ...] = ()


class RolePart(Part):
    """A role."""

    name: Label
    usergroup: UserGroupRef | None = None
    holders: tuple[PersonRef, ...] = ()


class BuiltInRolePart(Part):
    """Administrators or auditors: a list of people, or `users` and `usergroup`."""

    users: tuple[PersonRef, ...] = ()
    usergroup: UserGroupRef | None = None


class RulesPart(Part, Rules):
    """The rules of a resource."""


class ResourcePart(Part):
    """A resource, what it uses, and which approval profile gates which operation there."""

    kind: ResourceKind
    name: Name
    description: Description = ""
    end_entity_profile: Key | None = None
    certificate_profile: Key | None = None
    certificate_authority: Key | None = None
    connector: ConnectorName | None = None
    approvals: dict[Operation, Key] = Field(default_factory=dict)
    rules: RulesPart = RulesPart()


def _as_users(value: object) -> object:
    if isinstance(value, str | int):
        raise ValueError("must be a list of people, or have the keys users and usergroup")
    return {"users": value} if isinstance(value, list | tuple) else value


BuiltInRole = Annotated[BuiltInRolePart, BeforeValidator(_as_users)]


class Configuration(Part):
    """The whole file. A section that is there manages its kind entirely: what it does not name is deleted."""

    administrators: BuiltInRole | None = None
    auditors: BuiltInRole | None = None
    groups: dict[Key, GroupPart] | None = None
    roles: dict[Key, RolePart] | None = None
    profiles: dict[Key, ProfilePart] | None = None
    resources: dict[Key, ResourcePart] | None = None


def parse_configuration(content: object) -> Configuration:
    """The configuration in *content*: mappings, lists, text, whole numbers and truth values, as a YAML file has them.

    Raises InvalidConfiguration with everything that is wrong with it.
    """
    try:
        return Configuration.model_validate(content)
    except ValidationError as error:
        raise InvalidConfiguration(faults_in(Configuration, error)) from None
