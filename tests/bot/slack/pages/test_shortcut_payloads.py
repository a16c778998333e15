"""Shortcuts are read strictly, and what a message says is taken out of Slack's markup."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.kit.payloads import faults
from bot.slack.pages.submission import shortcut_payloads as shortcuts
from domain.common.errors import Refusal
from domain.people.people import PersonId
from domain.pki import LARGEST, recognise
from tests.material_factory import csr_pem

CSR = csr_pem()


def used(kind: str = "message_action", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": "T1", "domain": "halvorsen"},
        "user": {"id": "U1", "username": "ann", "team_id": "T1"},
        "callback_id": "request_for_message" if kind == "message_action" else "new_request",
        "trigger_id": "1.2.abc",
        **more,
    }


def on(message: Any, **more: Any) -> shortcuts.MessageShortcut:
    return shortcuts.message_shortcut(used(channel={"id": "C1", "name": "x"}, message=message, **more))


def test_a_global_shortcut_says_who_and_nothing_of_where() -> None:
    found = shortcuts.shortcut(used("shortcut"))
    assert (found.who.person, found.trigger_id) == (PersonId("T1/U1"), "1.2.abc")
    with pytest.raises(faults.BadInput):
        shortcuts.shortcut(used("shortcut", callback_id="launch"))
    with pytest.raises(faults.BadInput):
        shortcuts.shortcut(used())


def test_what_somebody_typed_comes_out_of_slacks_escapes() -> None:
    found = on({"type": "message", "text": f"a &lt; b &amp;amp; ```{CSR}```", "ts": "1.1", "user": "U2"})
    assert found.texts == (f"a < b &amp; ```{CSR}```",)
    assert (found.channel, found.files) == ("C1", ())
    assert recognise(found.texts[0]) is not None


def test_what_only_blocks_and_attachments_say_is_read_after_the_text() -> None:
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": CSR}]}],
    }
    for message in (
        {"text": "See below", "blocks": [rich]},
        {"text": "See below", "attachments": [{"fallback": "x", "text": CSR}]},
    ):
        found = on(message)
        assert found.texts[0] == "See below"
        assert recognise(found.texts[1]) is not None


def test_only_files_that_can_fit_are_looked_at_and_few_of_them() -> None:
    files = [
        {"id": "F0", "mode": "tombstone"},
        {"id": "F1", "name": "web.csr", "size": 900, "mode": "hosted"},
        {"id": "F2", "name": "movie.mov", "size": LARGEST + 1},
        {"id": "F3", "mode": "external", "size": 10},
        *({"id": f"G{number}", "size": 10} for number in range(9)),
    ]
    found = on({"text": "", "files": files})
    assert found.texts == ()
    assert found.files == ("F1", "G0", "G1", "G2", "G3")


@pytest.mark.parametrize(
    "change",
    [{"message": None}, {"channel": None}, {"callback_id": "new_request"}, {"user": {}}, {"message": {"files": [{"id": "../x"}]}}],
)  # fmt: skip
def test_what_slack_does_not_send_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(faults.BadInput):
        shortcuts.message_shortcut(used(channel={"id": "C1"}, message={"text": "x"}) | change)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["text", "blocks", "files", "id", "elements"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(message=anything)
def test_whatever_a_message_is_ends_in_words(message: Any) -> None:
    refused = None
    try:
        on(message)
    except Refusal as error:
        refused = str(error)
    assert refused is None or "could not make sense" in refused
