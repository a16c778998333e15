"""Approval profiles managed one at a time, on both databases: what is shown, drafts of their steps, and nothing overwritten unseen."""

import pytest

from domain.approvals.delegation import Delegation
from domain.approvals.profile_drafts import KEPT
from domain.approvals.profiles import MOST_STEPS, Approvers, Definition, Escalation, Notify, ProfileId, ProfileVersion
from domain.approvals.requests import RequestId
from domain.audit.entries import Source
from domain.common.errors import NameTaken, NoSuchProfile, NotAMember, NotAnAdministrator
from domain.common.slugs import key_for
from domain.configuration.refusals import (
    FormTooOld,
    NoSuchStep,
    NotAReader,
    NotThere,
    ProfileChanged,
    TooManySteps,
)
from domain.people.people import AUDITOR, GroupId, Role, RoleId
from domain.store import SqlStore
from domain.workflow.configuration.configure import create_profile, delete_profile, export, plan, save_profile
from domain.workflow.configuration.profile_drafts import (
    FIRST_STEP,
    Base,
    begin,
    change_expiry,
    change_steps,
    edited,
    moved,
    with_step,
    without,
)
from domain.workflow.configuration.profile_pages import preview, profile_history, profile_list, profile_page
from tests.databases import seed
from tests.domain.configuration.states import file, pid, step
from tests.domain.configuration.store import ADMIN, WEB, WEB_RESOURCE, meet_workspace, present, recorded
from tests.domain.store.build import submitted
from tests.rules.build import HOUR, INSTANT, NOON, profile

BOB, CAT, DAN = pid("BOB"), pid("CAT"), pid("DAN")


@pytest.fixture(autouse=True)
async def _workspace(store: SqlStore) -> None:
    await meet_workspace(store)


async def saved(store: SqlStore, definition: Definition, seen: int = 0) -> ProfileVersion:
    await save_profile(store, WEB, definition, NOON, by=ADMIN, source=Source.SLACK, seen=seen)
    version = await present(store)
    assert version is not None
    return version


def definition(*users: str, **more: object) -> Definition:
    return Definition(**{"name": "Web", "steps": (step(*users),), **more})


# creating


async def test_a_new_profile_gets_a_key_from_its_name_that_nothing_else_has(store: SqlStore) -> None:
    for name in ("Web (public)", "Web -- public", "日本語"):
        await create_profile(store, definition("BOB", name=name), NOON, by=ADMIN, source=Source.SLACK)
    async with store.reading() as reading:
        assert {profile.profile for profile in await reading.profiles.listed()} == {
            "web-public",
            "web-public-2",
            "profile",
        }
    with pytest.raises(NameTaken):
        await create_profile(store, definition("BOB", name="WEB (PUBLIC)"), NOON, by=ADMIN, source=Source.SLACK)
    [first, *_] = await recorded(store)
    assert (first.source, first.entry.by, first.entry.subject) == (Source.SLACK, ADMIN, "profile:web-public")
    content = await export(store)
    assert (await plan(store, file(**content))).is_empty


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Web servers", (), "web-servers"), ("Größe, Übergröße", (), "grosse-ubergrosse"), ("  --  ", (), "otherwise"),
        ("x" * 80, (), "x" * 63), ("x" * 80, ("x" * 63,), "x" * 61 + "-2"), ("A", ("a", "a-2"), "a-3"),
    ],
)  # fmt: skip
def test_keys(name: str, taken: tuple[str, ...], key: str) -> None:
    assert key_for(name, taken, "otherwise") == key


async def test_a_group_or_role_that_there_is_not_is_refused(store: SqlStore) -> None:
    for approvers in (Approvers(groups=(GroupId("gone"),)), Approvers(roles=(RoleId("gone"),))):
        with pytest.raises(NotThere, match="gone any more"):
            await saved(store, Definition(name="Web", steps=(step().replace(approvers=approvers),)))
    assert await present(store) is None


# two at once


async def test_who_saves_late_is_told_who_changed_what(store: SqlStore) -> None:
    first = await saved(store, definition("BOB"))
    await seed(store, roles=[Role(key="administrator", name="Administrator", holders=(ADMIN, BOB))])
    change = first.definition.replace(name="Web servers")
    await save_profile(store, WEB, change, NOON, by=BOB, source=Source.SLACK, seen=1)
    with pytest.raises(ProfileChanged, match=r"Bob .*changed .*version 2 now \(name: Web → Web servers\)") as late:
        await save_profile(store, WEB, definition("CAT"), NOON, by=ADMIN, source=Source.SLACK, seen=1)
    assert late.value.key == WEB
    with pytest.raises(ProfileChanged, match="version 2 now"):
        await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK, seen=1)
    await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK, seen=2)
    with pytest.raises(ProfileChanged, match="it is deleted"):
        await save_profile(store, WEB, definition("CAT"), NOON, by=BOB, source=Source.SLACK, seen=2)
    assert await present(store) is None


