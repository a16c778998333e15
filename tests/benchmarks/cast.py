"""The people, the profiles and the requests that a benchmark clicks on, put into a database through the store itself."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import NullPool, create_engine, insert, make_url, update

from bot.devslack import DevSlack
from bot.environment.clock import system_clock
from bot.messages import blocks as messages
from bot.slack.kit.blocks.labels import Labels
from bot.slack.platform.directory import Directory
from domain.approvals import moves
from domain.approvals.changes import Change
from domain.approvals.profiles import Approvers, Definition, ProfileVersion, Step
from domain.approvals.requests import Request
from domain.approvals.resources import Gate, Resource, ResourceKind
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import Group, GroupId, Person, PersonId, person_id
from domain.pki import Material, parse
from domain.ports import Transaction
from domain.store import SqlStore, open_store
from domain.store import tables as t
from tests.databases import seed
from tests.material_factory import csr_pem, private_key

TEAM: Final = "T01BENCH"
CLICKERS: Final = 16
APPROVERS: Final[tuple[PersonId, ...]] = tuple(person_id(TEAM, f"U{number:02}APPROVER") for number in range(CLICKERS))
REQUESTER: Final = Person(id=person_id(TEAM, "U99REQUESTER"), name="Nadia Rahman")

_GROUP: Final = Group(key="pki-admins", name="PKI administrators", usergroup="S01PKI")
_RESOURCE: Final = Resource(key="public-web", kind=ResourceKind.RA_PROFILE, name="Public web servers")
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_BATCH: Final = 200
PATIENCE: Final = timedelta(minutes=1)
"""For what is done all at once here, which is much more than a click."""


def _profile(key: str, required: int) -> ProfileVersion:
    approvers = Approvers(groups=(GroupId(_GROUP.key),))
    step = Step(name="PKI administrators", required=required, approvers=approvers)
    definition = Definition(name=f"Profile {key}", steps=(step,), expires_after=timedelta(days=3))
    return ProfileVersion(profile=key, number=1, definition=definition)


ONE: Final = _profile("one-approval", 1)
"""A click of one person approves the request and lets its operation go: the most that a click writes."""
ALL: Final = _profile("all-approvals", CLICKERS)
"""It takes a click of everybody."""


@dataclass(frozen=True)
class Asked:
    """A button in a message: what Slack sends when it is pressed."""

    request: int
    person: PersonId
    channel: str
    ts: str
    message: dict[str, Any]
    """As Slack shows it in the payload, with its blocks."""


def workspace() -> dict[str, Any]:
    """The Slack workspace, as devslack takes it."""
    people = [(REQUESTER.id, "nadia"), *((approver, f"approver{number}") for number, approver in enumerate(APPROVERS))]
    return {
        "team": {"id": TEAM, "name": "Bench", "domain": "bench"},
        "users": [{"id": one.partition("/")[2], "name": name, "real_name": name.title()} for one, name in people],
        "usergroups": [
            {
                "id": "S01PKI",
                "handle": "pki-admins",
                "name": "PKI",
                "users": [_user(approver) for approver in APPROVERS],
            }
        ],
        "channels": [{"id": "C01GENERAL", "name": "general", "members": ["U99REQUESTER"]}],
    }


async def furnish(url: str, slack: DevSlack) -> None:
    """Put people, as the bot itself mirrors them, the group and the profiles into the database at *url*."""
    store = await open_store(url, deadline=PATIENCE)
    try:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        directory = Directory(client, store, system_clock, timedelta(hours=1))
        await directory.introduce()
        await directory.refresh()
        await seed(store, groups=[_GROUP], profiles=[ONE, ALL], resources=[_RESOURCE])
    finally:
        await store.close()


async def requests(url: str, profile: ProfileVersion, number: int) -> list[list[Asked]]:
    """*number* new requests under *profile*, and of each the buttons that are live: one for each approver it needs.

    Their messages are on record as posted, so that the message worker has nothing to do for them before somebody clicks.
    """
    store = await open_store(url, deadline=PATIENCE)
    try:
        made: list[Request] = []
        while len(made) < number:
            made += await _submitted(store, profile, min(_BATCH, number - len(made)))
    finally:
        await store.close()
    needed = APPROVERS[: profile.steps[0].required]
    drawn = _drawn(made[0])
    asked = [
        [_asked(one.id, person, drawn.of(one.id)) for person in _turned(needed, number)]
        for number, one in enumerate(made)
    ]
    rows = [_notice_row(button) for buttons in asked for button in buttons]
    await asyncio.to_thread(_on_record, url, rows)
    return asked


def _on_record(url: str, rows: list[dict[str, Any]]) -> None:
    engine = create_engine(make_url(url).set(drivername=_DRIVERS[url.partition(":")[0]]), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(insert(t.notices), rows)
        connection.execute(update(t.requests).values(announced=t.requests.c.version))


def _turned(needed: Sequence[PersonId], number: int) -> Sequence[PersonId]:
    """Whoever is asked about one request only is another one for each."""
    return needed if len(needed) > 1 else [APPROVERS[number % CLICKERS]]


async def _submitted(store: SqlStore, profile: ProfileVersion, number: int) -> list[Request]:
    async with store.transaction(Source.SLACK) as tx:
        return [await tx.requests.save(await _submission(tx, profile)) for _ in range(number)]


async def _submission(tx: Transaction, profile: ProfileVersion) -> Change:
    number = await tx.requests.new_id()
    gate = Gate(kind=_RESOURCE.kind, resource=_RESOURCE.id, resource_name=_RESOURCE.name, profile=profile)
    return moves.submit(
        id=number, by=REQUESTER, operation=Operation.ISSUE, entry=_RESOURCE, chain=(gate,), material=_material(number),
        reason="The old one ends on Friday.", at=datetime.now(UTC),
    )  # fmt: skip


def _material(number: int) -> Material:
    name = f"host{number}.bench.example.com"
    return parse(Operation.ISSUE, csr=csr_pem(name, (name, f"www.{name}"), private_key("ec")))


class _Drawn(NamedTuple):
    """The message of one request, from which those of others are made: to draw every one of them would take longest of all."""

    request: int
    text: str

    def of(self, number: int) -> dict[str, Any]:
        """The same about the request with this *number*."""
        text = self.text.replace(f"REQ-{self.request}", f"REQ-{number}").replace(
            f"host{self.request}.", f"host{number}."
        )
        message: dict[str, Any] = json.loads(text.replace(f'"{self.request}.0.0"', f'"{number}.0.0"'))
        return message


def _drawn(request: Request) -> _Drawn:
    labels = Labels(people={REQUESTER.id: REQUESTER.name}, groups={GroupId(_GROUP.key): _GROUP.name}, roles={})
    notice = Notice(kind=NoticeKind.ASK, key="ask:0.0", person=APPROVERS[0])
    message = messages.ask(request, notice, labels, request.created_at, asked_as="as a member of *PKI administrators*")
    return _Drawn(request.id, json.dumps(message.arguments()))


def _asked(number: int, person: PersonId, drawn: dict[str, Any]) -> Asked:
    ts = f"17635{number:05}.{APPROVERS.index(person):06}"
    message = {"type": "message", "user": "U00BOT", "bot_id": "B00BOT", "app_id": "A00APP", "team": TEAM, "ts": ts}
    return Asked(number, person, f"D{_user(person)[1:]}", ts, message | drawn)


def _notice_row(asked: Asked) -> dict[str, Any]:
    notice = Notice(kind=NoticeKind.ASK, key=f"ask:0.0:{asked.person}", person=asked.person)
    posted = {"conversation": asked.channel, "ts": asked.ts, "shown": 1, "attempted_at": None, "failure": None}
    return {**notice.model_dump(), "request": asked.request, **posted}


def _user(person: PersonId) -> str:
    return person.partition("/")[2]
