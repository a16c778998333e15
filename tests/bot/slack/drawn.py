"""One of everything that is drawn: every message, modal and Home, each in the states in which it says something else.

The tests beside it go further with each (long, many, hostile). This is the list of what there is, for what has to hold for all of it.
"""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.views import View

from bot.messages.sender import FOR_GOOD
from bot.slack.commands import blocks as commands_blocks
from bot.slack.kit.admin_places import FormPlace, ResourcePlace, StepPlace
from bot.slack.kit.blocks import modals as shared_modals
from bot.slack.kit.blocks import operation, private_answers
from bot.slack.kit.blocks.inputs import Teams
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.rows import filter_line
from bot.slack.kit.places import HomePlace
from bot.slack.kit.texts import submitting
from bot.slack.pages.bulk_decisions import blocks as several
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.decisions import messages as decision_messages
from bot.slack.pages.delegations import blocks as delegations
from bot.slack.pages.details import summary
from bot.slack.pages.health import blocks as health
from bot.slack.pages.home import blocks as home
from bot.slack.pages.home import filter_form as home_forms
from bot.slack.pages.lists import blocks as lists
from bot.slack.pages.people import blocks as people
from bot.slack.pages.profiles import blocks as profiles
from bot.slack.pages.profiles import form_blocks as profile_forms
from bot.slack.pages.resources import blocks as resources
from bot.slack.pages.resources import form_blocks as resource_forms
from bot.slack.pages.resources.rule_blocks import rules_form
from bot.slack.pages.submission import blocks as submission_blocks
from bot.slack.pages.submission import messages as submission_messages
from domain.approvals.decisions import Verdict
from domain.approvals.profiles import ProfileId
from domain.approvals.requests import StepRef
from domain.approvals.resources import Gate, ResourceKind
from domain.common.errors import AlreadyExpired, NoSuchResource, OpenRequestExists
from domain.common.operations import Operation
from domain.configuration.differences import differences
from domain.configuration.plan import Kind, content_of
from domain.people.people import Group, GroupId, Identity, RoleId, Standing, UserGroup
from domain.pki import Rules
from domain.ports import Page, Troubles
from domain.workflow import Standins
from domain.workflow.configuration.people_pages import TeamForm, TeamList, TeamRow
from domain.workflow.configuration.profile_drafts import Base, Edited
from domain.workflow.configuration.profile_pages import Edition, History, ProfileList, Slice
from domain.workflow.configuration.resource_pages import (
    Choices,
    DryRun,
    GateTried,
    ResourceList,
    ResourcePage,
    StepTried,
)
from domain.workflow.health import Stuck
from tests.bot.slack.cast import everything, issued, labels, notices, submitted
from tests.bot.slack.pages import test_delegations, test_health, test_people, test_profiles, test_resources
from tests.bot.slack.pages import test_resource_rules as test_rules
from tests.bot.slack.test_limits import NARROWED, draw, pages_of
from tests.rules.build import ADMIN, ANN, BOB, DAN, HOUR, NOON, profile, step

Drawn = tuple[str, View | Message]

TYPED = "REQ It is so. web aprove approve It is done. Skiing Saved Recorded All requests Web Issuing CA"
"""What is given to be drawn here, beside what `cast` has."""
PAGED = Slice(page=1, pages=3, total=30)


def drawn(kinds: tuple[str, ...] = ("ordinary", "hostile")) -> Iterator[Drawn]:
    """Everything, each with a name; requests with the *kinds* of text that `cast.everything` begins its names with."""
    for _, some in by_area(kinds):
        yield from some


def by_area(kinds: tuple[str, ...] = ("ordinary", "hostile")) -> Iterator[tuple[str, Iterator[Drawn]]]:
    """The same, by what it is about; what is drawn of requests has no area but their state, with which its name begins."""
    yield "", _about_requests(kinds)
    yield "New request", _forms()
    yield "Answers and lists", _answers()
    yield "Home", _homes()
    yield "Profiles", _profiles()
    yield "Resources", _resources()
    yield "People", _people()
    yield "Health", _health()


