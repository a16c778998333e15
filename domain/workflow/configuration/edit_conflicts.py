"""What somebody else did while a form was open: nothing is overwritten, and whoever saves is told who changed what."""

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

SAID = 5
"""How many differences a refusal names."""


async def profile_changed(reading: Reading, present: CurrentState, profile: ProfileId, seen: int) -> ProfileChanged:
    """What to tell somebody who began from version *seen*, 0 for none, of *profile*."""
    then, now = await reading.profiles.version(profile, seen), present.profiles.get(profile)
    named = now or then
    what = "it is deleted"
    if now is not None:
        said = await _said(reading, present.team, content_of(then, present.team), content_of(now, present.team))
        what = f"it is at version {now.number} now ({said})"
    who = await who_did_it(reading, f"profile:{profile}")
    return ProfileChanged(who=who, profile=named.name if named else profile, what=what, key=now.profile if now else "")


def fingerprint(resource: Resource) -> str:
    """What a form carries of what it showed: see `fingerprint_of`."""
    return fingerprint_of(part_content(resource))


def fingerprint_of(content: Content) -> str:
    """16 hexadecimal digits, the same for the same content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


async def resource_changed(reading: Reading, present: CurrentState, resource: ResourceId, seen: str) -> ResourceChanged:
    """What to tell somebody who began from what had the fingerprint *seen*."""
    now, subject = present.resources.get(resource), f"resource:{resource}"
    what = await what_changed(reading, present.team, subject, content_of(now), seen)
    who = await who_did_it(reading, subject)
    return ResourceChanged(who=who, resource=now.name if now else resource, what=what, key=now.key if now else "")


async def what_changed(reading: Reading, team: str, subject: str, now: Content, seen: str) -> str:
    """From what had the fingerprint *seen*, which the record knows, to what *subject* is *now*; empty where it is gone."""
    if not now:
        return "it is deleted"
    about = await reading.audit.about(subject)
    sides = (side for one in about for side in (one.entry.before, one.entry.after))
    then = next((side for side in sides if side and fingerprint_of(side) == seen), None)
    return "it is not what you saw" if then is None else await _said(reading, team, then, now)


async def who_did_it(reading: Reading, subject: str) -> str:
    """The name of whoever changed *subject* last."""
    about = await reading.audit.about(subject)
    by = about[-1].entry.by if about else None
    if by is None:
        return "Somebody with the configuration file" if about else "Somebody"
    known = (await reading.people.identities([by])).get(by)
    return known.name if known is not None and known.name else by


async def _said(reading: Reading, team: str, before: Content, after: Content) -> str:
    """What differs, in a sentence, with people and user groups of *team* as people call them."""
    people = {identity.id: identity.name for identity in (await reading.people.identities()).values()}
    handles = {usergroup.id: f"@{usergroup.handle}" for usergroup in await reading.directory.usergroups()}

    def say(path: str, text: str) -> str:
        if names_people(path):
            return people.get(PersonId(text) if "/" in text else person_id(team, text)) or text
        return handles.get(text, text) if names_usergroup(path) else text

    lines = [line for difference in differences(before, after) for line in lines_of(difference, say, place)]
    more = len(lines) - SAID
    return "; ".join([*lines[:SAID], *([f"and {more} more"] if more > 0 else [])]) or "saying the same"


def must_be_there(present: CurrentState, definition: Definition) -> None:
    """Every group and role that *definition* names. Raises NotThere."""
    for step in definition.steps:
        for those in step.named:
            for kind, keys, known in (("group", those.groups, present.groups), ("role", those.roles, present.roles)):
                for key in keys:
                    if key not in known:
                        raise NotThere(kind=kind, key=key)
