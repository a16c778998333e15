"""`/approval people`: all groups and roles, or the page of one person."""

from bot.slack.kit.payloads.faults import Misused
from bot.slack.kit.payloads.mentions import mentioned
from bot.slack.kit.texts.commands import Subcommand, usage
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class People(Frozen):
    """All groups and roles, or the page of the person *whom*."""

    whom: PersonId | None = None


def parse_people(text: str, team: str) -> People:
    """Nothing, or `@user`. Raises Misused."""
    if not text.strip():
        return People()
    whom = mentioned(text.strip(), team)
    if whom is None:
        raise Misused(problem="Name one person, beginning with @, or nobody.", usage=usage(Subcommand.PEOPLE))
    return People(whom=whom)
