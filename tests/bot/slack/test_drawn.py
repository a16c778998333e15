"""What is drawn, all of it: within Slack's limits, and none forgotten."""

import inspect
import json
import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module
from types import FrameType
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot import messages, slack
from bot.devslack.block_kit.limits import check_message_blocks, check_view
from bot.slack.kit.blocks.message import Message
from tests.bot.slack.drawn import Drawn, drawn
from tests.bot.slack.limits import faults_of_message, faults_of_view


@pytest.fixture(scope="module")
def everything() -> list[Drawn]:
    return list(drawn())


def test_all_of_it_is_within_slacks_limits(everything: list[Drawn]) -> None:
    assert len(everything) > 500
    assert {name: found for name, one in everything if (found := faults(one))} == {}


def faults(one: View | Message) -> list[str]:
    """What Slack, as its reference has it and as devslack has it, would refuse."""
    if isinstance(one, Message):
        shown = one.arguments()["blocks"]
        return [*faults_of_message(one.text, shown), *map(str, check_message_blocks(shown))]
    view = json.loads(json.dumps(one.to_dict()))
    return [*faults_of_view(view), *map(str, check_view(view, (one.type,)))]


def test_nothing_that_draws_is_forgotten() -> None:
    """A function that answers a whole view or message is called for the list of all of them."""
    missing = {one.__code__: f"{one.__module__}.{one.__name__}" for one in drawing()}
    assert len(missing) > 25

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            missing.pop(frame.f_code, None)

    sys.settrace(note)  # told of calls alone, as it follows none of them
    try:
        for _ in drawn(("ordinary, one", "ordinary, blocked", "ordinary, approved")):
            pass
    finally:
        sys.settrace(None)
    assert sorted(missing.values()) == []


def drawing() -> list[Callable[..., Any]]:
    """Every function that draws a view or a message from values alone."""
    names = [
        module.name
        for room in (slack, messages)
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
        if "blocks" in module.name or module.name.endswith(("filter_form", "error_fields"))
    ]
    modules = [import_module(name) for name in names]
    return [
        one
        for module in modules
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(one).return_annotation in {View, Message}
    ]