def _about_requests(kinds: tuple[str, ...]) -> Iterator[Drawn]:
    seen = set()
    for name, request in everything():
        kind, _, state = name.rpartition(", ")
        if not name.startswith(kinds) or (kind.partition(",")[0], state) in seen:
            continue
        seen.add((kind.partition(",")[0], state))
        names = labels(request)
        for notice in notices(request):
            yield f"{name}, {notice.kind} {notice.key}", draw(request, notice)
        yield f"{name}, shown", summary.show(request, names, NOON)
        yield f"{name}, submitted", submission_messages.submitted(request)
        for verdict in Verdict:
            yield f"{name}, {verdict} recorded", decision_messages.recorded(request, verdict)
        for number, page in enumerate(pages_of(request)):
            yield f"{name}, details {number}", page
        yield f"{name}, override", modals.override(request, names)
        yield f"{name}, cancel", modals.cancel(request)
        yield f"{name}, comment", modals.comment(request)
        expired = private_answers.refusal(AlreadyExpired(request=request.id, deadline=NOON))
        yield f"{name}, changed", shared_modals.changed(expired, moved_on=request.id)
        if request.execution is not None and request.execution.certificate is not None:
            yield f"{name}, certificate", operation.certificate_view(request, issued())
        for item in request.work_items:
            ref = StepRef(request=request.id, gate=item.position, step=0)
            yield f"{name}, approve", modals.approve(request, ref)
            yield f"{name}, reject", modals.reject(request, ref)


def _forms() -> Iterator[Drawn]:
    entries = [test_resources.resource(ResourceKind.RA_PROFILE, f"r{number}") for number in range(3)]
    for one in (None, *Operation):
        yield f"submit, {one}", submission_blocks.submit(entries, one)
        yield f"submit, {one}, nothing offers it", submission_blocks.submit([], one)
    for _, request in everything()[:1]:
        yield "submitted", submission_blocks.submitted(request)
        yield "resubmit", submission_blocks.submit(entries, draft=submission_blocks.Draft.of(request))
    there = private_answers.refusal(OpenRequestExists(request=7, visible=True))
    yield "asked for already", shared_modals.changed(there, again=[shared_modals.as_it_is_now(7)])
    yield (
        "asked for already, in a file",
        submission_blocks.submit(entries, Operation.ISSUE, submission_blocks.Draft(note="It is so.", already=7)),
    )
    yield "reading a file", submission_blocks.reading(submitting.READING)
    yield "reading a message", submission_blocks.reading(submitting.READING_MESSAGE)
    yield "nothing found", submission_blocks.nothing_found()


def _answers() -> Iterator[Drawn]:
    some = Page(requests=tuple(one.replace(id=100 + at) for at, (_, one) in enumerate(everything()[:5])), next=3)
    for name, page in (("empty", Page(requests=())), ("some", some)):
        turns = lists.Turns(older="all before:3", newest="all", everything="all")
        narrowed = filter_line(NARROWED, "R1")
        yield f"{name}, waiting", lists.waiting(page, NOON, turns=turns)
        yield f"{name}, waiting, narrowed", lists.waiting(page, NOON, narrowed=narrowed, turns=turns)
        yield (
            f"{name}, listed",
            lists.requests("All requests", page, requester=True, reader=ANN.id, turns=turns),
        )
    yield "commands", commands_blocks.commands(is_administrator=True, reads_all=True)
    yield "refused", private_answers.refusal(NoSuchResource(resource="web"))
    yield "apology", private_answers.apology("7f3a")
    yield "unknown", commands_blocks.nearest("aprove", ["approve"])
    yield "done", private_answers.done("It is done.")
    yield "not submitted", submission_messages.not_submitted("It is so.")
    one = test_delegations.one(reason="Skiing")
    yield "delegated", delegations.recorded(one, NOON, reader=ANN.id)
    yield "revoked", delegations.revoked(one, reader=ANN.id)
    for reader in (ANN, DAN):
        yield f"{reader.name} told", delegations.recorded_by_another(one, NOON, reader=reader.id, by=ADMIN.id)
        yield f"{reader.name} told of the end", delegations.revoked_by_another(one, reader=reader.id, by=ADMIN.id)


