"""Who did it, as Slack's signature vouches."""

from typing import Any

from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.raw import RawId, RawInteraction, RawUser, read
from domain.common.frozen import Frozen
from domain.people.people import PersonId, person_id, team_and_user


class Who(Frozen):
    """Somebody, and the workspace it happened in. Whether they may do it, nobody has asked yet."""

    person: PersonId
    workspace: str
    """The team that the app is installed in."""

    @property
    def user(self) -> str:
        """What Slack's methods take."""
        return team_and_user(self.person)[1]

    @property
    def is_foreign(self) -> bool:
        """Whether they belong to another workspace, as people in shared channels do."""
        return team_and_user(self.person)[0] != self.workspace


def who_of(raw: RawInteraction) -> Who:
    """Who pressed or sent it. A person of another workspace keeps the team that is theirs. Raises BadInput where no team is named."""
    return who_among(raw.user, raw.team)


def somebody(body: Any) -> Who:
    """Who did whatever *body* tells of: pressed, sent, or used a shortcut. Raises BadInput."""
    return who_of(read(RawInteraction, body))


def who_among(user: RawUser, team: RawId | None) -> Who:
    """*user* of the workspace *team*, unless they name one of their own. Raises as `who_of`."""
    home = user.team_id or (team.id if team is not None else None)
    if home is None:
        raise BadInput(what="it names no workspace")
    return Who(person=person_id(home, user.id), workspace=team.id if team is not None else home)


def member(team: str, user: str) -> Who:
    """*user* of the workspace *team*."""
    return Who(person=person_id(team, user), workspace=team)
