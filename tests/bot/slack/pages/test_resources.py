"""Every modal for resources, with little and with much in it, with ordinary and with hostile text, held against Slack's limits."""

from typing import Any

import pytest

from bot.slack.kit.admin_places import ResourcePlace, SeenPlace
from bot.slack.pages.resources import blocks as resources
from bot.slack.pages.resources import form_blocks as resource_forms
from bot.slack.pages.resources.blocks import gated
from domain.approvals.resources import LINKS, Gate, Resource, ResourceKind
from domain.common.operations import Operation
from domain.workflow.configuration.profile_pages import Slice
from domain.workflow.configuration.resource_pages import (
    Choices,
    DryRun,
    GateTried,
    ResourceList,
    ResourcePage,
    StepTried,
)
from tests.bot.slack.cast import HOSTILE
from tests.bot.slack.limits import faults_of_menu
from tests.bot.slack.pages.test_profiles import NAME, check, saved, versions
from tests.rules.build import HOUR, pid

SEEN = "0123456789abcdef"
each_kind = pytest.mark.parametrize("kind", list(ResourceKind))


def resource(kind: ResourceKind, key: str = "one", *, full: bool = True) -> Resource:
    links: dict[str, Any] = {link.value: f"{link.value}-0" for link in LINKS[kind]} if full else {}
    bound = {operation: f"p{number}" for number, operation in enumerate(gated(kind))} if full else {}
    return Resource(key=key, kind=kind, name=NAME, description=HOSTILE[:500] if full else "", approvals=bound, **links)


@each_kind
@pytest.mark.parametrize("full", [False, True])
def test_a_resource_is_shown_within_the_limits(kind: ResourceKind, full: bool) -> None:
    named_by = tuple(resource(ResourceKind.RA_PROFILE, f"r{number}") for number in range(300 if full else 0))
    page = ResourcePage(
        resource=resource(kind, full=full), seen=SEEN, names={f"profile:p{number}": NAME for number in range(6)},
        named_by=named_by, saved=saved() if full else None, may_edit=full,
    )  # fmt: skip
    view = check(resources.resource_page(page, "*Saved.*"))
    assert ("resource_delete" in view) == full
    assert view.count('"text": "Open profile"') == (len(gated(kind)) if full else 0)
    assert view.count("no approval profile") == (0 if full else len(gated(kind)))


@each_kind
@pytest.mark.parametrize("many", [0, 1, 99, 100, 2500])
def test_the_form_for_it_is_within_the_limits(kind: ResourceKind, many: int) -> None:
    choices = Choices(
        resources=tuple(
            resource(kind, f"{kind.value}-{number}", full=False).replace(name=f"{number} {NAME[:60]}".strip())
            for kind in ResourceKind
            for number in range(max(many, 1))
        ),
        profiles={f"p{number}": f"{number % 50} {NAME[:60]}" for number in range(max(many, 6))},
    )
    place = ResourcePlace(key="one", kind=kind, seen=SEEN, nonce="7f")
    view = check(resource_forms.resource_form(resource(kind), choices, place))
    assert all(f"gate_{operation}:7f" in view for operation in gated(kind))
    check(resource_forms.resource_form(None, choices, ResourcePlace(kind=kind, nonce="7f")))


@pytest.mark.parametrize("many", [0, 1, 99, 100, 2500])
def test_what_a_menu_suggests_is_within_the_limits(many: int) -> None:
    choices = Choices(
        resources=tuple(resource(ResourceKind.CERTIFICATE_AUTHORITY, f"ca{number}") for number in range(many)),
        profiles={f"p{number}": f"{number % 50} {NAME[:60]}" for number in range(many)},
    )
    for field in (*resource_forms.LINK_FIELDS, *resource_forms.GATE_FIELDS):
        options = [suggestion.to_dict() for suggestion in resource_forms.suggestions(field, choices, "")]
        ours = not field.startswith("link_") or field == "link_certificate_authority"
        assert len(options) == (min(many, 99) if ours else 0) + 1
        assert list(faults_of_menu({"options": options})) == []
        assert [suggestion.value for suggestion in resource_forms.suggestions(field, choices, "no such thing")] == ["-"]


def test_the_form_for_a_new_one_asks_for_its_kind_first() -> None:
    view = check(resource_forms.resource_form(None, Choices(resources=(), profiles={}), ResourcePlace(nonce="7f")))
    assert "resource_kind:7f" in view
    assert "resource_name" not in view


@pytest.mark.parametrize("rows", [0, 1, 8])
def test_lists_are_within_the_limits(rows: int) -> None:
    kinds = list(ResourceKind)
    shown = tuple(resource(kinds[number % 4], f"r{number}") for number in range(rows))
    part = Slice(page=2, pages=9, total=70) if rows == 8 else Slice(total=rows)
    listed = ResourceList(resources=shown, names={"profile:p0": NAME}, slice=part, search=NAME, may_edit=rows > 0)
    view = check(resources.resource_list(listed, "*Deleted*: it."))
    assert ("resources_next" in view) == (rows == 8)
    assert ("resource_new" in view) == (rows > 0)


@pytest.mark.parametrize("operation", list(Operation))
def test_dry_runs_are_within_the_limits(operation: Operation) -> None:
    entries = [resource(ResourceKind.RA_PROFILE, f"r{number}") for number in range(150)]
    check(resources.dry_run((), None))
    check(resources.dry_run((), operation))
    check(resources.dry_run(entries, operation, "r3", DryRun(operation=operation, entry=entries[3], gates=())))
    gates = []
    for _, version in versions():
        gate = Gate(kind=ResourceKind.RA_PROFILE, resource="r3", resource_name=NAME, profile=version)
        steps = tuple(
            StepTried(
                name=step.name,
                required=step.required,
                people=130,
                first=tuple(pid(f"P{n}") for n in range(30)),
                escalates_after=HOUR,
                further=130,
                others=tuple(pid(f"P{n}") for n in range(30)),
            )
            for step in version.steps
        )
        gates.append(GateTried(gate=gate, steps=steps, warnings=(HOSTILE[:300],) * 25))
    tried = DryRun(operation=operation, entry=entries[3], gates=tuple(gates))
    view = check(resources.dry_run(entries, operation, "r3", tried))
    assert "meets 4 gates" in view


def test_places_come_back_as_they_were_written() -> None:
    for place in (
        ResourcePlace(nonce="1"),
        ResourcePlace(key="one", kind=ResourceKind.RA_PROFILE, seen=SEEN, nonce="1"),
        SeenPlace(key="one", seen=SEEN),
    ):
        assert type(place).parse(str(place)) == place


@pytest.mark.parametrize("text", ["", "one", "one/", f"/{SEEN}", f"one/{SEEN}0", "{}", '{"nonce":"x"}', "[" * 2000])
def test_other_places_are_refused(text: str) -> None:
    for kind in (ResourcePlace, SeenPlace):
        with pytest.raises(ValueError, match="not what"):
            kind.parse(text)
