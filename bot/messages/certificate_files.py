"""Gives requesters their certificates: a file in their direct messages with the app, once.

Sharing a file is not idempotent. Slack's upload has two steps: the file gets an id and its content, and then it is shared. The id is on
record before the second step; where nobody knows what came of that, Slack is asked where the file was shared before it is shared again.
"""

import asyncio
import logging
from datetime import timedelta
from random import SystemRandom
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.backoff import pause
from bot.environment.clock import Clock
from bot.messages.sender import FOR_GOOD
from bot.slack.kit.texts import operation as texts
from bot.slack.platform.rate_limits import retry_after
from domain.approvals.execution import Certificate
from domain.approvals.requests import request_name
from domain.audit.entries import Source
from domain.common.errors import Busy, Conflict
from domain.people.people import PersonId, team_and_user
from domain.ports import Handover, Store

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
LEASE: Final = timedelta(seconds=60)
"""More than the calls of one handover take."""


class HandingOver:
    """Claims certificates that their requesters have not got yet, a few at a time."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Clock) -> None:
        """*client* must not retry by itself."""
        self._client = client
        self._store = store
        self._clock = clock
        self._chance = SystemRandom().random

    async def catch_up(self) -> None:
        """Look until nothing is due."""
        while await self.look():
            pass

    async def look(self) -> int:
        """One look: hand over what is due; how many there were."""
        async with self._store.transaction(Source.CLOCK) as tx:
            claimed = await tx.certificate_files.claim(self._clock(), LEASE, AT_ONCE)
        await asyncio.gather(*(self._hand_over(one) for one in claimed))
        return len(claimed)

    async def _hand_over(self, one: Handover) -> None:
        name = request_name(one.request)
        try:
            wanted = await self._wanted(one)
            if wanted is not None:
                person, certificate = wanted
                if one.file is None:
                    file = await self._upload(texts.file_name(name), certificate.pem + certificate.chain_pem)
                    one = await self._save(one.replace(file=file), due=True)  # before it is shared
                await self._share(str(one.file), person, texts.file_title(name), texts.file_comment(name))
            await self._save(one, due=False)
        except SlackApiError as error:
            await self._refused(one, error)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("Slack could not be reached for the certificate of %s: %s", name, error)
            await self._later(one, pause(one.attempts, self._chance))
        except (Busy, Conflict) as error:
            log.warning("the certificate of %s could not be handed over now: %s", name, error)
        except Exception:
            log.exception("the certificate of %s could not be handed over; it is tried again when its lease ends", name)

    async def _wanted(self, one: Handover) -> tuple[PersonId, Certificate] | None:
        """Who gets what; None where there is nobody any more to give it to."""
        async with self._store.reading() as reading:
            request = await reading.requests.get(one.request)
            certificate = await reading.releases.certificate_of(one.request)
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
            said = str(error.response.get("error"))
            if said not in {"file_not_found", "file_deleted"}:
                raise
            return said == "file_deleted"  # whoever deleted it had it
        return bool(found.get("ims") or found.get("shares") or found.get("mode") == "tombstone")

    async def _conversation(self, person: PersonId) -> str:
        answer = await self._client.conversations_open(users=[team_and_user(person)[1]])
        return str(answer["channel"]["id"])

    async def _refused(self, one: Handover, error: SlackApiError) -> None:
        said = str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""
        name = request_name(one.request)
        if error.response.status_code == 429 or said == "ratelimited":
            await self._later(one, timedelta(seconds=retry_after(error)))
        elif said in FOR_GOOD:
            log.warning("Slack refuses the certificate of %s for good: %s", name, said)
            await self._save(one.replace(failure=said), due=False)
        else:
            log.warning("Slack did not take the certificate of %s: %s", name, said or error)
            lost = said == "file_not_found"  # an upload that was not shared in time is gone: begin anew
            await self._later(one.replace(file=None) if lost else one, pause(one.attempts, self._chance))

    async def _later(self, one: Handover, after: timedelta) -> None:
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.certificate_files.save(one, due_at=self._clock() + after, held=False)

    async def _save(self, one: Handover, *, due: bool) -> Handover:
        """Keep *one*; where it is still *due* it stays held."""
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.certificate_files.save(one, due_at=self._clock() if due else None, held=due)
        return one
