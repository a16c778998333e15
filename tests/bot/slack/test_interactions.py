"""The wrapper around every handler: the payload is parsed once, the directory is ready first, the answer goes out last."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_bolt.async_app import AsyncApp

from bot.slack.app import ALL
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on, register
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.who import Who
from domain.common.errors import MirrorTooOld
from domain.common.frozen import Frozen
from domain.people.people import PersonId, person_id

NADIA = Who(person=person_id("T1", "NADIA"), workspace="T1")


class Press(Frozen):
    """What the parser of these tests returns."""

    who: Who


class App:
    """Keeps the listeners that are registered."""

    def __init__(self) -> None:
        self.listeners: dict[str, Any] = {}

    def action(self, name: str) -> Any:
        return lambda listener: self.listeners.setdefault(name, listener)

    view = action


class Stage:
    """A bot whose parts note in `log` what happens, in order."""

    def __init__(self, *, ready: bool = True) -> None:
        self.log: list[str] = []
        self._ready = ready
        self.app = App()

    async def be_ready_for(self, person: PersonId) -> None:
        self.log.append(f"ready for {person}")
        if not self._ready:
            raise MirrorTooOld

    def nudge(self) -> None:
        self.log.append("messages")

    def again(self, people: list[PersonId]) -> None:
        self.log.append(f"Homes of {people}")

    def parse(self, body: Any) -> Press:
        self.log.append(f"parse {body}")
        return Press(who=NADIA)

    async def handle(self, _bot: Bot, press: Press) -> Answer:
        assert press.who == NADIA
        self.log.append("handle")
        return {"response_action": "clear"}

    async def runs(self, page: Interactions, name: str) -> None:
        bot = SimpleNamespace(directory=self, message_worker=self, homes=self)
        register(cast("AsyncApp", self.app), cast("Bot", bot), page)

        async def ack(**answer: Any) -> None:
            self.log.append(f"ack {answer}")

        await self.app.listeners[name](ack=ack, body="the body")


async def test_everything_happens_once_and_in_order() -> None:
    stage = Stage()
    await stage.runs(Interactions(forms={Callback.REJECT: on(stage.parse, stage.handle, changes=True)}), "reject")
    assert stage.log == [
        "parse the body",
        "ready for T1/NADIA",
        "handle",
        "messages",
        "Homes of ['T1/NADIA']",
        "ack {'response_action': 'clear'}",
    ]


async def test_nothing_is_redrawn_where_nothing_changes() -> None:
    stage = Stage()
    await stage.runs(Interactions(actions={Action.DETAILS: on(stage.parse, stage.handle)}), "details")
    assert stage.log[-2:] == ["handle", "ack {'response_action': 'clear'}"]


async def test_no_handler_runs_on_an_old_mirror() -> None:
    stage = Stage(ready=False)
    with pytest.raises(MirrorTooOld):
        await stage.runs(Interactions(actions={Action.APPROVE: on(stage.parse, stage.handle)}), "approve")
    assert stage.log == ["parse the body", "ready for T1/NADIA"]


def test_everything_is_declared_once() -> None:
    names = Counter(
        name
        for page in ALL
        for name in (
            *(f"action {action}" for action in (*page.actions, *page.choices)),
            *(f"form {callback}" for callback in page.forms),
            *(f"menu {action}" for action in page.options),
            *(f"shortcut {shortcut}" for shortcut in page.shortcuts),
            *(f"event {event}" for event in page.events),
        )
    )
    assert len(names) > 100
    assert [name for name, times in names.items() if times > 1] == []