async def test_a_form_that_comes_twice_saves_once(store: SqlStore) -> None:
    await saved(store, definition("BOB"))
    for _ in range(2):
        assert (await saved(store, definition("CAT"), seen=1)).number == 2
    assert len(await recorded(store)) == 2


# looking


async def test_the_list_is_searched_and_has_pages(store: SqlStore) -> None:
    await seed(
        store,
        profiles=[profile(step("BOB"), key=f"p{number:02}", name=f"Profile {number:02}") for number in range(20)],
    )
    first = await profile_list(store, ADMIN)
    assert (first.slice.page, first.slice.pages, first.slice.total) == (0, 3, 20)
    assert [profile.profile for profile in first.profiles][:2] == ["p00", "p01"]
    last = await profile_list(store, ADMIN, page=99)
    assert (last.slice.page, len(last.profiles)) == (2, 4)
    page = await profile_list(store, ADMIN, search=" PROFILE 1")
    assert page.slice.total == 10
    assert (await profile_list(store, ADMIN, search="p07")).slice.total == 1
    assert (await profile_list(store, ADMIN, search="none")).slice.total == 0


async def test_a_profile_is_shown_with_all_that_uses_it(store: SqlStore) -> None:
    version = await saved(store, definition())
    await seed(store, resources=[WEB_RESOURCE])
    request = await submitted(store, version)
    page = await profile_page(store, ADMIN, WEB, NOON)
    assert page.version == version
    assert [resource.key for resource in page.uses.resources] == ["public"]
    assert page.uses.requests == page.blocked == (RequestId(request.id),)
    assert page.saved is not None
    assert (page.saved.entry.by, page.may_edit) == (ADMIN, True)
    assert "has no approvers" in page.preview.warnings[0]
    with pytest.raises(NoSuchProfile):
        await profile_page(store, ADMIN, ProfileId("none"), NOON)


async def test_the_history_says_what_each_version_changed(store: SqlStore) -> None:
    for number in range(7):
        await saved(store, definition("BOB", description=f"Take {number}"), seen=number)
    history = await profile_history(store, ADMIN, WEB)
    assert [edition.version.number for edition in history.editions] == [7, 6, 5, 4, 3]
    assert [(change.path, change.before, change.after) for change in history.editions[0].changes] == [
        ("description", "Take 5", "Take 6")
    ]
    older = await profile_history(store, ADMIN, WEB, page=1)
    assert [edition.version.number for edition in older.editions] == [2, 1]
    assert older.editions[-1].changes == ()
    assert older.editions[-1].saved is not None
    await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)
    assert (await profile_history(store, ADMIN, WEB)).slice.total == 7


async def test_auditors_look_and_nobody_else_does(store: SqlStore) -> None:
    await saved(store, definition("BOB"))
    await seed(store, roles=[Role(key=AUDITOR, name="Auditor", holders=(CAT,))])
    assert not (await profile_page(store, CAT, WEB, NOON)).may_edit
    assert not (await profile_list(store, CAT)).may_edit
    for look in (profile_list(store, BOB), profile_page(store, BOB, WEB, NOON), profile_history(store, BOB, WEB)):
        with pytest.raises(NotAReader):
            await look
    with pytest.raises(NotAMember):
        await profile_list(store, pid("STRANGER"))
    for deed in (
        begin(store, CAT, WEB),
        edited(store, CAT, Base()),
        change_steps(store, CAT, Base(), without(0), NOON),
        preview(store, CAT, None, (FIRST_STEP,), None, NOON),
        create_profile(store, definition("BOB", name="Other"), NOON, by=CAT, source=Source.SLACK),
        delete_profile(store, WEB, NOON, by=CAT, source=Source.SLACK),
    ):
        with pytest.raises(NotAnAdministrator):
            await deed


# what it would do


