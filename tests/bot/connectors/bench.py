"""A receiver that can be made to misbehave, and replicas that hand operations over to it, at a time of one's choosing."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.connectors.dispatcher import AT_ONCE, PATIENCE, ReleaseDispatcher
from bot.environment.outbox import OutboxWorker
from domain.approvals.execution import ApprovedOperation, Certificate, Executed, Later, Outcome
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import Request
from domain.approvals.status import OperationStatus
from domain.audit.entries import Action
from domain.common.errors import MirrorTooOld
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.ports import ClaimedRelease, ReleaseState
from domain.store import SqlStore
from domain.workflow.health import Unreported, health
from tests.domain.store.build import decided, loaded, submitted
from tests.material_factory import certificate_pem, material
from tests.rules.build import ADMIN, ANN, HOUR, NOON, profile, step

GATE = profile(step(ANN))
SHORT = profile(step(ANN), key="short", valid_for=HOUR)
VIA = "test:receiver"
DONE = Executed(certificate=Certificate(pem=certificate_pem(serial=7)))


class Receiver:
    """Something that carries operations out, once for each key, and can be made to misbehave."""

    def __init__(self) -> None:
        self.calls: list[ApprovedOperation] = []
        self.done: dict[str, Outcome] = {}
        self.answers: list[Outcome | Exception | Callable[[], Awaitable[None]]] = []
        """What happens at the next calls, instead of doing it and saying so."""
        self.knows = True
        """Whether it can tell what was not done, as a CA on this machine can."""

    async def execute(self, operation: ApprovedOperation) -> Outcome:
        self.calls.append(operation)
        answer = self.answers.pop(0) if self.answers else DONE
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            await answer()
            answer = DONE
        if isinstance(answer, Executed):
            self.done.setdefault(operation.key, answer)
        return answer

    async def recall(self, operation: ApprovedOperation) -> Outcome | None:
        if operation.key in self.done:
            return self.done[operation.key]
        return Later(reason="It was not done.") if self.knows else None


class Bench:
    """A store with a request or two, a receiver, and replicas that deliver, at a time of one's choosing."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOON
        self.receiver = Receiver()
        self.via: str | None = VIA
        self.too_old = False

    def replica(self) -> OutboxWorker[ClaimedRelease]:
        async def route(_operation: ApprovedOperation) -> str | None:
            return self.via

        async def ready(_person: PersonId) -> None:
            if self.too_old:
                raise MirrorTooOld

        dispatcher = ReleaseDispatcher(self.store, lambda: self.now, {VIA: self.receiver}, route, ready=ready)
        return OutboxWorker(dispatcher, AT_ONCE)

    async def deliver(self) -> int:
        """One look of one replica, to its end; how many it found."""
        replica = self.replica()
        found = await replica.poll()
        await replica.settle(PATIENCE)
        return found

    async def released(
        self, gate: ProfileVersion = GATE, operation: Operation = Operation.ISSUE, cn: str = "api.example.com"
    ) -> Request:
        """A request that was approved at noon."""
        request = await submitted(self.store, gate, operation=operation, material=material(operation, cn))
        return await decided(self.store, request.id, ANN)

    async def after(self, request: Request) -> Request:
        return await loaded(self.store, request.id)

    async def status(self, request: Request) -> OperationStatus:
        return (await self.after(request)).operation_status

    async def delivery(self, request: Request) -> ReleaseState:
        """Its last release."""
        async with self.store.reading() as reading:
            return (await reading.releases.of_request(request.id))[-1]

    async def missing(self) -> tuple[Unreported, ...]:
        """What an administrator sees of operations without a result."""
        found = await health(self.store, ADMIN.id, self.now)
        assert found.troubles.unreported == len(found.unreported)
        return found.unreported

    def morning(self) -> datetime:
        """The next one."""
        return self.now.replace(hour=8) + timedelta(days=1)

    async def actions(self, request: Request) -> list[Action]:
        """What is on record since the release."""
        async with self.store.reading() as reading:
            found = [one.entry.action for one in await reading.audit.chain(f"request:{request.id}")]
        return found[found.index(Action.RELEASED) + 1 :]
