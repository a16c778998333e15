"""Private answers of every page: refusals, apologies, confirmations."""

from datetime import datetime

from bot.slack.kit.blocks.layout import SECTION, context, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import code, inline, line, when
from bot.slack.kit.texts import lists as texts
from bot.slack.kit.texts import refusals
from domain.common.errors import Refusal
from domain.pki import BadMaterial


def refusal(refused: Refusal | BadMaterial) -> Message:
    """Why something cannot be done, in the refusal's own words; moments in it in the reader's own time zone."""
    sentence = refusals.sentence(refused)
    if not isinstance(refused, Refusal) or not any(isinstance(fact, datetime) for fact in refused.facts.values()):
        return in_words(sentence)
    return Message(line(sentence, 500), (section(refused.written(moment=when, text=inline)),))


def in_words(sentence: str) -> Message:
    """*sentence*, which may hold what somebody typed."""
    return Message(line(sentence, 500), (said(sentence, SECTION),))


def apology(reference: str) -> Message:
    """Something went wrong that is no fault of the reader; *reference* is in the log beside it."""
    return Message(
        f"{texts.SORRY} Reference: {line(reference, 60)}",
        (
            section(texts.SORRY),
            context(f"If it happens again, tell an administrator this reference: {code(reference, 60)}"),
        ),
    )


def done(text: str) -> Message:
    """That something of ours was done; *text* holds nothing that somebody typed."""
    return Message(text, (section(text),))
