"""The queries that must cost the same at any size are answered from the indexes that were made for them."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Executable, event, text

from domain.store import migrate
from domain.store.repositories import delegations, mirror_events, resources
from domain.store.repositories.deliveries import certificate_files, direct_messages, releases, webhooks
from domain.store.repositories.messages import (
    health,
    homes,
    update_queue,
)
from domain.store.repositories.requests import listing, recent, saving, waiting
from tests.databases import Databases
from tests.domain.store.build import connected
from tests.rules.build import ANN, NOON


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def untouched(databases: Databases) -> AsyncIterator[Mapping[str, str]]:
    """A database of each kind that holds no statistics of what other tests left in it."""
    async with databases.empty("sqlite") as sqlite, databases.empty("postgresql") as postgresql:
        found = {"sqlite": sqlite, "postgresql": postgresql}
        for url in found.values():
            await migrate(url)
        yield found


def plan(url: str, statement: Executable, parameters: Mapping[str, Any]) -> str:
    """How the database says it would answer, if it had reason to avoid reading whole tables."""
    with connected(url) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            connection.execute(text("SET enable_seqscan = off"))
            connection.execute(text("SET enable_sort = off"))

        def explain(_c: Any, _cursor: Any, query: str, values: Any, _context: Any, _many: bool) -> tuple[str, Any]:
            return f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{query}", values

        event.listen(connection, "before_cursor_execute", explain, retval=True)
        result = connection.execute(statement, parameters)
        assert result.cursor is not None
        return "\n".join(" ".join(map(str, row)) for row in result.cursor.fetchall())


WAITING = {"person": ANN.id, "approvers": ["user:T1/ANN", "group:pki"], "limit": 10, "before": 10**9}
PART = {"limit": 10, "skipped": 0}
BATCH = {"moment": NOON, "limit": 10}
PUT_TOGETHER = ("steps", "lately", "requested", "stuck", "counted", "naming")
"""How the statements call what they have found themselves: a few rows."""
MINE = {"person": ANN.id, "limit": 10}


@pytest.mark.parametrize(
    ("statement", "parameters", "indexes"),
    [
        (waiting._WAITING, WAITING, ["work_items_waiting", "work_items_escalated", "spent", "profile_step_approvers"]),
        (waiting._AT_OWN_STEPS, WAITING, ["work_items_waiting", "spent", "profile_step_approvers"]),
        (listing._ESCALATING, BATCH, ["work_items_escalating"]),
        (listing._DUE, BATCH, ["work_items_due"]),
        (update_queue._REMINDING, BATCH, ["requests_remind"]),
        (update_queue._CLAIMABLE, {**BATCH, "queue": 0}, ["requests_queued"]),
        (releases.outbox.claimable, BATCH, ["releases_due"]),
        (releases._DEEDS, {"keys": ["renew:x", "revoke:x"]}, ["requests_executed"]),
        (certificate_files.outbox.claimable, BATCH, ["handovers_due"]),
        (direct_messages.outbox.claimable, BATCH, ["letters_due"]),
        (webhooks.outbox.claimable, {**BATCH, "of": "ra"}, ["webhook_deliveries_due"]),
        (health._STUCK_IDS, PART, ["work_items_blocked", "notices_alerts"]),
        (health._TOLD, {"keys": ["daily:2026-11-22:T1/ANN"]}, ["notices_daily"]),
        (health._UNDELIVERED, PART, ["notices_failed"]),
        (health._FAILED_IDS, PART, ["requests_failed"]),
        (health._UNREPORTED, BATCH | PART, ["releases_expected"]),
        (health._COUNTS["unreported"], BATCH, ["releases_expected"]),
        (certificate_files._UNSHARED, PART, ["handovers_failed"]),
        (health._COUNTS["files"], {}, ["handovers_failed"]),
        (health._OLDEST_STALE, {}, ["requests_stale"]),
        (health._OLDEST_DUE, BATCH, ["work_items_due"]),
        (health._COUNTS["unannounced"], {}, ["requests_queued"]),
        (listing._OPEN, {"after": 0, "limit": 10}, ["requests_by_status"]),
        (recent._FIRST, MINE, ["requests_closed", "decisions_by", "decisions_for"]),
        (recent._FURTHER, MINE | {"moment": NOON, "before": 7}, ["requests_closed", "decisions_by", "decisions_for"]),
        (listing._HOW_MANY_REQUESTED, {"requester": ANN.id, "most": 100}, ["requests_by_requester"]),
        (homes._LAST, {"since": NOON, "limit": 10}, ["viewers_by_age"]),
        (listing._BLOCKED, {"profile": "web"}, ["work_items_"]),  # by its profile, or among all that are blocked: few
        (resources._REQUESTS_USING, {"id": "web"}, ["work_items_open"]),
        (listing._NAMING, {"approver": "group:pki", "limit": 11}, ["profile_step_approvers", "work_items_open"]),
        (delegations._TURNED, BATCH, ["delegations_turning"]),
        (delegations._OF, {"moment": NOON, "person": ANN.id}, ["delegations_by_delegator", "delegations_by_delegate"]),
        (mirror_events._SINCE, {"moment": NOON}, ["heard_by_time"]),
        (saving._EXECUTED_FOR, {"object": "revoke:x"}, ["requests_executed"]),
    ],
    ids=[
        "waiting",
        "how many wait",
        "escalating",
        "due",
        "remind",
        "claim",
        "deliver",
        "deeds",
        "hand over",
        "direct messages",
        "webhooks",
        "stuck",
        "told daily",
        "undelivered",
        "failed",
        "unreported",
        "how many are unreported",
        "unshared files",
        "how many are unshared",
        "stale",
        "late",
        "unannounced",
        "open",
        "recent",
        "recent, further",
        "mine",
        "viewers",
        "blocked",
        "uses",
        "naming",
        "delegations that turn",
        "delegations of",
        "heard",
        "executed for",
    ],
)
def test_the_index_is_used(
    untouched: Mapping[str, str], database_kind: str, statement: Any, parameters: Mapping[str, Any], indexes: list[str]
) -> None:
    url = untouched[database_kind]
    found = plan(url, statement[database_kind] if isinstance(statement, Mapping) else statement, parameters)
    for index in indexes:
        assert index in found
    # SQLite says SCAN of whatever it reads whole: nothing but what it has itself put together, or an index in its order
    scanned = [line for line in found.splitlines() if "SCAN" in line and "USING" not in line]
    scanned = [line for line in scanned if not any(own in line for own in PUT_TOGETHER)]
    assert scanned == []
    assert "Seq Scan" not in found
