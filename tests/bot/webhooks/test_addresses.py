"""Nothing is sent to what only this machine or its network can reach, unless a setting allows it."""

import socket
from ipaddress import ip_network

import pytest

from bot.webhooks.addresses import Guard, NotAllowed

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - nothing listens here
    "224.0.0.1", "255.255.255.255",
    "[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[ff02::1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:a00:1::1]", "[2001:db8::1]",
    "[::127.0.0.1]", "[fec0::1]", "[5f00::1]", "[4000::1]", "[fe80::1%25eth0]",
    "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1",  # noqa: RUF001 - written so, they lead there too
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_bare_addresses_that_are_not_on_the_internet(address: str) -> None:
    with pytest.raises(NotAllowed, match="COUNTERSIGN_WEBHOOK_ALLOW"):
        Guard().check_url(f"https://{address}/hook")


@pytest.mark.parametrize("url", ["https://ra.example.com/hook", "https://93.184.215.14/", "https://[2606:4700::1]/"])
def test_what_is_on_the_internet(url: str) -> None:
    Guard().check_url(url)


def test_what_a_setting_allows_may_be_called_without_tls_and_nothing_else_may() -> None:
    guard = Guard([ip_network("10.1.0.0/16"), ip_network("::1")])
    guard.check_url("http://10.1.2.3:8080/hook")
    guard.check_url("http://[::1]/hook")
    for url in ("http://10.2.0.1/", "http://93.184.215.14/", "http://ra.example.com/"):
        with pytest.raises(NotAllowed):
            guard.check_url(url)


async def test_a_name_that_leads_inside_is_found_when_it_is_looked_up() -> None:
    with pytest.raises(NotAllowed, match=r"localhost is (127\.0\.0\.1|::1)"):
        await Guard().resolve("localhost", 443, socket.AF_UNSPEC)
    found = await Guard([ip_network("127.0.0.0/8")]).resolve("localhost", 443, socket.AF_INET)
    assert {(one["hostname"], one["host"]) for one in found} == {("localhost", "127.0.0.1")}
