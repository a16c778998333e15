"""Gives requesters their certificates: a file in their direct messages with the app, once.

Sharing a file is not idempotent. Slack's upload has two steps: the file gets an id and its content, and then it is shared. The id is on
record before the second step; where nobody knows what came of that, Slack is asked where the file was shared before it is shared again.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import Clock
from bot.environment.outbox import TryAgain
from bot.messages.slack_refusals import RefusedForGood, error_code, slack_refusals
from domain.approvals.execution import Certificate
from domain.approvals.requests import request_name
from domain.audit.entries import Source
from domain.people.people import PersonId, team_and_user
from domain.ports import ClaimedCertificateFile, Store

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
LEASE: Final = timedelta(seconds=60)
"""More than the calls for one file take."""


class CertificateFiles:
    """Shares each certificate that its requester has not got yet: the handler of an `OutboxWorker`."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Clock) -> None:
        """*client* must not retry by itself."""
        self._client = client
        self._store = store
        self._clock = clock

    def name(self, item: ClaimedCertificateFile) -> str:
        return f"the certificate file of {request_name(item.request)}"

    async def claim(self, limit: int) -> Sequence[ClaimedCertificateFile]:
        async with self._store.transaction(Source.CLOCK) as tx:
            return await tx.certificate_files.claim(self._clock(), LEASE, limit)

    async def perform(self, item: ClaimedCertificateFile) -> None:
        wanted = await self._wanted(item)
        failure = None
        if wanted is not None:
            try:
                with slack_refusals():
                    await self._give(item, *wanted)
            except RefusedForGood as refusal:
                failure = str(refusal)
                log.warning("Slack refuses %s for good: %s", self.name(item), failure)
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.certificate_files.finish(item, failure)

    async def retry(self, item: ClaimedCertificateFile, error: TryAgain, after: timedelta) -> None:  # noqa: ARG002 - the protocol's
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.certificate_files.retry(item, self._clock() + after)

    async def _give(self, item: ClaimedCertificateFile, person: PersonId, certificate: Certificate) -> None:
        name, file = request_name(item.request), item.file
        if file is None:
            file = await self._upload(f"{name}.pem", certificate.pem + certificate.chain_pem)
            if not await self._save_file(item, file):  # on record before it is shared; another worker holds it by now
                return
        try:
            await self._share(file, person, f"Certificate of {name}", f"Certificate for {name}, with its chain")
        except SlackApiError as error:
            if error_code(error) == "file_not_found":  # an upload that was not shared in time is gone: begin anew
                await self._save_file(item, None)
            raise

    async def _wanted(self, item: ClaimedCertificateFile) -> tuple[PersonId, Certificate] | None:
        """Who gets what; None where there is nobody any more to give it to."""
        async with self._store.reading() as reading:
            request = await reading.requests.get(item.request)
            certificate = await reading.releases.certificate_of(item.request)
            person = await reading.people.person(request.requester) if request is not None else None
        return (
            (person.id, certificate) if certificate is not None and person is not None and person.takes_part else None
        )

    async def _share(self, file: str, person: PersonId, title: str, comment: str) -> None:
        """Share *file* with *person*, unless it is shared."""
        if not await self._is_shared(file):
            await self._client.files_completeUploadExternal(
                files=[{"id": file, "title": title}],
                channel_id=await self._conversation(person),
                initial_comment=comment,
            )

    async def _upload(self, name: str, content: str) -> str:
        """The id of a file with this *content* that nobody sees yet."""
        octets = content.encode("ascii")
        answer = await self._client.files_getUploadURLExternal(filename=name, length=len(octets))
        session: aiohttp.ClientSession | None = self._client.session
        if session is None:
            raise RuntimeError("the client has no session of its own")
        async with session.post(str(answer["upload_url"]), data=octets) as uploaded:
            uploaded.raise_for_status()
        return str(answer["file_id"])

    async def _is_shared(self, file: str) -> bool:
        """Whether Slack shows *file* to anybody; one that was never shared it does not know."""
        try:
            found: dict[str, Any] = (await self._client.files_info(file=file))["file"]
        except SlackApiError as error:
            code = error_code(error)
            if code not in {"file_not_found", "file_deleted"}:
                raise
            return code == "file_deleted"  # whoever deleted it had it
        return bool(found.get("ims") or found.get("shares") or found.get("mode") == "tombstone")

    async def _conversation(self, person: PersonId) -> str:
        answer = await self._client.conversations_open(users=[team_and_user(person)[1]])
        return str(answer["channel"]["id"])

    async def _save_file(self, item: ClaimedCertificateFile, file: str | None) -> bool:
        """Whether *item* is still held."""
        async with self._store.transaction(Source.CLOCK) as tx:
            return await tx.certificate_files.save_file(item, file)
