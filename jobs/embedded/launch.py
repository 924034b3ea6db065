"""Run as a program: drop to a user, ask for a signal when the parent ends, become a command.

A program of its own, because code between fork and exec is not safe in a process with threads.
Arguments: parent's process id, signal, user id and group id (-1: keep), command…
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Follow `parent`, then become `command`; the kernel resets the wish when the user changes."""
    parent, death_signal, uid, gid = (int(each) for each in arguments[:4])
    command = arguments[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() == parent:
        os.execv(command[0], command)  # noqa: S606 – the command is ours


if __name__ == "__main__":
    main(sys.argv[1:])
