"""What another person changed while a form was open: nothing is overwritten, and the refusal says who changed what."""

import hashlib
import json

from domain.approvals.profiles import Definition, ProfileId
from domain.approvals.resources import Resource, ResourceId
from domain.configuration.current_state import CurrentState
from domain.configuration.differences import differences, lines_of, names_people, names_usergroup, place
from domain.configuration.file_content import Content, part_content
from domain.configuration.plan import content_of
from domain.configuration.refusals import NotThere, ProfileChanged, ResourceChanged
from domain.people.people import PersonId, person_id
from domain.ports import Reading

MOST_DIFFERENCES = 5
"""How many differences a refusal names."""


async def profile_changed(reading: Reading, present: CurrentState, profile: ProfileId, seen: int) -> ProfileChanged:
    """The refusal for a person whose form began from version *seen* of *profile*, 0 for none."""
    then, now = await reading.profiles.version(profile, seen), present.profiles.get(profile)
    named = now or then
    what = "it is deleted"
    if now is not None:
        then_written, now_written = content_of(then, present.team), content_of(now, present.team)
        what = f"it is at version {now.number} now ({await _differences(reading, present.team, then_written, now_written)})"
    who = await who_did_it(reading, f"profile:{profile}")
    return ProfileChanged(who=who, profile=named.name if named else profile, what=what, key=now.profile if now else "")


def fingerprint(resource: Resource) -> str:
    """What a form carries to recognise the content that it showed: see `fingerprint_of`."""
    return fingerprint_of(part_content(resource))


def fingerprint_of(content: Content) -> str:
    """16 hexadecimal digits, the same for the same content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


async def resource_changed(reading: Reading, present: CurrentState, resource: ResourceId, seen: str) -> ResourceChanged:
    """The refusal for a person whose form began from the content with the fingerprint *seen*."""
    now, subject = present.resources.get(resource), f"resource:{resource}"
    what = await what_changed(reading, present.team, subject, content_of(now), seen)
    who = await who_did_it(reading, subject)
    return ResourceChanged(who=who, resource=now.name if now else resource, what=what, key=now.key if now else "")


async def what_changed(reading: Reading, team: str, subject: str, now: Content, seen: str) -> str:
    """What differs between *now*, empty if *subject* was deleted, and the content with the fingerprint *seen*, from the audit log."""
    if not now:
        return "it is deleted"
    entries = await reading.audit.about(subject)
    sides = (side for recorded in entries for side in (recorded.entry.before, recorded.entry.after))
    then = next((side for side in sides if side and fingerprint_of(side) == seen), None)
    return "it is no longer what you saw" if then is None else await _differences(reading, team, then, now)


async def who_did_it(reading: Reading, subject: str) -> str:
    """The name of the person who changed *subject* last."""
    entries = await reading.audit.about(subject)
    by = entries[-1].entry.by if entries else None
    if by is None:
        return "Somebody with the configuration file" if entries else "Somebody"
    identity = (await reading.people.identities([by])).get(by)
    return identity.name if identity is not None and identity.name else by


async def _differences(reading: Reading, team: str, before: Content, after: Content) -> str:
    """What differs, in a sentence, with the names of people and user groups of *team*."""
    people = {identity.id: identity.name for identity in (await reading.people.identities()).values()}
    handles = {usergroup.id: f"@{usergroup.handle}" for usergroup in await reading.directory.usergroups()}

    def say(path: str, text: str) -> str:
        if names_people(path):
            return people.get(PersonId(text) if "/" in text else person_id(team, text)) or text
        return handles.get(text, text) if names_usergroup(path) else text

    lines = [line for difference in differences(before, after) for line in lines_of(difference, say, place)]
    more = len(lines) - MOST_DIFFERENCES
    return (
        "; ".join([*lines[:MOST_DIFFERENCES], *([f"and {more} more"] if more > 0 else [])]) or "with the same content"
    )


def must_be_there(present: CurrentState, definition: Definition) -> None:
    """Check that every group and role in *definition* exists. Raises NotThere."""
    for step in definition.steps:
        for approvers in step.named:
            for group in approvers.groups:
                if group not in present.groups:
                    raise NotThere(kind="group", key=group)
            for role in approvers.roles:
                if role not in present.roles:
                    raise NotThere(kind="role", key=role)
