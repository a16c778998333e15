"""The part of the store's ports that is about released operations. Everything it says stands in `domain.store.releases`."""

from collections.abc import Collection
from datetime import datetime, timedelta

from domain.approvals.execution import Certificate
from domain.approvals.requests import RequestId
from domain.ports import ClaimedRelease, ReleaseState
from domain.releases.moves import Deed
from domain.store import releases
from domain.store.line import Asking


class ReadsReleases(Asking):
    """Of `domain.ports.Reading`."""

    async def releases_of(self, request: RequestId) -> tuple[ReleaseState, ...]:
        return await self._run(releases.releases_of, request)

    async def certificate_of(self, request: RequestId) -> Certificate | None:
        return await self._run(releases.certificate_of, request)

    async def deeds_on(self, object_keys: Collection[str]) -> tuple[Deed, ...]:
        return await self._run(releases.deeds_on, object_keys)


class WritesReleases(ReadsReleases):
    """Of `domain.ports.Transaction`."""

    async def claim_releases(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedRelease, ...]:
        return await self._run(releases.claim, at, lease, limit)

    async def let_go_of_release(
        self,
        claimed: ClaimedRelease,
        *,
        due_at: datetime | None,
        via: str = "",
        said: str = "",
        accepted_at: datetime | None = None,
        begun_at: datetime | None = None,
        expected_at: datetime | None = None,
    ) -> bool:
        return await self._run(
            releases.let_go,
            claimed,
            due_at=due_at,
            via=via,
            said=said,
            accepted_at=accepted_at,
            begun_at=begun_at,
            expected_at=expected_at,
        )

    async def hand_over_again(self, request: RequestId, at: datetime) -> None:
        await self._run(releases.again, request, at)

    async def end_releases(self, request: RequestId) -> None:
        await self._run(releases.ended, request)

    async def keep_certificate(self, request: RequestId, certificate: Certificate) -> None:
        await self._run(releases.keep, request, certificate)
