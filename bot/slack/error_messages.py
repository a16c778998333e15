"""What a person is told about an error."""

import logging
import secrets

from bot.slack.kit.blocks import private_answers
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.texts.refusals import sentence
from domain.common.errors import Refusal
from domain.pki import BadMaterial

log = logging.getLogger(__name__)


def why(refused: Refusal | BadMaterial) -> str:
    """The sentence of *refused*, or those that would stand beside the fields of a form."""
    return " ".join(refused.errors.values()) if isinstance(refused, FormFaults) else sentence(refused)


def word(error: Exception, what: str) -> Message:
    """What the person is told about *error*, which *what* (Slack's name for the payload) ended in, where Slack has its answer already."""
    if isinstance(error, FormFaults):
        return private_answers.in_words(why(error))
    if isinstance(error, Refusal | BadMaterial):
        return private_answers.refusal(error)
    return private_answers.apology(log_failure(error, what))


def log_failure(error: Exception, what: str) -> str:
    """Log that *what* failed with *error*; gives the reference that the log and the person share."""
    reference = secrets.token_hex(4)
    log.error("%s failed, reference %s", what, reference, exc_info=error)
    return reference
