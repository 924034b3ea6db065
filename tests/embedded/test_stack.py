"""`silta dev`: comes up, continues, looks after its own, goes down, and says what is in the way."""

import re
import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.embedded.programs import (
    command_lines,
    descendants,
    end,
    eventually,
    gone,
    read_until,
    start_python,
)

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, **env: str) -> subprocess.Popen[str]:
    binds = {
        "SILTA_BIND": f"127.0.0.1:{free_port()}",
        "SILTA_METRICS_BIND": f"127.0.0.1:{free_port()}",
    }
    return start_python("-m", "tests.embedded.sample_stack", folder / "var", **{**binds, **env})


def stop(program: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> str:
    program.send_signal(number)
    return end(program)


def refused(folder: Path, **env: str) -> str:
    """Start a stack that must not come up; return the one line that says why."""
    program = start(folder, **env)
    output = end(program)
    assert program.returncode == 2, output
    *_, line = output.strip().splitlines()
    assert line.startswith("silta: ")
    assert "Traceback" not in output
    return line


def test_comes_up_goes_down_and_continues(folder: Path) -> None:
    for run in (1, 2):
        program = start(folder)
        shown = "".join(read_until(program, "Ready."))
        children = descendants(program.pid)
        rest = stop(program, signal.SIGTERM if run == 2 else signal.SIGINT)
        assert program.returncode == 0, rest
        assert f"✓ Rows: run {run}" in shown
        stops = re.findall(r"✓ (\w+) stopped", rest)
        assert stops == ["Web", "Worker", "Redis", "PostgreSQL"]
        assert gone(children)


def test_shows_errors_and_starts_the_dead_again(folder: Path) -> None:
    program = start(folder)
    read_until(program, "Ready.")
    assert "quiet" not in "".join(read_until(program, "loud"))
    victims = [
        each for each in descendants(program.pid) if "time.sleep" in " ".join(each.cmdline())
    ]
    victims[0].kill()
    read_until(program, "worker ended (signal 9")
    read_until(program, "worker: started again")
    postmaster = next(each for each in descendants(program.pid) if " -D " in command_lines([each]))
    postmaster.kill()
    read_until(program, "✓ PostgreSQL had ended")
    stop(program)
    assert program.returncode == 0


def test_withholds_what_a_service_need_not_know(folder: Path) -> None:
    program = start(folder)
    read_until(program, "Ready.")
    log = folder / "var" / "log" / "worker.log"
    assert eventually(lambda: "keeper url:" in log.read_text())
    stop(program)
    assert "keeper url: False" in log.read_text()


def test_leaves_nothing_behind_when_killed(folder: Path) -> None:
    program = start(folder)
    read_until(program, "Ready.")
    children = descendants(program.pid)
    program.kill()
    program.communicate()
    again = start(folder)
    read_until(again, "run 2")
    assert eventually(lambda: gone(children))
    stop(again)


def test_follows_make_into_its_end(folder: Path) -> None:
    launcher = (
        "import subprocess, sys; subprocess.run([sys.executable, '-u', '-m', "
        f"'tests.embedded.sample_stack', {str(folder / 'var')!r}])"
    )
    binds = {
        "SILTA_BIND": f"127.0.0.1:{free_port()}",
        "SILTA_METRICS_BIND": f"127.0.0.1:{free_port()}",
    }
    program = start_python("-c", launcher, SILTA_DEV_FOLLOWS_PARENT="1", **binds)
    read_until(program, "Ready.")
    children = descendants(program.pid)
    program.kill()
    program.communicate()
    assert eventually(lambda: gone(children))


def test_names_the_port_that_is_in_use(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = refused(folder, SILTA_BIND=f"127.0.0.1:{port}")
    assert f"Port {port}" in line
    assert f"SILTA_BIND=127.0.0.1:{port + 1}" in line


def test_names_the_run_that_holds_the_folder(folder: Path) -> None:
    program = start(folder)
    read_until(program, "Ready.")
    assert f"in use by process {program.pid}" in refused(folder)
    stop(program)


def test_wants_all_urls_of_an_own_database(folder: Path) -> None:
    line = refused(folder, SILTA_DATABASE_URL="postgresql+psycopg:///silta")
    assert "set SILTA_OWNER_DATABASE_URL" in line


def test_wants_an_address_that_is_one(folder: Path) -> None:
    assert "write host:port" in refused(folder, SILTA_BIND="8000")


def test_says_when_var_is_no_folder(folder: Path) -> None:
    (folder / "var").write_text("")
    assert "var" in refused(folder)


def test_says_when_data_is_half_there(folder: Path) -> None:
    (folder / "var" / "postgres" / "data").mkdir(parents=True)
    (folder / "var" / "postgres" / "passwords.json").write_text("{")
    assert "delete" in refused(folder)


def test_shows_no_secret_on_command_lines(folder: Path) -> None:
    program = start(folder)
    read_until(program, "Ready.")
    lines = command_lines(descendants(program.pid))
    kept = (folder / "var" / "postgres" / "passwords.json").read_text()
    stop(program)
    assert not any(secret in lines for secret in re.findall(r"[\w-]{40,}", kept))


def test_stops_in_the_middle_of_its_start(folder: Path) -> None:
    program = start(folder)
    read_until(program, "PostgreSQL")
    children = descendants(program.pid)
    program.send_signal(signal.SIGTERM)
    end(program)
    assert program.returncode == 0
    assert gone([each for each in children if psutil.pid_exists(each.pid)])
