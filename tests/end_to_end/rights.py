"""Everybody who could try something, and ways to try it over the real socket: forged, so that what a client hides keeps nobody from it."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final, cast

import pytest
import yaml
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.slack import error_handler as failures
from bot.slack import events
from bot.slack.app import ALL
from bot.slack.context import Bot
from bot.slack.interactions import register
from bot.slack.kit.ids import COMMAND, Shortcut
from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Day, Days
from domain.approvals.requests import StepRef
from domain.approvals.resources import ResourceId
from domain.common.operations import Operation
from domain.people.people import PersonId, person_id
from domain.workflow import Submission
from tests.end_to_end.company import Company, at_work, free_port
from tests.material_factory import csr_pem

TEAM: Final = "T01HALVORSEN"
ELSEWHERE: Final = "T99ELSEWHERE"

MEMBERS: Final = {
    "administrator": "U01INGRID",
    "auditor": "U09ELEANOR",
    "requester": "U07NADIA",
    "approver": "U03MEI",  # of the step that is open
    "other": "U06DAVID",  # approver of another step
    "past": "U05SARA",  # who decided that other step
    "delegate": "U08LUCAS",  # of an approver of the step that is open
    "hers": "U02TOMASZ",  # delegate of the requester
    "member": "U13OLIVIA",  # with no relation to the request
}
OUTSIDERS: Final = {
    "guest": ("U10PAVEL", "you are a guest"),
    "bot": ("U11BUILDS", "you are a bot"),
    "deactivated": ("U12HENRIK", "you are deactivated"),
    "stranger": ("U14STRANGER", "you are from elsewhere"),
}
ABSENT: Final = "U04KOFI"
"""An approver of the open step, who named a delegate."""
STAND_IN: Final = "U15PETRA"
"""Whom everybody can name as their delegate; in no relation to anything."""

CONFIGURATION: Final = {
    "administrators": ["U01INGRID"],
    "auditors": ["U09ELEANOR"],
    "groups": {"spare": {"name": "Spare group", "members": [ABSENT]}},
    "profiles": {
        "web": {
            "name": "Web servers",
            "comment_required": "never",
            "steps": [
                {"name": "Security", "required": 1, "approvers": {"users": ["U05SARA", "U06DAVID"]}},
                {"name": "PKI", "required": 1, "approvers": {"users": ["U03MEI", ABSENT]}},
            ],
        },
        "spare": {"name": "Spare profile", "steps": [{"name": "One", "required": 1, "approvers": {"users": [ABSENT]}}]},
    },
    "resources": {
        "public-web": {"kind": "ra_profile", "name": "Public web servers", "approvals": {"issue": "web"}},
        "lab": {"kind": "ra_profile", "name": "Lab"},
        "spare": {"kind": "certificate_profile", "name": "Spare resource"},
        "issuing": {"kind": "certificate_authority", "name": "Issuing CA"},
    },
}
_KEPT: Final = (
    "requests", "work_items", "decisions", "comments", "releases", "audit_entries", "audit_heads", "counters", "profiles",
    "profile_versions", "drafts", "resources", "resource_approvals", "groups", "group_members", "roles", "role_holders", "delegations",
)  # fmt: skip
"""Every table but those of the mirror, of the messages, and what follows from others."""


def who(user: str) -> PersonId:
    return person_id(TEAM, user)


@dataclass
class Came:
    """What came of an attempt."""

    refused: str | None
    """The sentence; None where nothing was refused."""
    changed: bool
    said: str
    """Everything that they were told."""


@dataclass
class Attempts:
    """The bot at work, one request at its second step, and whoever tries something."""

    company: Company
    looking: sqlite3.Connection
    told_at: str
    told: dict[str, str] = field(default_factory=dict)
    refusals: list[Exception] = field(default_factory=list)
    seen: tuple[int, int] = (-1, 0)
    request: int = 0
    delegation: int = 0
    numbers: Any = field(default_factory=lambda: count(1))

    # what everybody tries something on

    async def another_request(self, *, decided: bool = True) -> int:
        """Nadia asks, and Sara, if so, has approved the first step: its number."""
        store, at, cn = self.company.bot.store, self.company.clock(), f"host{next(self.numbers)}.example.com"
        form = Submission(
            operation=Operation.ISSUE, entry=ResourceId("public-web"), reason="New", csr=csr_pem(cn=cn, sans=(cn,))
        )
        made = await workflow.submit(store, who("U07NADIA"), form, at)
        if decided:
            step = StepRef(request=made.id, gate=0, step=0)
            await workflow.decide(store, who("U05SARA"), step, Verdict.APPROVE, at)
        return int(made.id)

    async def begin_anew(self) -> None:
        """After somebody was let do something: another request to try it on, and another delegation where it was revoked."""
        self.request = await self.another_request()
        store, at = self.company.bot.store, self.company.clock()
        async with store.reading() as reading:
            there = await reading.delegations.current(at, of=who(ABSENT))
        if not any(one.delegate == who(MEMBERS["delegate"]) for one in there):
            self.delegation = await self.delegates(ABSENT, MEMBERS["delegate"])

    async def delegates(self, delegator: str, delegate: str) -> int:
        days, at = Days(last=Day(later=5)), self.company.clock()
        return (await workflow.delegate(self.company.bot.store, who(delegator), who(delegate), days, at)).number

    def fingerprint(self) -> int:
        """Of everything that is kept."""
        [version] = self.looking.execute("PRAGMA data_version").fetchone()
        if version != self.seen[0]:
            rows = [self.looking.execute(f"SELECT * FROM {table}").fetchall() for table in _KEPT]  # noqa: S608
            self.seen = version, hash(repr(rows))
        return self.seen[1]

    # trying

    async def presses(self, by: str, action: str, value: str = "", **more: Any) -> Came:
        """A button or menu, in a message that cannot be looked up, or in the view that *more* gives as `callback` and `metadata`."""
        key = str(next(self.numbers))
        payload = self._interaction("block_actions", by, **more)
        chosen = {"selected_option": {"value": more["option"]}} if "option" in more else {}
        chosen |= {"selected_user": more["user"]} if "user" in more else {}
        payload["actions"] = [
            {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"} | chosen
        ]
        # Slack gives none in a view; here it tells what a refusal says without a modal to look for
        payload["response_url"] = f"{self.told_at}/{key}"
        return await self._tries("interactive", payload, key)

    async def sends(self, user: str, callback: str, metadata: str = "", **more: Any) -> Came:
        """A form, with *values* by field, as the client would never have sent it."""
        return await self._tries(
            "interactive", self._interaction("view_submission", user, callback=callback, metadata=metadata, **more)
        )

    async def uses(self, user: str, shortcut: str) -> Came:
        """A shortcut: a global one, or on a message with a CSR in it."""
        key, of_message = str(next(self.numbers)), shortcut == Shortcut.REQUEST_FOR_MESSAGE
        payload = self._interaction("message_action" if of_message else "shortcut", user) | {"callback_id": shortcut}
        # Slack gives one for messages alone; here it tells what a refusal says without a modal to look for
        payload["response_url"] = f"{self.told_at}/{key}"
        if of_message:
            payload |= {"channel": {"id": "C01GENERAL", "name": "x"}, "message": {"text": csr_pem(), "ts": "1.1"}}
        return await self._tries("interactive", payload, key)

    async def types(self, user: str, text: str) -> Came:
        team = ELSEWHERE if user == "U14STRANGER" else TEAM
        facts = {"team_id": team, "user_id": user, "channel_id": "C01GENERAL", "command": COMMAND, "text": text}
        trigger = {"trigger_id": self.company.slack.workspace.temporary_keys.trigger(user)}
        return await self._tries("slash_commands", facts | trigger)

    async def _tries(self, kind: Any, payload: dict[str, Any], key: str = "") -> Came:
        background = self.company.bot.background
        before, busy = self.fingerprint(), set(background._tasks)
        self.refusals.clear()
        receipt = await self.company.slack.deliveries.deliver(kind, payload)
        assert receipt.acknowledged, payload
        if new := background._tasks - busy:
            await asyncio.wait(new)
        refused = str(self.refusals[-1]) if self.refusals else None
        return Came(refused, self.fingerprint() != before, str(receipt.answer or "") + self.told.get(key, ""))

    def _interaction(
        self, type: str, by: str, *, callback: str = "", metadata: str = "", values: Mapping[str, Any] | None = None,
        home: bool = False, beneath: bool = False, message: tuple[str, str] | None = None, **_: Any,
    ) -> dict[str, Any]:  # fmt: skip
        team = ELSEWHERE if by == "U14STRANGER" else TEAM
        slack = self.company.slack.workspace
        view = self._a_view(by) if callback and not home else None
        if view and beneath:  # the modal that this one lies upon, which is drawn anew
            metadata = metadata.replace('"V1"', f'"{view["id"]}"')
        payload: dict[str, Any] = {
            "type": type,
            "team": {"id": TEAM, "domain": "x"},
            "user": {"id": by, "team_id": team, "username": "x", "name": "x"},
            "api_app_id": "A1",
            "token": "x",
            "trigger_id": slack.temporary_keys.trigger(by, view["id"] if view else None),
        }
        if callback:
            payload["view"] = {
                **(view or {"id": "V1", "hash": "1.x"}),
                "type": "home" if home else "modal",
                "callback_id": callback,
                "private_metadata": metadata,
                "state": {"values": {block: {block: entry} for block, entry in (values or {}).items()}},
            }
        if message is not None:
            channel, ts = message
            payload["channel"] = {"id": channel, "name": "x"}
            payload["container"] = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
        return payload

    def _a_view(self, user: str) -> dict[str, Any]:
        """A modal that *user* has open, and nothing upon it, so that the bot has something to draw anew."""
        blank = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
        given = dict.fromkeys(("submit", "close", "private_metadata", "callback_id"), "")
        return dict(self.company.slack.workspace.views.open(user, given | blank).view)


class Registry:
    """Bolt's app as the rooms of the bot see it when they register: it keeps what for, and answers nothing."""

    KINDS: Final = {"action": "button", "view": "form", "options": "menu"}

    def __init__(self) -> None:
        self.there: set[str] = set()

    def __getattr__(self, kind: str) -> Callable[..., Callable[[Any], Any]]:
        def register(on: Any, *more: Any) -> Callable[[Any], Any]:
            name = on["callback_id"] if kind == "shortcut" else on
            self.there.add(" ".join([self.KINDS.get(kind, kind), str(name), *map(str, more)]))
            return lambda listener: listener

        return register