def _homes() -> Iterator[Drawn]:
    some = Page(requests=tuple(one.replace(id=100 + at) for at, (_, one) in enumerate(everything()[:5])), next=3)
    for name, page in (("empty", Page(requests=())), ("some", some)):
        for who in (ANN, ADMIN):
            for place in (HomePlace(), HomePlace(waiting=9, mine=8, everything=7, recent=6, filter=NARROWED)):
                shown = home.home(
                    who, NOON, waiting=page, mine=page, recent=page, everything=page, waiting_number=100, mine_number=1,
                    place=place, resource="R1",
                )  # fmt: skip
                yield f"{name}, home of {who.name}", shown
                yield f"{name}, filter of {who.name}", home_forms.filtering(place, [])
        yield f"{name}, several", several.choosing(page, NOON)
    yield "deciding", several.deciding(2)
    decided = [several.Result(StepRef(request=1, gate=0, step=0), came, "It is so.") for came in several.Came]
    yield "decided", several.results(Verdict.APPROVE, decided)
    yield "decided, in a message", several.results_message(Verdict.REJECT, decided)
    yield "home of a guest", home.closed_home()
    away = (test_delegations.one(reason="Skiing"),)
    others = (test_delegations.one(8, delegator=BOB.id),)
    for found in (Standins(), Standins(given=away, others=others, may_name_others=True)):
        yield "out of office", delegations.out_of_office(found, NOON, reader=ANN.id)
        yield "named a delegate", delegations.out_of_office(found, NOON, reader=DAN.id, done="*Recorded*")


def _profiles() -> Iterator[Drawn]:
    versions = test_profiles.ALL
    shown, place = test_profiles.LABELS, test_profiles.FORM
    offered = Teams({GroupId("g1"): "G1"}, {RoleId("r1"): "R1"})
    for name, version in versions.items():
        preview = test_profiles.preview_of(version, 2)
        yield f"profile {name}", profiles.profile_page(test_profiles.page_of(version, much=True), shown, "*Saved*")
        yield f"profile {name}, read", profiles.profile_page(test_profiles.page_of(version, may_edit=False), shown)
        edited = Edited(base=place.base, version=version, steps=version.steps)
        yield f"form for profile {name}", profile_forms.profile_form(edited, preview, shown, place)
        new = StepPlace(form=place, view="V1", step=None)
        yield (
            f"form for a step of {name}",
            profile_forms.step_form(version.steps[0], preview, version.steps, offered, new),
        )
    begun = Edited(base=Base(), version=None, steps=(step(ANN),))
    preview = test_profiles.preview_of(profile(step(ANN)))
    yield (
        "form for a new profile",
        profile_forms.profile_form(begun, preview, shown, FormPlace(base=Base(), nonce="7f")),
    )
    for found in ((), tuple(version.replace(profile=ProfileId(name)) for name, version in versions.items())):
        listed = ProfileList(profiles=found, bound={"small": 3}, slice=PAGED, search="", may_edit=True)
        yield f"{len(found)} profiles", profiles.profile_list(listed)
    editions = tuple(
        Edition(
            version=version,
            saved=test_profiles.saved(),
            changes=differences(content_of(old, "T1"), content_of(version, "T1")),
        )
        for version in versions.values()
        for old in (versions["small"], None)
    )
    history = History(profile=ProfileId("web"), name="Web", team="T1", editions=editions, slice=PAGED)
    yield "history", profiles.profile_history(history)


