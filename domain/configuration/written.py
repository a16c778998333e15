"""What is configured, as the file would say it: for the export, for showing what changes, and for the record."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from domain.approvals.profiles import Approvers, Definition, Escalation, Notify, Step
from domain.approvals.resources import Resource
from domain.common.frozen import Frozen
from domain.configuration.document import (
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
from domain.configuration.durations import write_duration
from domain.configuration.present import Present
from domain.people.people import ADMINISTRATOR, AUDITOR, BUILT_IN_ROLES, Group, PersonId, Role, team_and_user
from domain.pki import Rules

Written = dict[str, Any]

ABSENT: Final = None
"""In a difference: there was, or will be, nothing. The file never says null."""


class Difference(Frozen):
    """One place where what is configured changes."""

    path: str
    """As in `steps[1].required`."""
    before: Any
    after: Any


_PARTS: Final[Mapping[type[Frozen], type[Part]]] = {
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


def written(present: Present) -> Written:
    """The content of the file that gives exactly what is configured now; the same for the same state, byte by byte."""
    own_roles = {key: role for key, role in present.roles.items() if key not in BUILT_IN_ROLES}
    sections: dict[str, Mapping[str, Frozen]] = {
        "groups": present.groups,
        "roles": own_roles,
        "profiles": {key: version.definition for key, version in present.profiles.items()},
        "resources": present.resources,
    }
    return {
        "administrators": _built_in(present.roles.get(ADMINISTRATOR), present.team),
        "auditors": _built_in(present.roles.get(AUDITOR), present.team),
        **{
            section: {key: written_part(value, present.team) for key, value in sorted(values.items())}
            for section, values in sections.items()
        },
    }


def written_part(value: Frozen, team: str = "") -> Written:
    """*value*, one of `_PARTS`, as the file says it; people of *team* by their user id alone.

    What is the default in the file, and what is empty, is left out.
    """
    values = dict(value)
    content = {}
    for name, field in _PARTS[type(value)].model_fields.items():
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
            return written_part(value, team)
        case tuple() if name in PEOPLE_FIELDS:
            return _people(value, team)
        case tuple():
            return [_value(name, item, team) for item in value]
        case dict():
            return {str(key): item for key, item in sorted(value.items())}
        case _:
            return value


def _built_in(role: Role | None, team: str) -> Written | list[str]:
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


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Where *after* says something else than *before*, in the order of the file. Lists of names are compared as wholes.

    What one of them leaves out is what is `USUAL`, unless there was nothing before, or will be nothing.
    """
    return tuple(_differences("", before, after, USUAL if before and after else {}))


def _differences(path: str, before: Any, after: Any, usual: Mapping[str, Any]) -> list[Difference]:
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*before, *(key for key in after if key not in before)]
        return [
            one
            for key in keys
            for old, new in [(side.get(key, usual.get(key, ABSENT)) for side in (before, after))]
            for one in _differences(f"{path}.{key}".lstrip("."), old, new, usual)
        ]
    if _is_list_of_parts(before) and _is_list_of_parts(after):
        found = []
        for index in range(max(len(before), len(after))):
            old, new = (side[index] if index < len(side) else ABSENT for side in (before, after))
            found += _differences(f"{path}[{index}]", old, new, usual)
        return found
    return [Difference(path=path, before=before, after=after)]


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
