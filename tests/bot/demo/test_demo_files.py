"""The sample company: a workspace devslack takes, a configuration without a fault, and certificate requests one can submit."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.connectors.local_ca import key_store as keeping
from bot.connectors.local_ca.connector import LocalCa
from bot.demo import authority
from bot.demo.demo import CONFIGURATION, workspace
from bot.demo.snippets import Snippet, snippets
from bot.devslack.workspace.workspace_file import load_workspace
from bot.environment.database import opened
from bot.environment.settings import Settings
from bot.runtime.configuration_file import ConfigurationFile
from domain.approvals.execution import Executed
from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.resources import Gate, Resource, ResourceId, ResourceKind, chain
from domain.common.operations import Operation
from domain.configuration.current_state import CurrentState
from domain.configuration.plan import make_plan, outcome
from domain.people.people import ADMINISTRATOR, AUDITOR, BUILT_IN_ROLES, Identity, Role, Standing, UserGroup, person_id
from domain.pki import Material, RevocationReason, notes, parse
from tests.bot.connectors.test_local_ca import operation

AT = datetime(2026, 11, 21, 18, tzinfo=UTC)
TEAM = "T01HALVORSEN"
LONGEST_INPUT = 3000  # characters of a plain_text_input at Slack


@pytest.fixture(scope="module")
def configured() -> CurrentState:
    """What there is once the sample configuration has been applied to the sample workspace."""
    file = load_workspace(workspace())

    people = [
        Identity(
            id=person_id(TEAM, user.id),
            name=user.real_name,
            email=user.email or "",
            standing=(
                Standing.DEACTIVATED if user.deleted
                else Standing.BOT if user.is_bot
                else Standing.GUEST if user.is_restricted
                else Standing.MEMBER
            ),
        )
        for user in file.users
    ]  # fmt: skip
    empty = CurrentState(
        team=TEAM,
        people={person.id: person for person in people},
        usergroups=tuple(
            UserGroup(
                id=usergroup.id,
                handle=usergroup.handle,
                name=usergroup.name,
                members=tuple(person_id(TEAM, user) for user in usergroup.users),
            )
            for usergroup in file.usergroups
        ),
        groups={},
        roles={key: Role(key=key, name=name) for key, name in BUILT_IN_ROLES.items()},
        profiles={},
        resources={},
    )
    return outcome(empty, make_plan(ConfigurationFile.read(CONFIGURATION).configuration, empty).changes)


def gates(configured: CurrentState, operation: Operation, entry: str) -> tuple[Gate, ...]:
    def resource(key: ResourceId) -> Resource:
        return configured.resources[key]

    def profile(key: ProfileId) -> ProfileVersion:
        return configured.profiles[key]

    return chain(operation, configured.resources[entry], resource, profile)


def test_who_works_there() -> None:
    file = load_workspace(workspace())
    members = [user for user in file.users if not (user.is_bot or user.deleted or user.is_restricted)]
    assert len(members) == 9
    assert [
        sum(flags) for flags in zip(*((u.is_bot, u.deleted, u.is_restricted) for u in file.users), strict=True)
    ] == [1, 1, 1]
    assert {usergroup.handle for usergroup in file.usergroups} == {"pki-admins", "security", "platform"}
    assert {channel.name for channel in file.channels} == {"general", "pki", "pki-approvals", "audit"}
    assert file.welcome


def test_the_channels_that_steps_notify_are_there(configured: CurrentState) -> None:
    channels = {channel.id: channel for channel in load_workspace(workspace()).channels}
    told = {step.notify.channel for profile in configured.profiles.values() for step in profile.steps} - {None}
    assert told
    assert all(channels[str(one)].app_is_member for one in told)


def test_a_web_server_passes_two_steps_and_then_the_ca(configured: CurrentState) -> None:
    [first, second] = gates(configured, Operation.ISSUE, "public-web")
    assert [(step.name, step.required) for step in first.profile.steps] == [("Security", 1), ("PKI administrators", 2)]
    assert (second.kind, len(second.profile.steps)) == (ResourceKind.CERTIFICATE_AUTHORITY, 1)
    assert {(step.notify.direct, bool(step.notify.channel)) for gate in (first, second) for step in gate.profile.steps} == {
        (True, False), (True, True), (False, True),
    }  # fmt: skip


def test_what_else_can_be_tried(configured: CurrentState) -> None:
    assert gates(configured, Operation.ISSUE, "lab") == ()
    [device] = gates(configured, Operation.ENROLL, "onboard-devices")
    assert device.kind is ResourceKind.END_ENTITY_PROFILE
    [staging] = gates(configured, Operation.ISSUE, "staging-web")
    assert staging.profile.deadline(AT) is not None
    assert "2 minutes" in staging.resource_name
    [blocked] = gates(configured, Operation.ISSUE, "code-signing")
    assert not blocked.profile.definition.has_approvers
    [revocation] = gates(configured, Operation.REVOKE, "public-web")
    assert revocation.profile.definition.comment_required == "always"


def test_administrators_and_an_auditor(configured: CurrentState) -> None:
    administrators = configured.roles[ADMINISTRATOR].holders
    assert len(administrators) == 2
    assert len(configured.roles[AUDITOR].holders) == 1
    listed = {person for role in configured.roles.values() if role.key not in BUILT_IN_ROLES for person in role.holders}
    grouped = {member for group in configured.usergroups for member in group.members}
    grouped |= {member for group in configured.groups.values() for member in group.members}
    assert len(set(administrators) - listed - grouped) == 1  # one of them approves nothing


def material(snippet: Snippet) -> Material:
    if snippet.label.startswith("Certificate"):
        return parse(Operation.REVOKE, certificate=snippet.text, reason=RevocationReason.SUPERSEDED)
    return parse(Operation.ISSUE, csr=snippet.text)


def test_every_snippet_can_be_submitted_and_each_has_a_character_of_its_own() -> None:
    given = snippets()
    assert all(len(one.text) <= LONGEST_INPUT for one in given)
    found = {one.label: tuple(note.kind.value for note in notes(material(one), AT)) for one in given}
    assert list(found.values()) == [(), ("wildcard", "weak_key"), ("private_name", "ip_address"), (), ()]
    assert len(material(given[2]).sans) == 15


async def test_the_sample_certificate_is_of_the_demos_ca_and_the_same_each_time(tmp_path: Path) -> None:
    authority.ready(tmp_path / "ca", AT)
    async with opened(Settings.given(database_url=f"sqlite:///{tmp_path / 'c.db'}")) as store:
        certificate = await authority.sample(store, tmp_path / "ca", AT)
        assert await authority.sample(store, tmp_path / "ca", AT + timedelta(days=1)) == certificate
        key, file = keeping.load(tmp_path / "ca", authority.NAME, authority.PASSPHRASE)
        ca = LocalCa(authority.NAME, key, file, tmp_path / "ca", store, lambda: AT)
        for number, found in enumerate(
            [
                parse(Operation.RENEW, certificate=certificate),
                parse(Operation.REKEY, certificate=certificate, csr=snippets()[4].text),
                parse(Operation.REVOKE, certificate=certificate, reason=RevocationReason.SUPERSEDED),
            ]
        ):
            assert isinstance(await ca.execute(operation(found, number + 1)), Executed), found.operation


def test_a_welcome_names_what_there_is() -> None:
    text = "\n".join(workspace()["welcome"])
    for name in (
        "Public web servers",
        "Staging web servers (expires after 2 minutes)",
        "Code signing (no approvers named yet)",
    ):
        assert name in text
        assert f"name: {name}\n" in Path(CONFIGURATION).read_text()