def _resources() -> Iterator[Drawn]:
    seen, kinds = test_resources.SEEN, list(ResourceKind)
    every = tuple(test_resources.resource(kind, f"r{number}") for number, kind in enumerate(kinds))
    choices = Choices(resources=every, profiles={"p0": "P0"})
    for one in (*every, *(test_resources.resource(kind, full=False) for kind in kinds)):
        page = ResourcePage(
            resource=one, seen=seen, names={}, named_by=every[:2], saved=test_profiles.saved(), may_edit=True
        )
        yield f"resource, {one.kind}", resources.resource_page(page, "*Saved*")
        place = ResourcePlace(key=one.key, kind=one.kind, seen=seen, nonce="7f")
        yield f"form for a resource, {one.kind}", resource_forms.resource_form(one, choices, place)
    ruled = test_rules.resource(test_rules.rules())
    yield "form for rules", rules_form(ruled, test_rules.PLACE)
    yield "form for no rules", rules_form(test_rules.resource(Rules()), test_rules.PLACE)
    with_rules = ResourcePage(resource=ruled, seen=seen, names={}, named_by=(), saved=None, may_edit=True)
    yield "resource, with rules", resources.resource_page(with_rules)
    yield "form for a new resource", resource_forms.resource_form(None, choices, ResourcePlace(nonce="7f"))
    for found in ((), every):
        listed = ResourceList(resources=found, names={}, slice=PAGED, search="", may_edit=True)
        yield f"{len(found)} resources", resources.resource_list(listed)
    yield "dry run", resources.dry_run(())
    for asked in Operation:
        yield f"dry run of {asked}, nowhere", resources.dry_run((), asked)
        ungated = DryRun(operation=asked, entry=every[0], gates=())
        yield f"dry run of {asked}, ungated", resources.dry_run(every, asked, "r0", ungated)
        gates = tuple(
            GateTried(
                gate=Gate(kind=ResourceKind.RA_PROFILE, resource="r0", resource_name="R0", profile=version),
                steps=(_tried(0), _tried(3)), warnings=(),
            )
            for version in test_profiles.ALL.values()
        )  # fmt: skip
        tried = DryRun(operation=asked, entry=every[0], gates=gates)
        yield f"dry run of {asked}", resources.dry_run(every, asked, "r0", tried)


def _tried(several: int) -> StepTried:
    return StepTried(
        name="S1", required=2, people=several, first=(ANN.id, BOB.id)[:several], escalates_after=HOUR, further=several,
        others=(DAN.id,)[:several],
    )  # fmt: skip


def _people() -> Iterator[Drawn]:
    usergroups = (UserGroup(id="S1", handle="h1", name="N1"),)
    rows = tuple(
        TeamRow(kind=kind, key=handle or "k1", name="N1", usergroup=handle, active=2)
        for kind in (Kind.GROUP, Kind.ROLE)
        for handle in (None, "h1")
    )
    yield "people", people.team_list(TeamList(rows=rows, slice=PAGED, may_edit=True))
    for kind in (Kind.GROUP, Kind.ROLE):
        for many in (0, 5):
            yield f"{kind} of {many}", people.team_page(test_people.team("N1", many=many, kind=kind))
        yield f"{kind} whose user group is gone", people.team_page(test_people.team("N1", kind=kind, usergroup=None))
        new = TeamForm(kind=kind, team=None, usergroups=usergroups, fingerprint="")
        yield f"form for a new {kind}", people.team_form(new)
    old = TeamForm(
        kind=Kind.GROUP, team=Group(key="k1", name="N1", usergroup="S9"), usergroups=usergroups, fingerprint="0"
    )
    yield "form for a group", people.team_form(old)
    for standing in Standing:
        found = test_people.somebody("N1").replace(identity=Identity(id=ANN.id, name="N1", standing=standing))
        yield f"person, {standing}", people.person_page(found, NOON, reader=ADMIN.id)
    yield "person of nothing", people.person_page(test_people.somebody("N1", many=0), NOON, reader=ADMIN.id)
    yield "appointed", people.appointed()
    yield "nobody administers", people.nobody_administers()


def _health() -> Iterator[Drawn]:
    troubles = Troubles(
        undelivered=2, stuck=2, failed=1, unannounced=1000, unannounced_since=NOON, oldest_due=NOON - 2 * HOUR
    )
    blocked, short = submitted(profile(step()), id=1), submitted(profile(step(ANN, required=2)), id=3)
    undelivered = tuple(test_health.refused(number, error) for number, error in enumerate(sorted(FOR_GOOD)))
    wrong: dict[str, Any] = {
        "troubles": troubles, "mirrored_at": NOON - HOUR, "stuck": (Stuck(request=blocked), Stuck(request=short)),
        "failed": (submitted(id=2),), "undelivered": undelivered[:10], "may_try_again": True,
        "paused": tuple(test_health.paused(f"ra{number}") for number in range(12)),
    }  # fmt: skip
    yield "daily word", health.daily(troubles, [blocked, short])
    yield "daily word about messages only", health.daily(Troubles(undelivered=1), [])
    yield "daily word about a webhook only", health.daily(Troubles(paused=1), [])
    yield "health, nothing wrong", test_health.page()
    yield "health", test_health.page("*Saved*", **wrong)
