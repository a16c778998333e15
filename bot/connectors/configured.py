"""Which connector carries an operation out."""

from bot.connectors.delivering import Route
from domain.execution import ApprovedOperation
from domain.ports import Store
from domain.resources import ResourceId


def by_authority(store: Store) -> Route:
    """The connector that is configured now at the certificate authority which the operation comes to."""

    async def route(operation: ApprovedOperation) -> str | None:
        if operation.certificate_authority is None:
            return None
        async with store.reading() as reading:
            authority = await reading.resource(ResourceId(operation.certificate_authority))
        return authority.connector if authority is not None else None

    return route
