"""Editing the steps of a profile before it is saved."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from domain.approvals.profile_drafts import Draft, DraftId
from domain.approvals.profiles import MOST_STEPS, Approvers, ProfileId, ProfileVersion, Step
from domain.audit.entries import Source
from domain.common.errors import NoSuchProfile
from domain.common.frozen import Frozen
from domain.configuration.refusals import FormTooOld, NoSuchStep, TooManySteps, TooMuchForAForm
from domain.people.people import Key, PersonId, team_and_user
from domain.ports import Reading, Store
from domain.workflow.configuration.profile_pages import administrator

FIRST_STEP: Final = Step(name="Approval")
"""The only step of a new profile."""

MOST_CHOSEN: Final = 100
"""How many chosen values a field of a Slack form can show."""

Steps = tuple[Step, ...]


class Base(Frozen):
    """What a form edits: a version of a profile, or a new profile, and the draft of its steps if any of them was changed."""

    profile: Key | None = None
    seen: int = Field(default=0, ge=0)
    """The version that its author began from; 0 for a new profile."""
    draft: Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{32}\z")] | None = None

    @property
    def id(self) -> ProfileId | None:
        return None if self.profile is None else ProfileId(self.profile)


class Edited(Frozen):
    """The state of a form: the version it began from, None for a new profile, and its steps."""

    base: Base
    version: ProfileVersion | None
    steps: Steps
    expires_after: timedelta | None = None
    """For the preview. Saving takes the expiry from the form that was sent."""


async def begin(store: Store, by: PersonId, profile: ProfileId | None) -> Edited:
    """A form for the present version of *profile*, or for a new one. Raises NotAMember, NotAnAdministrator, NoSuchProfile."""
    async with store.reading() as reading:
        await administrator(reading, by)
        if profile is None:
            return Edited(base=Base(), version=None, steps=(FIRST_STEP,))
        version = await reading.profiles.get(profile)
        if version is None:
            raise NoSuchProfile(profile=profile)
        base = Base(profile=version.profile, seen=version.number)
        return _as_saved(base, version)


async def edited(store: Store, by: PersonId, base: Base) -> Edited:
    """The state of the form for *base*. Raises NotAMember, NotAnAdministrator, NoSuchProfile, FormTooOld."""
    async with store.reading() as reading:
        await administrator(reading, by)
        return await _edited(reading, by, base)


async def change_steps(
    store: Store, by: PersonId, base: Base, change: Callable[[Steps], Steps], at: datetime
) -> Edited:
    """The form after *change* of its steps. A draft is not in effect until it is saved, so it is not in the audit log.

    Raises NotAMember, NotAnAdministrator, NoSuchProfile, FormTooOld, and whatever *change* raises.
    """
    return await _change(store, by, base, lambda form: form.replace(steps=change(form.steps)), at)


async def change_expiry(
    store: Store, by: PersonId, base: Base, expires_after: timedelta | None, at: datetime
) -> Edited:
    """The form after another expiry was filled in. Raises NotAMember, NotAnAdministrator, NoSuchProfile, FormTooOld."""
    return await _change(store, by, base, lambda form: form.replace(expires_after=expires_after), at)


async def _change(store: Store, by: PersonId, base: Base, change: Callable[[Edited], Edited], at: datetime) -> Edited:
    async with store.transaction(Source.SLACK) as tx:
        await administrator(tx, by)
        after = change(await _edited(tx, by, base))
        draft = Draft(person=by, steps=after.steps, expires_after=after.expires_after)
        await tx.profiles.save_draft(draft, at)
        return after.replace(base=base.replace(draft=draft.id))


async def _edited(reading: Reading, by: PersonId, base: Base) -> Edited:
    version = None
    if base.id is not None:
        version = await reading.profiles.version(base.id, base.seen)
        if version is None:
            raise NoSuchProfile(profile=base.id)
    if base.draft is None:
        return _as_saved(base, version) if version is not None else Edited(base=base, version=None, steps=(FIRST_STEP,))
    draft = await reading.profiles.draft(DraftId(base.draft))
    if draft is None or draft.person != by:
        raise FormTooOld
    return Edited(base=base, version=version, steps=draft.steps, expires_after=draft.expires_after)


def _as_saved(base: Base, version: ProfileVersion) -> Edited:
    return Edited(base=base, version=version, steps=version.steps, expires_after=version.definition.expires_after)


# changes of steps; places count from 0


def step_at(steps: Steps, place: int) -> Step:
    """The step at *place*. Raises NoSuchStep."""
    _check_place(steps, place)
    return steps[place]


def editable(step: Step, workspace: str) -> Step:
    """*step*, if a form in the workspace with this team id can show everybody that it names. Saving would lose the others.

    Raises TooMuchForAForm.
    """
    named = (
        step.approvers,
        step.notify.silent,
        step.escalation.approvers if step.escalation is not None else Approvers(),
    )
    for approvers in named:
        too_many = len(approvers.groups) + len(approvers.roles) > MOST_CHOSEN or len(approvers.users) > MOST_CHOSEN
        if too_many or any(team_and_user(user)[0] != workspace for user in approvers.users):
            raise TooMuchForAForm
    return step


def with_step(place: int | None, step: Step) -> Callable[[Steps], Steps]:
    """Put *step* at *place*, or after the last for None. Raises NoSuchStep, TooManySteps."""

    def change(steps: Steps) -> Steps:
        if place is not None:
            _check_place(steps, place)
            return (*steps[:place], step, *steps[place + 1 :])
        if len(steps) >= MOST_STEPS:
            raise TooManySteps(most=MOST_STEPS)
        return (*steps, step)

    return change


def moved(place: int, by: int) -> Callable[[Steps], Steps]:
    """Move the step at *place* by *by* places down, or up if *by* is negative. It does not move past an end. Raises NoSuchStep."""

    def change(steps: Steps) -> Steps:
        _check_place(steps, place)
        others = [*steps[:place], *steps[place + 1 :]]
        others.insert(max(0, place + by), steps[place])
        return tuple(others)

    return change


def without(place: int) -> Callable[[Steps], Steps]:
    """Remove the step at *place*; the only step stays, because a profile has at least one. Raises NoSuchStep."""

    def change(steps: Steps) -> Steps:
        _check_place(steps, place)
        return (*steps[:place], *steps[place + 1 :]) or steps

    return change


def _check_place(steps: Steps, place: int) -> None:
    if not 0 <= place < len(steps):
        raise NoSuchStep(number=place + 1)
