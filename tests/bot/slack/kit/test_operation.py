"""What the messages about the end of an operation say."""

from bot.slack.kit.blocks import operation
from bot.slack.kit.texts import operation as texts
from domain.approvals.execution import Executed
from domain.approvals.requests import Request
from domain.notices.notices import Notice, NoticeKind, end_key, wanted
from domain.people.people import Person
from domain.releases.moves import conclude, lapse
from tests.bot.slack import limits
from tests.rules.build import ADMIN, ANN, HOUR, NOON, REQUESTER, approve, people_among, profile, step, waiting


def ending(request: Request, to: Person, key: str = "") -> str:
    """What *to* reads of how the operation of *request* ended, or, with *key*, of an end that was not the last."""
    notice = Notice(kind=NoticeKind.OPERATION, key=key or f"operation:{end_key(request)}", person=to.id)
    message = operation.ended(request, notice, administers=to is ADMIN)
    return "\n".join(text for text, _ in limits.texts(message.arguments()["blocks"]))


def doubtful() -> Request:
    """One whose approval ran out without an answer from whoever it was handed to."""
    change = lapse(approve(waiting(profile(step(ANN), valid_for=HOUR)), ANN), NOON + HOUR, unsure=True)
    assert change is not None
    return change.request


def told(request: Request) -> set[str | None]:
    notices = wanted(request, people=people_among(), administrators={ADMIN.id}, asked=())
    return {notice.person for notice in notices if notice.kind is NoticeKind.OPERATION}


def test_what_nobody_knows_is_not_said_to_be_undone() -> None:
    for reader in (REQUESTER, ADMIN):
        assert "whether it was carried out in time is not known" in ending(doubtful(), reader)
    assert texts.ASK_WHO_HAS_IT in ending(doubtful(), ADMIN)
    assert told(doubtful()) == {REQUESTER.id, ADMIN.id}


def test_what_is_reported_when_it_had_lapsed_is_told_as_late() -> None:
    late = conclude(doubtful(), Executed(), NOON + 2 * HOUR, via="api:ra").request
    for reader in (REQUESTER, ADMIN):
        assert "This was reported when it had lapsed already" in ending(late, reader)
    earlier = f"operation:{end_key(doubtful())}"
    assert "It went on after this, and is *executed* now." in ending(late, REQUESTER, earlier)
    assert told(late) == {REQUESTER.id, ADMIN.id}