def registered(bot: Bot) -> set[str]:
    """`button approve`, `form reject`, `menu resource`: whatever the bot answers to."""
    registry = Registry()
    for interactions in ALL:
        register(cast("AsyncApp", registry), bot, interactions)
    events.register(cast("AsyncApp", registry), bot)
    return registry.there


@asynccontextmanager
async def attempting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Attempts]:
    """A company with the cast above, its request at the second step, and an ear for what the bot answers."""
    file, database = folder / "countersign.yml", folder / "countersign.db"
    file.write_text(yaml.safe_dump(CONFIGURATION))
    told: dict[str, str] = {}

    async def hear(request: web.Request) -> web.Response:
        told[request.match_info["key"]] = json.dumps(await request.json(), ensure_ascii=False)
        return web.Response(text="ok")

    ear = web.Application()
    ear.router.add_post("/{key}", hear)
    runner = web.AppRunner(ear)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    rarely = timedelta(hours=1)
    async with at_work(f"sqlite:///{database}", config=file, sweep_every=rarely, announce_every=rarely) as company:
        for user, name, more in (
            ("U13OLIVIA", "olivia", {}), (STAND_IN, "petra", {}), ("U14STRANGER", "xenia", {"team_id": ELSEWHERE}),
        ):  # fmt: skip
            made = await company.post("user", id=user, name=name, real_name=name.title(), **more)
            assert made["ok"], made
        looking = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
        attempts = Attempts(company, looking, f"http://127.0.0.1:{port}", told)
        answer = failures.answer

        async def heard(bot: Any, error: Exception, body: Any) -> Any:
            attempts.refusals.append(error)
            return await answer(bot, error, body)

        monkeypatch.setattr(failures, "answer", heard)
        company.bot.message_worker.stop()  # what messages become is tested elsewhere, and hundreds of them take long
        await attempts.delegates(MEMBERS["requester"], MEMBERS["hers"])
        await attempts.begin_anew()
        yield attempts
        looking.close()
    await runner.cleanup()
