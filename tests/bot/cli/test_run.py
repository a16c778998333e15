"""What the configuration file and the first administrators come to when the bot starts."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.environment.settings import Settings
from bot.runtime.apply_configuration import configure_at_start
from bot.runtime.configuration_file import ConfigurationError
from domain.audit.entries import Source
from domain.people.people import Group, Identity, Standing
from domain.ports import Workspace
from domain.store import SqlStore
from domain.workflow.configuration.groups_and_roles import save_group
from tests.databases import seed
from tests.domain.configuration.states import PEOPLE, TEAM, USERGROUPS, pid

AT = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def _workspace(store: SqlStore) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.save_workspace(Workspace(team=TEAM))
    await seed(store, people=PEOPLE.values(), usergroups=USERGROUPS)


async def administrators(store: SqlStore) -> set[str]:
    async with store.reading() as reading:
        return set(await reading.people.administrators())


async def groups(store: SqlStore) -> tuple[Group, ...]:
    async with store.reading() as reading:
        return await reading.people.groups()


async def test_the_file_is_applied_and_what_it_changed_is_in_the_log(
    store: SqlStore, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "countersign.yml"
    path.write_text("administrators: [UANN]\nprofiles: {web: {name: Web, steps: [{name: One, approvers: {}}]}}\n")
    settings = Settings.given(config=path, database_url=database_url, administrators=("UBOB",))
    with caplog.at_level(logging.INFO):
        await configure_at_start(settings, store, AT)
    assert await administrators(store) == {pid("ANN")}
    assert [record.levelname for record in caplog.records] == ["INFO", "INFO", "WARNING"]
    assert 'configuration: + profile web "Web", version 1' in caplog.text
    assert "configuration: Profile web: Step 1, One, has no approvers." in caplog.text


async def test_what_was_saved_in_slack_since_stays_until_the_file_says_something_else(
    store: SqlStore, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "countersign.yml"
    path.write_text("administrators: [ann@example.com]\ngroups: {pki: {name: PKI, members: [UANN]}}\n")
    settings = Settings.given(config=path, database_url=database_url)
    await configure_at_start(settings, store, AT)
    edited = Group(key="pki", name="PKI office", members=(pid("BOB"),))
    await save_group(store, edited, AT, by=pid("ANN"), source=Source.SLACK)
    path.write_text("# a comment\ngroups: {pki: {members: [UANN], name: PKI}}\nadministrators: [ann@example.com]\n")
    with caplog.at_level(logging.INFO):
        await configure_at_start(settings, store, AT)
    assert await groups(store) == (edited,)
    assert f'{path} says otherwise, and has not changed since it was applied: ~ group pki "PKI"' in caplog.text
    await seed(store, people=[Identity(id=pid("ANN"), name="Ann", standing=Standing.DEACTIVATED)])
    await configure_at_start(settings, store, AT)
    assert "nobody who is an active member has the address 'ann@example.com'" in caplog.text
    path.write_text("administrators: [UBOB]\ngroups: {pki: {name: PKI, members: [UCAT]}}\n")
    await configure_at_start(settings, store, AT)
    assert await groups(store) == (Group(key="pki", name="PKI", members=(pid("CAT"),)),)


async def test_the_first_administrators_are_appointed_without_a_file(store: SqlStore) -> None:
    settings = Settings.given(administrators=("UBOB", "cat@example.com"))
    for _ in range(2):
        await configure_at_start(settings, store, AT)
        assert await administrators(store) == {pid("BOB"), pid("CAT")}


async def test_a_file_with_a_fault_stops_the_start_and_says_where(
    store: SqlStore, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "countersign.yml"
    path.write_text("administrators: [UANN]\nauditors: [nobody@example.com]\n")
    with pytest.raises(ConfigurationError, match=rf"^{path}:2:12: auditors\[0\]: nobody who is an active member"):
        await configure_at_start(Settings.given(config=path, database_url=database_url), store, AT)
    assert await administrators(store) == set()
