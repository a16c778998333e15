"""What alembic runs. The product gives it a connection; a developer names the database: `alembic -x url=sqlite:///my.db upgrade head`."""

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, pool

from domain.store.drivers.urls import database_url
from domain.store.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        context.run_migrations()


def _connect_and_run() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not isinstance(url, str):
        raise CommandError("Say which database: alembic -x url=sqlite:///my.db ...")
    engine = create_engine(database_url(url), poolclass=pool.NullPool)
    with engine.begin() as connection:
        _run(connection)
    engine.dispose()


if context.is_offline_mode():
    raise CommandError("Migrations look at the database: --sql is not supported.")
given = context.config.attributes.get("connection")
if given is None:
    _connect_and_run()
else:
    _run(given)
