"""Every modal for approval profiles, with little and with much in it, with ordinary and with hostile text, held against Slack's limits."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.devslack.block_kit.limits import check_view
from bot.slack.kit.admin_places import FormPlace, ListPlace, StepPlace, VersionPlace
from bot.slack.kit.blocks.inputs import Teams
from bot.slack.kit.blocks.labels import Labels
from bot.slack.pages.profiles import blocks as profiles
from bot.slack.pages.profiles import form_blocks as profile_forms
from bot.slack.pages.profiles.descriptions import difference_lines, preview_lines, step_lines
from domain.approvals.profiles import MOST_STEPS, Approvers, Escalation, Notify, ProfileId, ProfileVersion, Step
from domain.approvals.requests import RequestId
from domain.approvals.resources import Resource, ResourceKind
from domain.audit.entries import GENESIS, Action, AuditEntry, Source
from domain.common.operations import Operation
from domain.configuration.differences import differences
from domain.configuration.plan import content_of
from domain.people.people import GroupId, RoleId
from domain.ports import RecordedEntry, Uses
from domain.workflow.configuration.profile_drafts import Base, Edited
from domain.workflow.configuration.profile_pages import (
    Edition,
    History,
    Preview,
    ProfileList,
    ProfilePage,
    Slice,
    StepPreview,
)
from tests.bot.slack.cast import HOSTILE, LONG
from tests.bot.slack.limits import faults_of_view, texts
from tests.rules.build import ADMIN, ANN, HOUR, NOON, approvers, pid, profile, step

_OURS = re.compile(
    r"<(@[A-Z][A-Z0-9]{1,3}|#C[A-Z0-9]+|!date\^[0-9]+\^\{date_short_pretty\} \{time\}\|[0-9A-Za-z ,:]+ UTC)>"
)
NAME = HOSTILE[:80].strip()
FORM = FormPlace(base=Base(profile="web", seen=3, draft="0" * 32), nonce="7f")


def many(people: int = 130, teams: int = 60) -> Approvers:
    return Approvers(
        users=tuple(pid(f"P{number}") for number in range(people)),
        groups=tuple(GroupId(f"g{number}") for number in range(teams)),
        roles=tuple(RoleId(f"r{number}") for number in range(teams)),
    )


def versions() -> Iterator[tuple[str, ProfileVersion]]:
    yield "small", profile(step(ANN))
    yield "nobody", profile(step(name=NAME), name=NAME, description=HOSTILE[:500])
    full = Step(
        name=NAME, required=3, approvers=many(), notify=Notify(direct=False, channel="C0PKI", silent=many()),
        escalation=Escalation(after=timedelta(hours=8), approvers=many()),
    )  # fmt: skip
    few = full.replace(approvers=approvers(ANN), notify=Notify(), escalation=None)
    yield "twenty", profile(*[few] * MOST_STEPS, name=NAME, expires_after=72 * HOUR)
    yield (
        "everything",
        profile(
            *[full] * MOST_STEPS,
            name=NAME,
            description="&" * 500,
            expires_after=timedelta(seconds=90),
            remind_every=None,
        ),
    )


ALL = dict(versions())
each = pytest.mark.parametrize("version", ALL.values(), ids=ALL)
LABELS = Labels(
    groups={GroupId(f"g{number}"): f"{NAME[:60]} {number}" for number in range(60)},
    roles={RoleId(f"r{number}"): f"{NAME[:60]} {number}" for number in range(60)},
)


def preview_of(version: ProfileVersion, warnings: int = 0) -> Preview:
    return Preview(
        steps=(StepPreview(people=2, told=1),) * len(version.steps),
        told=12,
        warnings=tuple(f"{number} {HOSTILE}"[:400] for number in range(warnings)),
    )


def saved(by: Any = ADMIN.id) -> RecordedEntry:
    entry = AuditEntry(action=Action.PROFILE_SAVED, subject="profile:web", at=NOON, by=by, after={"version": 1})
    return RecordedEntry(
        id=1, chain="countersign", number=1, source=Source.SLACK, entry=entry, previous=GENESIS, hash=GENESIS
    )


def page_of(version: ProfileVersion, *, much: bool = False, may_edit: bool = True) -> ProfilePage:
    resources = tuple(
        Resource(
            key=f"r{number}",
            kind=ResourceKind.RA_PROFILE,
            name=f"{number} {NAME[:70]}",
            approvals={Operation.ISSUE: "web"},
        )
        for number in range(200 if much else 1)
    )
    uses = Uses(resources=resources, requests=tuple(range(1, 500 if much else 3)))
    return ProfilePage(
        version=version,
        team="T1",
        preview=preview_of(version, 40 if much else 1),
        uses=uses,
        blocked=tuple(map(RequestId, range(1, 300 if much else 2))),
        saved=saved() if much else None,
        may_edit=may_edit,
    )


def test_nobody_is_said_as_nobody() -> None:
    def will_notify(people: int, channel: str | None) -> str:
        reach = Preview(steps=(StepPreview(people=0, told=0),), told=people, warnings=())
        return next(preview_lines(reach, [step(name="Approval", notify=Notify(channel=channel))]))

    assert will_notify(0, None) == "Will notify nobody."
    assert will_notify(0, "C1") == "Will notify <#C1>."
    assert will_notify(1, "C1") == "Will notify 1 person and <#C1>."
    [first, *_] = step_lines(1, step(name="Approval"), Labels())
    assert first == "*1. Approval*: no approvers yet"


def check(view: View) -> str:
    """What *view* says, after it was held against the limits."""
    shown = json.loads(json.dumps(view.to_dict()))
    assert faults_of_view(shown) == []
    assert check_view(shown, (view.type,)) == []
    for text, kind in texts(shown["blocks"]):
        assert not set("\u202e\u202c\u200b\x07") & set(text)
        if kind == "mrkdwn":
            assert not {"<", ">"} & set(_OURS.sub("", text)), text
    return json.dumps(shown, ensure_ascii=False)


@each
@pytest.mark.parametrize("much", [False, True])
def test_a_profile_is_shown_within_the_limits(version: ProfileVersion, much: bool) -> None:
    view = check(
        profiles.profile_page(page_of(version, much=much), LABELS, "*Nothing changed*, so there is no new version.")
    )
    assert "Delete" in view
    assert "Delete" not in check(profiles.profile_page(page_of(version, may_edit=False), LABELS))
    assert "issue" in view


@each
def test_the_form_for_it_is_within_the_limits(version: ProfileVersion) -> None:
    edited = Edited(base=FORM.base, version=version, steps=version.steps)
    view = check(profile_forms.profile_form(edited, preview_of(version, 40), LABELS, FORM))
    assert ("step_remove" in view) == (len(version.steps) > 1)
    assert ("step_add" in view) == (len(version.steps) < MOST_STEPS)
    assert view.count("step_up") == view.count("step_down") == len(version.steps) - 1
    new = Edited(base=Base(), version=None, steps=version.steps)
    check(profile_forms.profile_form(new, preview_of(version), LABELS, FORM.replace(base=Base())))


@each
@pytest.mark.parametrize("teams", [0, 3, 150, 3000])
def test_the_form_for_a_step_is_within_the_limits(version: ProfileVersion, teams: int) -> None:
    offered = Teams(
        {GroupId(f"g{number}"): f"{number} {NAME}" for number in range(teams)},
        {RoleId(f"r{number}"): f"{number} {NAME}" for number in range(teams)},
    )
    place = StepPlace(form=FORM, view="V" * 40, step=19)
    for edited_step in (version.steps[0].replace(approvers=many(130, 45)), None):
        check(profile_forms.step_form(edited_step, preview_of(version, 40), version.steps, offered, place))


def test_lists_are_within_the_limits() -> None:
    for rows in (0, 1, 8):
        listed = tuple(
            profile(step(ANN), step(), key=f"p{number}", name=f"{number} {NAME}"[:80].strip()) for number in range(rows)
        )
        part = Slice(page=2, pages=9, total=70) if rows == 8 else Slice(total=rows)
        shown = ProfileList(profiles=listed, bound={"p1": 3}, slice=part, search=LONG[:80], may_edit=True)
        view = check(profiles.profile_list(shown, "*Deleted*: it."))
        assert ("profiles_next" in view) == (rows == 8)
    assert "profile_new" not in check(profiles.profile_list(ProfileList(profiles=(), bound={}, slice=Slice())))


def test_a_history_of_long_changes_is_within_the_limits() -> None:
    everybody = list(ALL.values())
    editions = [
        Edition(version=new, saved=saved(None), changes=differences(content_of(old, "T1"), content_of(new, "T1")))
        for new in everybody
        for old in (*everybody, None)
    ]
    for start in range(0, len(editions), 5):
        history = History(
            profile=ProfileId("web"), name=NAME, team="T1", editions=tuple(editions[start : start + 5]), slice=Slice(pages=9)
        )  # fmt: skip
        check(profiles.profile_history(history))


def test_differences_name_people_and_count_steps_from_one() -> None:
    old, new = profile(step(ANN)), profile(step(ANN, ADMIN, name="Names", required=2), expires_after=HOUR)
    lines = list(difference_lines(differences(content_of(old, "T1"), content_of(new, "T1")), "T1"))
    assert "• Expires after: never → 1h" in lines
    assert "• Step 1 required: 1 → 2" in lines
    assert "• Step 1 approvers users: <@ANN> → <@ADAM>, <@ANN>" in lines


@pytest.mark.parametrize(
    "place",
    [
        ListPlace(page=3, search="a/b\nc"),
        VersionPlace(key="web", number=3),
        FORM,
        StepPlace(form=FORM, view="V1", step=0),
    ],
)
def test_places_come_back_as_they_were_written(place: Any) -> None:
    assert type(place).parse(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "web", "web/", "/3", "WEB/3", "web/-1", "web/3/4", "{}", "null", '{"base":{}}', "[" * 2000]
)
def test_other_places_are_refused(text: str) -> None:
    for kind in (VersionPlace, FormPlace, StepPlace):
        with pytest.raises(ValueError, match="not "):
            kind.parse(text)
