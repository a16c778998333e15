"""`/approval people`: everybody's groups and roles, or one person's."""

from bot.slack.kit.payloads.faults import Misused
from bot.slack.kit.payloads.mentions import mentioned
from bot.slack.kit.texts.commands import Subcommand, usage
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class People(Frozen):
    """All roles and groups, or what there is about one person."""

    whom: PersonId | None = None


def parse_people(text: str, team: str) -> People:
    """Nothing, or `@user`. Raises Misused."""
    if not text.strip():
        return People()
    whom = mentioned(text.strip(), team)
    if whom is None:
        raise Misused(problem="Name somebody, beginning with @, or nobody.", usage=usage(Subcommand.PEOPLE))
    return People(whom=whom)
