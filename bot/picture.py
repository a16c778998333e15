"""What one look at a request finds: which messages have to exist, what each of them shows, and when to look for the next reminder."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.blocks import messages, reminding
from bot.blocks.labels import Labels
from bot.blocks.message import Message
from bot.known import as_approver, labels_for
from domain.notices import Delegates, Notice, NoticeKind, asked_for, open_asks, wanted
from domain.people import PersonId
from domain.ports import Reading, SentNotice
from domain.profiles import Approvers
from domain.reminders import QuietHours, Zones, reminders
from domain.requests import Request, RequestId
from domain.solvability import Shortage, request_shortages


class Picture:
    """What one look at a request found: enough to draw every message of it without asking again."""

    def __init__(
        self,
        request: Request,
        sent: Sequence[SentNotice],
        people: Mapping[Approvers, frozenset[PersonId]],
        administrators: frozenset[PersonId],
        labels: Labels,
        at: datetime,
        delegates: Delegates,
        zones: Zones,
        quiet: QuietHours | None,
    ) -> None:
        self.request = request
        self.sent = {one.notice.key: one for one in sent}
        self.labels = labels
        self.at = at
        self._people = people
        self._delegates = delegates
        self.shortages: Mapping[int, Shortage] = {
            item.position: short for item, short in request_shortages(request, self.people)
        }
        mute = {one.notice.channel for one in sent if one.notice.channel is not None and one.failure is not None}
        self.wanted = wanted(
            request,
            people=self.people,
            administrators=administrators,
            asked=[one.notice for one in sent],
            delegates=delegates,
            at=at,
            mute=mute,
        )
        asks = [
            self.sent[ask.key].notice if ask.key in self.sent else ask
            for ask in open_asks(request, self.people, delegates, at, mute)
        ]
        self.reminders = reminders(request, asks, at, zones=zones, quiet=quiet)

    @property
    def asking(self) -> tuple[Notice, ...]:
        """Every notice that is to exist now."""
        return (*self.wanted, *self.reminders.now)

    def people(self, approvers: Approvers) -> Collection[PersonId]:
        return self._people.get(approvers, frozenset())

    def draw(self, notice: Notice) -> Message:
        match notice.kind:
            case NoticeKind.ASK:
                return messages.ask(
                    self.request,
                    notice,
                    self.labels,
                    self.at,
                    asked_as=self._asked_as(notice),
                    escalated=self._is_further(notice),
                    asked_no_more=self._is_for_another(notice) and not self._asked_as(notice),
                )
            case NoticeKind.PROGRESS:
                return messages.progress(self.request, self.labels, self.at)
            case NoticeKind.OUTCOME:
                return messages.outcome(self.request, notice, self.labels, self.at)
            case NoticeKind.REVIEW:
                return messages.review(self.request, notice, self.labels, self.at)
            case NoticeKind.REMINDER | NoticeKind.NUDGE | NoticeKind.WARNING:
                return reminding.reminder(self.request, notice, self.labels, self.at, naming=self._to_be_named(notice))
            case NoticeKind.ALERT:
                return messages.alert(
                    self.request, notice, self.labels, self.at, shortage=self.shortages.get(notice.gate)
                )

    def _to_be_named(self, notice: Notice) -> list[PersonId]:
        """Whom a reminder in a channel names: those who have not decided, where nobody is told directly."""
        item = self.request.current
        if notice.channel is None or item is None or item.current_step.notify.direct:
            return []
        silent = item.current_step.notify.silent
        return sorted(may_decide(self.request, self._people) - set(self.people(silent) if silent else ()))

    def _asked_as(self, notice: Notice) -> str:
        if notice.person is None or self.request.here is None:
            return ""
        approvers = self.request.work_items[notice.gate].approvers(notice.step)
        own = self.labels.qualification(approvers, as_approver(notice.person, approvers, self.people))
        return own or self.labels.standing_in(asked_for(self.request, notice.person, self.people, self._delegates))

    def shown(self, notice: Notice) -> int:
        """The version that a message drawn now shows; 0 where it hangs on a delegation as well, which ends without a new version."""
        return 0 if self._is_for_another(notice) else self.request.version

    def _is_for_another(self, notice: Notice) -> bool:
        """Whether this asks somebody, at the open step, who is no approver of it themselves, or no more."""
        item = self.request.current
        if notice.kind is not NoticeKind.ASK or notice.person is None or item is None:
            return False
        if (notice.gate, notice.step) != (item.position, item.step) or notice.person in self.request.spent(notice.gate):
            return False
        return notice.person not in self.people(item.approvers(item.step))

    def _is_further(self, notice: Notice) -> bool:
        """Whether this asks somebody only because the step has escalated."""
        item = self.request.work_items[notice.gate]
        return (
            notice.person is not None
            and item.step == notice.step
            and item.escalated_at is not None
            and notice.person not in self.people(item.current_step.approvers)
        )


async def look(reading: Reading, id: RequestId, at: datetime, quiet: QuietHours | None) -> Picture:
    """Everything about request *id* that its messages need, as of *at*. Raises LookupError where there is none."""
    request = await reading.request(id)
    if request is None:
        raise LookupError(f"request {id} was claimed and is not there")
    people = {}
    for approvers in _approvers_in(request):
        people[approvers] = await reading.people_of(approvers)
    deciding = may_decide(request, people)
    delegates = await reading.delegates_of(_authorised(request, people), at)
    readers = {request.requester, *deciding}.union(*delegates.values()) if quiet is not None and deciding else set()
    return Picture(
        request,
        await reading.notices_of(id),
        people,
        await reading.administrators() if not request.status.is_closed else frozenset(),
        await labels_for(reading, [request]),
        at,
        delegates,
        {one.id: one.time_zone for one in (await reading.identities(readers)).values()} if readers else {},
        quiet,
    )


def may_decide(request: Request, people: Mapping[Approvers, frozenset[PersonId]]) -> frozenset[PersonId]:
    """Those who could decide at the open step and have not."""
    item = request.current
    if item is None:
        return frozenset()
    barred = request.spent(item.position)
    if not item.profile.definition.requester_may_approve:
        barred |= {request.requester}
    return _authorised(request, people) - barred


def _authorised(request: Request, people: Mapping[Approvers, frozenset[PersonId]]) -> frozenset[PersonId]:
    """The approvers of the open step."""
    here = request.current
    return people.get(here.approvers(here.step), frozenset()) if here is not None else frozenset()


def _approvers_in(request: Request) -> set[Approvers]:
    """Every approver set that the notices of an open request may ask about: whole steps, the silent, and each way to qualify."""
    if request.status.is_closed:
        return set()
    found = set()
    for item in request.work_items:
        if item.status.is_closed:
            continue
        for number, step in enumerate(item.profile.steps):
            authorised = item.approvers(number)
            found |= {authorised, *step.named}
            found |= {Approvers(groups=(group,)) for group in authorised.groups}
            found |= {Approvers(roles=(role,)) for role in authorised.roles}
    return {one for one in found if one}
