"""What the figures were measured on."""

import os
import platform
from pathlib import Path

import psutil


def machine() -> str:
    """Cores, memory, versions, and how busy the machine was with other things."""
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}; load average {load[0]:.1f}, {load[1]:.1f}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