async def test_a_preview_counts_people_once_and_leaves_out_the_silent(store: SqlStore) -> None:
    steps = (
        step("ANN", "BOB", "CAT"),
        step("BOB", "CAT", "UNKNOWN").replace(notify=Notify(silent=step("CAT").approvers)),
        step("ANN").replace(notify=Notify(direct=False)),
    )
    reach = await preview(store, ADMIN, None, steps, None, NOON)
    assert [(step.people, step.told) for step in reach.steps] == [(3, 3), (2, 1), (1, 0)]
    assert reach.told == 3
    assert any("nobody is told when step 3" in warning for warning in reach.warnings)
    assert any("UNKNOWN is unknown" in warning for warning in reach.warnings)
    reach = await preview(store, ADMIN, None, (step("BOB"), step("BOB"), step()), None, NOON)
    assert any("can never all be reached" in warning for warning in reach.warnings)
    assert any("has no approvers" in warning for warning in reach.warnings)


async def test_a_preview_counts_who_stands_in(store: SqlStore) -> None:
    async with store.transaction(Source.SLACK) as tx:
        for delegate in (CAT, DAN):
            await tx.delegations.add(
                Delegation(number=0, delegator=BOB, delegate=delegate, starts_at=NOON, ends_at=NOON + HOUR)
            )
    silent = step("BOB").replace(notify=Notify(silent=step("DAN").approvers))
    for steps, at, told in (
        ((step("BOB"),), NOON, 3),
        ((step("BOB", "CAT"),), NOON, 3),
        ((silent,), NOON, 2),
        ((step("BOB").replace(notify=Notify(direct=False)),), NOON, 0),
        ((step("BOB"),), NOON + HOUR, 1),
    ):
        assert (await preview(store, ADMIN, None, steps, None, at)).told == told


# drafts


async def test_steps_are_changed_in_a_draft_and_nothing_is_in_force(store: SqlStore) -> None:
    await saved(store, definition("BOB"))
    before = await recorded(store)
    form = await begin(store, ADMIN, WEB)
    assert (form.base.seen, form.base.draft) == (1, None)
    for change in (with_step(None, step("CAT", name="Second")), moved(1, -1), with_step(1, step("DAN", name="Last"))):
        form = await change_steps(store, ADMIN, form.base, change, NOON)
    assert [step.name for step in form.steps] == ["Second", "Last"]
    assert await edited(store, ADMIN, form.base) == form
    with pytest.raises(NotAnAdministrator):
        await edited(store, BOB, form.base)
    assert await recorded(store) == before
    version = await present(store)
    assert version is not None
    assert version.number == 1


async def test_the_expiry_that_is_filled_in_counts_in_the_preview(store: SqlStore) -> None:
    slow = step("BOB").replace(escalation=Escalation(after=8 * HOUR, approvers=step("CAT").approvers))
    form = await change_steps(store, ADMIN, Base(), with_step(0, slow), NOON)
    for expires, late in ((None, False), (4 * HOUR, True), (9 * HOUR, False)):
        form = await change_expiry(store, ADMIN, form.base, expires, NOON)
        assert (form.expires_after, form.steps) == (expires, (slow,))
        reach = await preview(store, ADMIN, None, form.steps, form.expires_after, NOON)
        assert any("never comes" in warning for warning in reach.warnings) is late


async def test_a_draft_is_its_author_s_and_is_forgotten_after_days(store: SqlStore) -> None:
    await seed(store, roles=[Role(key="administrator", name="Administrator", holders=(ADMIN, BOB))])
    mine = await change_steps(store, ADMIN, Base(), with_step(None, step("CAT")), NOON)
    with pytest.raises(FormTooOld):
        await edited(store, BOB, mine.base)
    await change_steps(store, BOB, Base(), with_step(None, step("CAT")), NOON + KEPT + INSTANT)
    with pytest.raises(FormTooOld):
        await change_steps(store, ADMIN, mine.base, without(0), NOON)


async def test_steps_stay_within_bounds(store: SqlStore) -> None:
    form = await begin(store, ADMIN, None)
    assert form.steps == (FIRST_STEP,)
    assert (await change_steps(store, ADMIN, form.base, without(0), NOON)).steps == (FIRST_STEP,)
    assert (await change_steps(store, ADMIN, form.base, moved(0, -1), NOON)).steps == (FIRST_STEP,)
    for change in (without(1), moved(7, 1), with_step(1, FIRST_STEP)):
        with pytest.raises(NoSuchStep):
            await change_steps(store, ADMIN, form.base, change, NOON)
    for _ in range(MOST_STEPS - 1):
        form = await change_steps(store, ADMIN, form.base, with_step(None, FIRST_STEP), NOON)
    with pytest.raises(TooManySteps, match="20"):
        await change_steps(store, ADMIN, form.base, with_step(None, FIRST_STEP), NOON)
