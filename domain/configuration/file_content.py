"""What is configured, as the file says it: for the export, for showing what changes, and for the audit log."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from domain.approvals.profiles import Approvers, Definition, Escalation, Notify, Step
from domain.approvals.resources import Resource
from domain.common.frozen import Frozen
from domain.configuration.current_state import CurrentState
from domain.configuration.durations import write_duration
from domain.configuration.file_model import (
    NEVER,
    PEOPLE_FIELDS,
    ApproversPart,
    EscalationPart,
    GroupPart,
    NotifyPart,
    Part,
    ProfilePart,
    ResourcePart,
    RolePart,
    StepPart,
)
from domain.people.people import ADMINISTRATOR, AUDITOR, BUILT_IN_ROLES, Group, PersonId, Role, team_and_user
from domain.pki import Rules

Content = dict[str, Any]
"""Mappings, lists, text, whole numbers and truth values, as a YAML file has them."""

PARTS: Final[Mapping[type[Frozen], type[Part]]] = {
    Group: GroupPart,
    Role: RolePart,
    Definition: ProfilePart,
    Step: StepPart,
    Approvers: ApproversPart,
    Notify: NotifyPart,
    Escalation: EscalationPart,
    Resource: ResourcePart,
}
"""As which part of the file a value of the domain is written."""
_ALWAYS_WRITTEN: Final = frozenset({"expires_after", "required"})
"""What a reader of the file should not have to know the default of."""


def file_content(current: CurrentState) -> Content:
    """The content of the file that gives exactly what is configured now; the same for the same state, byte by byte."""
    own_roles = {key: role for key, role in current.roles.items() if key not in BUILT_IN_ROLES}
    sections: dict[str, Mapping[str, Frozen]] = {
        "groups": current.groups,
        "roles": own_roles,
        "profiles": {key: version.definition for key, version in current.profiles.items()},
        "resources": current.resources,
    }
    return {
        "administrators": _built_in(current.roles.get(ADMINISTRATOR), current.team),
        "auditors": _built_in(current.roles.get(AUDITOR), current.team),
        **{
            section: {key: part_content(value, current.team) for key, value in sorted(values.items())}
            for section, values in sections.items()
        },
    }


def part_content(value: Frozen, team: str = "") -> Content:
    """*value*, one of `PARTS`, as the file says it; people of *team* by their user id alone.

    What is the default in the file, and what is empty, is left out.
    """
    values = dict(value)
    content = {}
    for name, field in PARTS[type(value)].model_fields.items():
        content[name] = _value(name, values[name], team)
        default = field.get_default(call_default_factory=True, validated_data=values)
        is_optional = not field.is_required() and name not in _ALWAYS_WRITTEN
        if is_optional and (values[name] == default or content[name] in ("", [], {})):
            del content[name]
    return content


def _value(name: str, value: Any, team: str) -> Any:
    match value:
        case None:
            return NEVER  # where None is the default it is left out
        case timedelta():
            return write_duration(value)
        case StrEnum():
            return value.value
        case Rules():
            # each rule says what it allows before what happens to the rest
            return {
                rule_name: {
                    **rule.model_dump(mode="json", exclude={"on_violation"}),
                    "on_violation": rule.on_violation.value,
                }
                for rule_name, rule in value
                if rule is not None
            }
        case Frozen():
            return part_content(value, team)
        case tuple() if name in PEOPLE_FIELDS:
            return _people(value, team)
        case tuple():
            return [_value(name, item, team) for item in value]
        case dict():
            return {str(key): item for key, item in sorted(value.items())}
        case _:
            return value


def _built_in(role: Role | None, team: str) -> Content | list[str]:
    if role is None:
        return []
    users = _people(role.holders, team)
    if role.usergroup is None:
        return users
    return {**({"users": users} if users else {}), "usergroup": role.usergroup}


def _people(people: tuple[PersonId, ...], team: str) -> list[str]:
    return sorted(user if of == team else f"{of}/{user}" for of, user in map(team_and_user, people))


USUAL: Final[Mapping[str, Any]] = {
    "remind_every": "as usual",
    "valid_for": "for ever",
    "notify": {},
    **{
        name: _value(name, field.default, "")
        for part in (ProfilePart, NotifyPart)
        for name, field in part.model_fields.items()
        if isinstance(field.default, bool | StrEnum)
    },
}
"""What it means that the file leaves something of a profile out. Where this differs, it is said: "none" would be another thing."""
