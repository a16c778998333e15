"""The configuration file: every fault with its line and column, and no file that costs more than a moment."""

from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runtime.configuration_file import LARGEST, ConfigurationError, ConfigurationFile, write
from domain.configuration.current_state import CurrentState
from domain.configuration.faults import Fault, InvalidConfiguration
from domain.configuration.file_content import file_content
from domain.configuration.file_model import parse_configuration
from tests.domain.configuration.states import states


def read(text: str) -> ConfigurationFile:
    return ConfigurationFile("c.yml", dedent(text))


def refused(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        read(text)
    return str(raised.value).splitlines()


NO_PERSON = "is not a person: write a Slack user id (U…; in Slack, a profile's ⋮ menu copies it) or an e-mail address"
NO_CHANNEL = "is not a channel id (C…): in Slack, a channel's details show it at the very bottom of About"


def test_every_fault_has_its_line_column_and_path_in_the_order_of_the_file() -> None:
    assert refused(
        """\
        administrators: [ingrid, U01INGRID]
        profiles:
          web-servers:
            name: Web servers
            expires_after: 72
            steps:
              - name: Security
                required: 0
                aprovers: {groups: [security]}
              - name: PKI
                approvers: {}
                notify:
                  channel: "#pki"
        groups:
          security:
        """
    ) == [
        f"c.yml:1:18: administrators[0]: {NO_PERSON}",
        "c.yml:5:20: profiles.web-servers.expires_after: is not a span of time: write days, hours, minutes or seconds, as in 72h, or never",
        "c.yml:7:9: profiles.web-servers.steps[0].approvers: is missing",
        "c.yml:8:19: profiles.web-servers.steps[0].required: must be at least 1",
        "c.yml:9:9: profiles.web-servers.steps[0].aprovers: is not known here; did you mean 'approvers'?",
        f"c.yml:13:20: profiles.web-servers.steps[1].notify.channel: {NO_CHANNEL}",
        "c.yml:15:3: groups.security: is empty",
    ]


def test_a_fault_that_is_found_later_has_its_place_too() -> None:
    file = read("administrators: [U1]\nresources:\n  web: {kind: ra_profile, name: Web, approvals: {issue: wbe}}\n")
    faults = [
        Fault(path=("resources", "web", "approvals", "issue"), message="there is no profile 'wbe'"),
        Fault(path=("administrators", "users", 0), message="is nobody"),
        Fault(path=("resources", "web"), message="stands wrong", at_key=True),
    ]
    with pytest.raises(ConfigurationError) as raised, file.located():
        raise InvalidConfiguration(faults)
    assert str(raised.value).splitlines() == [
        "c.yml:1:18: administrators[0]: is nobody",
        "c.yml:3:3: resources.web: stands wrong",
        "c.yml:3:57: resources.web.approvals.issue: there is no profile 'wbe'",
    ]


def test_text_stays_text() -> None:
    configuration = read(
        """\
        groups:
          on: {name: yes}
          "123": {name: 1:30}
          no: {name: 2026-11-21}
          hex: {name: 0x1F}
          oct: {name: 010}
          tagged: {name: !!str 7}
          quoted: {name: "7"}
        """
    ).configuration
    assert configuration.groups is not None
    assert {key: group.name for key, group in configuration.groups.items()} == {
        "on": "yes", "123": "1:30", "no": "2026-11-21", "hex": "0x1F", "oct": "010", "tagged": "7", "quoted": "7",
    }  # fmt: skip


def test_aliases_stand_for_what_they_name() -> None:
    configuration = read(
        """\
        profiles:
          a: {name: First, steps: &two [{name: One, approvers: {users: [U1]}}, {name: Two, approvers: {}}]}
          b: {name: Second, steps: *two}
        """
    ).configuration
    assert configuration.profiles is not None
    assert configuration.profiles["a"].steps == configuration.profiles["b"].steps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "c.yml: is empty"),
        ("# nothing\n", "c.yml: is empty"),
        ("- a", "c.yml:1:1: must have keys with values, one to a line"),
        ("groups: {}\ngroups: {}", "c.yml:2:1: 'groups' is already used in line 1"),
        ("groups: {a: {name: x, name: y}}", "c.yml:1:23: 'name' is already used in line 1"),
        ("groups: {}\n---\nroles: {}", "c.yml:2:1: begins a second document: a file has only one"),
        ("groups: *who", "c.yml:1:9: there is no anchor &who before this"),
        ("groups: &a {b: *a}", "c.yml:1:16: there is no anchor &a before this"),
        ("<<: {groups: {}}", "c.yml:1:1: merging with << is not supported: write it out, or use an alias for the whole value"),
        ("? [a]\n: b", "c.yml:1:3: a key has to be text"),
        ("? {a: b}\n: b", "c.yml:1:3: a key has to be text"),
        ("a: &x 1\n*x : 2", "c.yml:2:1: a key has to be text"),
        ("groups: !!python/name:os.system x", "c.yml:1:9: has a tag, tag:yaml.org,2002:python/name:os.system, which has no meaning here"),
        ("groups: !run [ls]", "c.yml:1:9: has a tag, !run, which has no meaning here"),
        ("groups: !!binary aGk=", "c.yml:1:9: has a tag, tag:yaml.org,2002:binary, which has no meaning here"),
        ("groups: {", "c.yml:1:10: is not YAML: the file ends before a [ or a { does"),
        ("groups:\n\t- a", "c.yml:2:1: is not YAML: there is a tab: indent with spaces"),
        ("groups: %", "c.yml:1:9: is not YAML: a text that begins with % has to be in quotes"),
        ("groups:\n  pki:\n    name: PKI: the team", (
            "c.yml:3:14: is not YAML: there is a colon too many: a text with a colon in it has to be in quotes, "
            "and keys of one mapping begin in one column"
        )),
        ("groups:\n  pki:\n    name: PKI\n   members: []", "c.yml:4:4: is not YAML: it is not indented like what it belongs to, in line 2"),
        ("groups:\n  pki: {name: PKI, members: [UANN}", "c.yml:2:34: is not YAML: what begins in line 2 has to end with ] before this"),
        ("a: {b: 'A}\nc: {d: 'D'}", "c.yml:1:8: is not YAML: the quotes that begin here end in line 2, where none can be"),
        ("groups: 'PKI\n", "c.yml:2:1: is not YAML: the quotes that begin in line 1 do not end"),
        ("groups: {}\nroles\nprofiles: {}", "c.yml:3:1: is not YAML: there is no colon after what stands in line 2"),
        ("administrators: UANN", "c.yml:1:17: administrators: must be a list of people, or have the keys users and usergroup"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_at_its_place(text: str, said: str) -> None:
    assert refused(text) == [said]


def test_a_character_that_yaml_does_not_have_is_refused() -> None:
    [said] = refused("groups: \x07")
    assert said.startswith("c.yml: is not YAML: unacceptable character #x0007")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"b{i}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9)),
        "a: " + "[" * 100_000,
        "- " * 50_000,
        "a: " + "{a: " * 100_000,
        "a: &a [1]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}]\n" for i in range(24)) + "z: [[*y]]\n",
        "a: [" + "x," * 60_000 + "]",
    ],
    ids=["billion laughs", "deep lists", "deep dashes", "deep mappings", "deep by aliases", "very many"],
)
def test_what_would_cost_more_than_a_moment_is_refused(text: str) -> None:
    [said] = refused(text)
    assert "levels deep" in said or "values" in said


