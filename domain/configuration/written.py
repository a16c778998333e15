"""What is configured, as the file would say it: for the export, for showing what changes, and for the record."""

from collections.abc import Mapping
from typing import Any, Final

from domain.approvals.profiles import Approvers, CommentRule, Definition, Notify, Step, usual_reminder
from domain.approvals.resources import Resource
from domain.common.frozen import Frozen
from domain.configuration.document import NEVER
from domain.configuration.durations import write_duration
from domain.configuration.present import Present
from domain.people.people import ADMINISTRATOR, AUDITOR, BUILT_IN_ROLES, Group, PersonId, Role, team_and_user
from domain.pki import Rules

Written = dict[str, Any]

ABSENT: Final = None
"""In a difference: there was, or will be, nothing. The file never says null."""

USUAL: Final[Mapping[str, Any]] = {
    "remind_every": "as usual",
    "valid_for": "for ever",
    "requester_may_approve": False,
    "comment_required": CommentRule.REJECT.value,
    "notify": {},
    "direct": True,
}
"""What it means that the file leaves something of a profile out. Where this differs, it is said: "none" would be another thing."""


class Difference(Frozen):
    """One place where what is configured changes."""

    path: str
    """As in `steps[1].required`."""
    before: Any
    after: Any


def written(present: Present) -> Written:
    """The content of the file that gives exactly what is configured now; the same for the same state, byte by byte."""
    team = present.team
    profiles = {key: one.definition for key, one in sorted(present.profiles.items())}
    roles = {key: one for key, one in sorted(present.roles.items()) if key not in BUILT_IN_ROLES}
    return {
        "administrators": _built_in(present.roles.get(ADMINISTRATOR), team),
        "auditors": _built_in(present.roles.get(AUDITOR), team),
        "groups": {key: written_group(one, team) for key, one in sorted(present.groups.items())},
        "roles": {key: written_role(one, team) for key, one in roles.items()},
        "profiles": {key: written_profile(one, team) for key, one in profiles.items()},
        "resources": {key: written_resource(one) for key, one in sorted(present.resources.items())},
    }


def written_group(group: Group, team: str = "") -> Written:
    """*group* as the file says it; people of *team* by their user id alone."""
    return _without_nothing({"name": group.name, "usergroup": group.usergroup, "members": _people(group.members, team)})


def written_role(role: Role, team: str = "") -> Written:
    """*role* as the file says it."""
    return _without_nothing({"name": role.name, "usergroup": role.usergroup, "holders": _people(role.holders, team)})


def written_profile(definition: Definition, team: str = "") -> Written:
    """*definition* as the file says it."""
    rule = definition.comment_required
    return _without_nothing(
        {
            "name": definition.name,
            "description": definition.description,
            "expires_after": write_duration(definition.expires_after) if definition.expires_after else NEVER,
            "remind_every": _remind_every(definition),
            "valid_for": write_duration(definition.valid_for) if definition.valid_for else None,
            "requester_may_approve": definition.requester_may_approve or None,
            "comment_required": None if rule is CommentRule.REJECT else rule.value,
            "steps": [_step(step, team) for step in definition.steps],
        }
    )


def written_resource(resource: Resource) -> Written:
    """*resource* as the file says it."""
    return _without_nothing(
        {
            "kind": resource.kind.value,
            "name": resource.name,
            "description": resource.description,
            "end_entity_profile": resource.end_entity_profile,
            "certificate_profile": resource.certificate_profile,
            "certificate_authority": resource.certificate_authority,
            "connector": resource.connector,
            "approvals": {operation.value: profile for operation, profile in sorted(resource.approvals.items())},
            "rules": written_rules(resource.rules),
        }
    )


def written_rules(rules: Rules) -> Written:
    """*rules* as the file says them, each with what it allows before what happens to the rest."""
    return {
        name: {**rule.model_dump(mode="json", exclude={"on_violation"}), "on_violation": rule.on_violation.value}
        for name, rule in rules
        if rule is not None
    }


def _built_in(role: Role | None, team: str) -> Written | list[str]:
    if role is None or role.usergroup is None:
        return [] if role is None else _people(role.holders, team)
    return _without_nothing({"users": _people(role.holders, team), "usergroup": role.usergroup})


def _remind_every(definition: Definition) -> str | None:
    """Nothing where it is what is usual: then the file need not say it."""
    if definition.remind_every == usual_reminder(definition.expires_after):
        return None
    return write_duration(definition.remind_every) if definition.remind_every is not None else NEVER


def _step(step: Step, team: str) -> Written:
    notify, further = _notify(step.notify, team), step.escalation
    escalation = further and {
        "after": write_duration(further.after),
        "approvers": _approvers(further.approvers, team),
    }
    return {
        "name": step.name,
        "required": step.required,
        "approvers": _approvers(step.approvers, team),
        **({"notify": notify} if notify else {}),
        **({"escalation": escalation} if escalation else {}),
    }


def _approvers(approvers: Approvers, team: str) -> Written:
    return _without_nothing(
        {
            "users": _people(approvers.users, team),
            "groups": list(approvers.groups),
            "roles": list(approvers.roles),
        }
    )


def _notify(notify: Notify, team: str) -> Written:
    silent = _approvers(notify.silent, team)
    return _without_nothing({"direct": None if notify.direct else False, "channel": notify.channel, "silent": silent})


def _people(people: tuple[PersonId, ...], team: str) -> list[str]:
    return sorted(user if of == team else f"{of}/{user}" for of, user in map(team_and_user, people))


def _without_nothing(content: Written) -> Written:
    """*content* without what is left out of the file: what is None, and what is empty."""
    return {key: value for key, value in content.items() if value is not None and value not in ("", [], {})}


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
