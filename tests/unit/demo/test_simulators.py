"""Where the demo's outside systems are, and what is entered for them."""

import socket
from collections.abc import Iterator

import pytest

from jobs.demo.connecting import SYSTEMS
from jobs.demo.memory import DemoMemory
from jobs.demo.simulators import USUAL, addresses, choose_ports, credential_of


@pytest.fixture
def memory() -> DemoMemory:
    return DemoMemory("tenant", "password", "password")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_ports_stay_the_same_while_they_are_free(memory: DemoMemory) -> None:
    assert not choose_ports(memory)
    first = dict(memory.ports)
    assert set(first) == set(USUAL)
    assert len(set(first.values())) == len(first)
    assert not choose_ports(memory)
    assert memory.ports == first


def test_a_port_that_was_taken_meanwhile_is_another(memory: DemoMemory, taken: int) -> None:
    choose_ports(memory)
    memory.ports["netvisor"] = taken
    assert choose_ports(memory)
    assert f"127.0.0.1:{taken}" not in addresses(memory)


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_what_is_entered_is_what_the_form_takes(memory: DemoMemory, system: str) -> None:
    choose_ports(memory)
    provider, entered = SYSTEMS[system][1], credential_of(system, memory)
    assert set(entered) <= {field.name for field in provider.credential}
    provider.check(entered, {})
    for place in provider.recipients(entered, {}):
        assert place.partition("://")[2] in addresses(memory)