def test_what_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "countersign.yml"

    def said() -> str:
        with pytest.raises(ConfigurationError) as raised:
            ConfigurationFile.read(path)
        return str(raised.value)

    assert said() == f"{path}: cannot be read: No such file or directory"
    path.write_bytes(b"#\ngroups: \xff")
    assert said() == f"{path}:2:9: is not UTF-8 text"
    path.write_bytes(b"#" * (LARGEST + 1))
    assert said() == f"{path}: is larger than 1024 KiB, which no configuration is"
    path.write_bytes(b"\xef\xbb\xbfgroups: {}\r\n")
    assert ConfigurationFile.read(path).configuration.groups == {}


@settings(max_examples=30)
@given(states())
def test_what_is_written_is_read_as_the_same(state: CurrentState) -> None:
    content = file_content(state)
    text = write(content)
    assert ConfigurationFile("c.yml", text).configuration == parse_configuration(content)
    assert yaml.safe_load(text) == content
    assert write(content) == text


@settings(max_examples=300)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("{}[]:,-&*!|>'\"%@`#?\n  ab"), max_size=60))
def test_any_text_is_a_configuration_or_is_refused_in_words(text: str) -> None:
    said = "fine"
    try:
        ConfigurationFile("c.yml", text)
    except ConfigurationError as error:
        said = str(error)
    assert said
    assert said == "fine" or said.startswith("c.yml")
