"""SPEC.md section 7, as far as the core goes: the one spelling of an entry, and the chain of hashes over it."""

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.approvals.decisions import Verdict
from domain.approvals.moves import override
from domain.audit.entries import GENESIS, Action, AuditEntry, Source, canonical, link
from tests.rules.build import ADMIN, ANN, NOON, profile, reject, step, submission, waiting

ENTRY = AuditEntry(
    action=Action.DECIDED,
    subject="request:12/0",
    at=NOON,
    by=ANN.id,
    before={"step": 0, "approved": 0},
    after={"verdict": Verdict.APPROVE, "step": 0},
    reason='Fine: "ok" — ✓',
)


def spelt(entry: AuditEntry) -> str:
    return canonical(entry, source=Source.SLACK, number=3)


def test_the_spelling_is_json_sorted_without_white_space_in_ascii() -> None:
    assert spelt(ENTRY) == (
        '{"action":"decision.recorded","after":{"step":0,"verdict":"approve"},"at":"2026-11-21T12:00:00Z",'
        '"before":{"approved":0,"step":0},"by":"T1/ANN","number":3,"on_behalf_of":null,'
        '"reason":"Fine: \\"ok\\" \\u2014 \\u2713","source":"slack","subject":"request:12/0"}'
    )


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        *submission(profile(step(ANN))).audit,
        *override(reject(waiting(profile(step(ANN))), ANN), ADMIN, Verdict.APPROVE, NOON, "Outage").audit,
    ],
    ids=lambda entry: entry.action.value,
)
def test_what_was_stored_as_json_is_spelt_the_same(entry: AuditEntry) -> None:
    assert spelt(AuditEntry.model_validate_json(entry.model_dump_json())) == spelt(entry)


@pytest.mark.parametrize(
    "zone", [timezone(timedelta(hours=5, minutes=30)), ZoneInfo("America/New_York"), ZoneInfo("UTC")]
)
def test_the_same_moment_is_spelt_the_same_in_whatever_zone_it_was_written(zone: tzinfo) -> None:
    """A database gives moments back in UTC: the chain of an entry written elsewhere must still hold."""
    assert spelt(ENTRY.replace(at=NOON.astimezone(zone))) == spelt(ENTRY)


CHANGED = {
    "action": Action.COMMENTED, "subject": "request:12/1", "at": NOON + timedelta(microseconds=1), "by": ADMIN.id,
    "on_behalf_of": ADMIN.id, "before": {"step": 0, "approved": 1}, "after": {}, "reason": "",
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGED)
def test_every_field_is_spelt(field: str) -> None:
    assert set(CHANGED) == set(AuditEntry.model_fields)
    assert spelt(ENTRY.replace(**{field: CHANGED[field]})) != spelt(ENTRY)


def test_so_are_the_source_and_the_place_in_the_chain() -> None:
    assert len({canonical(ENTRY, source=source, number=n) for source in Source for n in (1, 2, 12)}) == 3 * len(Source)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5), st.data())
def test_a_chain_shows_any_edit_removal_insertion_and_exchange(contents: list[str], data: st.DataObject) -> None:
    def head(of: list[str]) -> str:
        previous = GENESIS
        for content in of:
            previous = link(previous, content)
        return previous

    other = data.draw(st.lists(st.text(max_size=8), max_size=6))
    assert (head(other) == head(contents)) == (other == contents)
    assert len(head(contents)) == 64


def test_an_entry_has_an_aware_moment() -> None:
    with pytest.raises(ValidationError):
        ENTRY.replace(at=NOON.replace(tzinfo=None))
    assert ENTRY.at.tzinfo is UTC
