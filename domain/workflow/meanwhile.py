"""What somebody else did while a form was open: nothing is overwritten, and whoever saves is told who changed what."""

import hashlib
import json

from domain.configuration.plan import as_written
from domain.configuration.present import Present
from domain.configuration.refusals import NotThere, ProfileChanged, ResourceChanged
from domain.configuration.wording import in_words, place
from domain.configuration.written import Written, differences, written_resource
from domain.ports import Reading
from domain.profiles import Definition, ProfileId
from domain.resources import Resource, ResourceId

SAID = 5
"""How many differences a refusal names."""


async def profile_changed(reading: Reading, present: Present, profile: ProfileId, seen: int) -> ProfileChanged:
    """What to tell somebody who began from version *seen*, 0 for none, of *profile*."""
    then, now = await reading.profile_version(profile, seen), present.profiles.get(profile)
    named = now or then
    what = "it is deleted"
    if now is not None:
        said = _said(as_written(then, present.team), as_written(now, present.team))
        what = f"it is at version {now.number} now ({said})"
    who = await who_did_it(reading, f"profile:{profile}")
    return ProfileChanged(who=who, profile=named.name if named else profile, what=what, key=now.profile if now else "")


def fingerprint(resource: Resource) -> str:
    """What a form carries of what it showed: 16 hexadecimal digits, the same for the same content."""
    return _fingerprint(written_resource(resource))


def _fingerprint(content: Written) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


async def resource_changed(reading: Reading, present: Present, resource: ResourceId, seen: str) -> ResourceChanged:
    """What to tell somebody who began from what had the fingerprint *seen*; the record knows what that was."""
    now = present.resources.get(resource)
    about = await reading.audit_about(f"resource:{resource}")
    then = next((one.entry.after for one in about if _fingerprint(one.entry.after) == seen), None)
    if now is None:
        what = "it is deleted"
    elif then is None:
        what = "it is not what you saw"
    else:
        what = _said(then, written_resource(now))
    who = await who_did_it(reading, f"resource:{resource}")
    return ResourceChanged(who=who, resource=now.name if now else resource, what=what, key=now.key if now else "")


async def who_did_it(reading: Reading, subject: str) -> str:
    """The name of whoever changed *subject* last."""
    about = await reading.audit_about(subject)
    by = about[-1].entry.by if about else None
    if by is None:
        return "Somebody with the configuration file" if about else "Somebody"
    known = (await reading.identities([by])).get(by)
    return known.name if known is not None and known.name else by


def _said(before: Written, after: Written) -> str:
    lines = [line for one in differences(before, after) for line in in_words(one, where=place)]
    more = len(lines) - SAID
    return "; ".join([*lines[:SAID], *([f"and {more} more"] if more > 0 else [])]) or "saying the same"


def must_be_there(present: Present, definition: Definition) -> None:
    """Every group and role that *definition* names. Raises NotThere."""
    for step in definition.steps:
        for those in step.named:
            for kind, keys, known in (("group", those.groups, present.groups), ("role", those.roles, present.roles)):
                for key in keys:
                    if key not in known:
                        raise NotThere(kind=kind, key=key)
