"""What one look at a request finds: which messages have to exist, what each of them shows, and when to look for the next reminder."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from bot.messages import blocks as messages
from bot.messages import reminder_blocks as reminding
from bot.slack.kit.blocks import operation
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.display_names import labels_for
from bot.slack.pages.health import blocks as health
from domain.approvals.delegation import Delegates
from domain.approvals.eligibility import as_approver, deciders
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request, RequestId
from domain.approvals.solvability import Shortage, request_shortages
from domain.approvals.status import OperationStatus
from domain.notices.daily_digest import is_late
from domain.notices.mentions import NOBODY, Mentions, Teams, mentions_for, merged
from domain.notices.notices import (
    Notice,
    NoticeKind,
    asks_after_escalation,
    asks_no_approver,
    is_over,
    open_asks,
    wanted,
)
from domain.notices.reminders import REMINDERS, QuietHours, Zones, reminders
from domain.people.people import PersonId
from domain.ports import Reading, SentNotice, Troubles

NAMED: Final = 10
"""How many requests a daily word names."""
SAID_ONCE: Final = REMINDERS | {NoticeKind.REVIEW, NoticeKind.OVERRIDDEN, NoticeKind.DAILY}
"""What tells of something that happened, and is never drawn again."""


class DailyDigest(NamedTuple):
    """What a daily word says."""

    troubles: Troubles
    stuck: tuple[Request, ...]


class Snapshot:
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
        teams: Teams,
        day: "DailyDigest | None" = None,
    ) -> None:
        self.request = request
        self.sent = {notice.notice.key: notice for notice in sent}
        self.labels = labels
        self.at = at
        self._people = people
        self._delegates = delegates
        self._teams = teams
        self._day = day
        self._administrators = administrators
        self.shortages: Mapping[int, Shortage] = {
            item.position: short for item, short in request_shortages(request, self.people)
        }
        mute = {
            notice.notice.channel for notice in sent if notice.notice.channel is not None and notice.failure is not None
        }
        self.wanted = wanted(
            request,
            people=self.people,
            administrators=administrators,
            asked=[notice.notice for notice in sent],
            delegates=delegates,
            at=at,
            mute=mute,
            settled={notice.notice.key for notice in sent if notice.settled_at is not None},
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

    def settles(self, sent: SentNotice) -> bool:
        """Whether *sent* is an alert of what has ended since the last look."""
        alert = sent.notice.kind is NoticeKind.ALERT and sent.settled_at is None
        return alert and is_over(self.request, sent.notice, self.shortages)

    def is_due(self, sent: SentNotice) -> bool:
        """Whether there is something to post or to redraw for *sent*."""
        if sent.failure is not None:
            return False
        return self._is_to_be_posted(sent) if sent.ts is None else self._is_to_be_redrawn(sent)

    def _is_to_be_posted(self, sent: SentNotice) -> bool:
        """Not what was overtaken by another, by a decision or by the end before it could be posted; a reply only after its parent."""
        overtaken = sent.notice.kind in REMINDERS and sent.notice not in self.reminders.now
        if sent.notice.kind is NoticeKind.OVERRIDDEN:
            overtaken = sent.notice not in self.wanted
        if sent.notice.kind is NoticeKind.DAILY:
            overtaken = self._day is None or sent.notice.person not in self._administrators
        if overtaken or sent.settled_at is not None:
            return False
        parent = self.sent.get(sent.notice.under)
        return not sent.notice.under or (parent is not None and parent.ts is not None)

    def _is_to_be_redrawn(self, sent: SentNotice) -> bool:
        if sent.notice.kind is NoticeKind.ALERT and sent.settled_at is None:
            return True  # what it shows hangs on memberships, which change without the request
        return sent.shown < self.request.version and sent.notice.kind not in SAID_ONCE

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
                    escalated=asks_after_escalation(self.request, notice, self.people),
                    asked_no_more=asks_no_approver(self.request, notice, self.people) and not self._asked_as(notice),
                    mentioned=self._mentioned(notice),
                )
            case NoticeKind.PROGRESS:
                return messages.progress(self.request, self.labels, self.at)
            case NoticeKind.OUTCOME:
                return messages.outcome(self.request, notice, self.labels, self.at)
            case NoticeKind.REVIEW:
                return messages.review(self.request, notice, self.labels, self.at)
            case NoticeKind.OVERRIDDEN:
                return messages.overridden(self.request, notice, self.labels, mentioned=self._mentioned(notice))
            case NoticeKind.REMINDER | NoticeKind.NUDGE | NoticeKind.WARNING:
                return reminding.reminder(self.request, notice, self.labels, self.at, naming=self._to_be_named(notice))
            case NoticeKind.ALERT:
                there = self.sent.get(notice.key)
                return messages.alert(
                    self.request,
                    notice,
                    self.labels,
                    self.at,
                    shortage=self.shortages.get(notice.gate),
                    settled_at=there.settled_at if there is not None else None,
                )

            case NoticeKind.DAILY:
                day = self._day or DailyDigest(Troubles(), ())
                return health.daily(day.troubles, day.stuck)
            case NoticeKind.OPERATION:
                return operation.ended(self.request, notice, administers=notice.person in self._administrators)

    def _to_be_named(self, notice: Notice) -> list[PersonId]:
        """Whom a reminder in a channel names: those who have not decided, where nobody is told directly."""
        item = self.request.current
        if notice.channel is None or item is None or item.current_step.notify.direct:
            return []
        silent = item.current_step.notify.silent
        return sorted(deciders(self.request, self.people).own - set(self.people(silent) if silent else ()))

    def _mentioned(self, notice: Notice) -> Mentions:
        """Whom a message in a channel mentions: those who could decide on its step, or could have on any that tells only the channel when
        an override went past it; who is told directly is not called as well.
        """
        if notice.channel is None:
            return NOBODY
        if notice.kind is not NoticeKind.OVERRIDDEN:
            return mentions_for(self.request, notice.gate, notice.step, self._teams, self.people)
        skipped = self.request.override.skipped if self.request.override is not None else ()
        steps = [(step, self.request.work_items[step.gate].profile.steps[step.step].notify) for step in skipped]
        only_here = [one for one, notify in steps if notify.channel == notice.channel and not notify.direct]
        return merged(
            mentions_for(self.request, person.gate, person.step, self._teams, self.people) for person in only_here
        )

    def _asked_as(self, notice: Notice) -> str:
        if notice.person is None or self.request.here is None:
            return ""
        approvers = self.request.work_items[notice.gate].approvers(notice.step)
        own = self.labels.qualification(approvers, as_approver(notice.person, approvers, self.people))
        standing_in = deciders(self.request, self.people, self._delegates).standing_in
        return own or self.labels.standing_in(standing_in.get(notice.person, ()))

    def shown(self, notice: Notice) -> int:
        """The version that a message drawn now shows; 0 where it hangs on a delegation as well, which ends without a new version."""
        return 0 if asks_no_approver(self.request, notice, self.people) else self.request.version


async def look(reading: Reading, id: RequestId, at: datetime, quiet: QuietHours | None) -> Snapshot:
    """Everything about request *id* that its messages need, as of *at*. Raises LookupError where there is none."""
    request = await reading.requests.get(id)
    if request is None:
        raise LookupError(f"request {id} was claimed and is not there")
    people = {}
    for approvers in _approvers_in(request):
        people[approvers] = await reading.people.matching(approvers)
    item = request.current
    authorised = people.get(item.approvers(item.step), frozenset()) if item is not None else frozenset()
    deciding = deciders(request, lambda approvers: people.get(approvers, frozenset())).own
    delegates = await reading.delegations.delegates_of(authorised, at)
    readers = {request.requester, *deciding}.union(*delegates.values()) if quiet is not None and deciding else set()
    sent = await reading.notices.of_request(id)
    words = [notice.notice for notice in sent if notice.notice.kind is NoticeKind.DAILY and notice.ts is None]
    day = await _day(reading, at) if any(not is_late(word, at) for word in words) else None
    return Snapshot(
        request,
        sent,
        people,
        await reading.people.administrators() if _concerns_administrators(request) or day is not None else frozenset(),
        await labels_for(reading, [request]),
        at,
        delegates,
        {identity.id: identity.time_zone for identity in (await reading.people.identities(readers)).values()}
        if readers
        else {},
        quiet,
        await _teams(reading, request),
        day,
    )


async def _day(reading: Reading, at: datetime) -> DailyDigest | None:
    """What there is to look after; None where nothing is left of it."""
    troubles = await reading.health.troubles(at)
    if not (troubles.stuck or troubles.failed or troubles.unreported or troubles.undelivered or troubles.paused):
        return None
    return DailyDigest(troubles, await reading.requests.get_many(await reading.health.stuck(NAMED, 0)))


async def _teams(reading: Reading, request: Request) -> Teams:
    """The groups and roles that messages in channels may call; nothing where no step of *request* tells a channel."""
    if not any(step.notify.channel for item in request.work_items for step in item.profile.steps):
        return Teams()
    return Teams(
        groups=await reading.people.groups(),
        roles=await reading.people.roles(),
        usergroups=await reading.directory.usergroups(),
    )


def _concerns_administrators(request: Request) -> bool:
    doubtful = request.execution is not None and request.execution.in_doubt
    return not request.status.is_closed or request.operation_status is OperationStatus.FAILED or doubtful


def _approvers_in(request: Request) -> set[Approvers]:
    """Every approver set that its notices may ask about: whole steps, the silent, and each way to qualify.

    Of a closed one only an override asks, for the channels that it tells.
    """
    if request.status.is_closed:
        skipped = request.override.skipped if request.override is not None else ()
        steps = [(request.work_items[step.gate], step.step) for step in skipped]
        telling = [(item, number) for item, number in steps if item.profile.steps[number].notify.channel is not None]
        named = {one for item, number in telling for one in (item.approvers(number), *item.profile.steps[number].named)}
        return {approvers for approvers in named if approvers}
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
