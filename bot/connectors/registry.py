"""The connectors of this process, and which one carries out an operation."""

import logging
from collections.abc import Iterator, Mapping
from itertools import chain

from bot.connectors.dispatcher import Route
from bot.connectors.local_ca import key_store as keeping
from bot.connectors.local_ca.connector import KIND, LocalCa
from bot.connectors.port import Connector, Connectors
from bot.environment.clock import Clock
from bot.environment.settings import Settings
from domain.approvals.execution import ApprovedOperation
from domain.approvals.resources import ResourceId
from domain.common.errors import Busy, Conflict
from domain.ports import Store

log = logging.getLogger(__name__)


def local_cas(settings: Settings, store: Store, clock: Clock) -> Mapping[str, LocalCa]:
    """The local CAs in the settings' folder, by name. Raises bot.connectors.local_ca.key_store.CaTrouble."""
    folder = settings.ca_folder
    found = {}
    for name in keeping.names(folder):
        authority, file = keeping.load(folder, name, settings.ca_passphrase)
        found[name] = LocalCa(name, authority, file, folder, store, clock)
    return found


def connectors(cas: Mapping[str, LocalCa], others: Connectors) -> Connectors:
    """Every connector of this process, by the name that a resource gives."""
    return _Together({f"{KIND}:{name}": ca for name, ca in cas.items()}, others)


class _Together(Mapping[str, Connector]):
    """Several mappings as one; what the first does not have, the next may."""

    def __init__(self, *parts: Connectors) -> None:
        self._parts = parts

    def __getitem__(self, name: str) -> Connector:
        for part in self._parts:
            if name in part:
                return part[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))


async def tend(cas: Mapping[str, LocalCa]) -> None:
    """Renew what runs out: the revocation lists."""
    for ca in cas.values():
        try:
            await ca.renew_crl()
        except (Busy, Conflict) as error:
            log.warning("the revocation list of %s could not be renewed now: %s", ca.name, error)


def by_authority(store: Store) -> Route:
    """The connector that is configured now at the certificate authority which the operation comes to."""

    async def route(operation: ApprovedOperation) -> str | None:
        if operation.certificate_authority is None:
            return None
        async with store.reading() as reading:
            authority = await reading.resources.get(ResourceId(operation.certificate_authority))
        return authority.connector if authority is not None else None

    return route
