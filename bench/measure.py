"""Measuring: run a callable or a command some times, write down the seconds and the facts of the machine."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

from debitora.kit.postgres.binaries import candidates

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("debitora", "django", "polars", "psycopg", "procrastinate", "typst")


class CommandFailed(RuntimeError):
    """A measured command ended with another code than 0."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Wall-clock seconds of every run, their median, and the largest resident set in MiB.

    `also` are figures beside them: how long the ground took to lay, what the server needed.
    """

    sizes: Mapping[str, int]
    seconds: tuple[float, ...]
    median: float
    peak_mib: int
    also: Mapping[str, float] = field(default_factory=dict)


def measure(work: Callable[[], object], *, sizes: Mapping[str, int], times: int = 3) -> Measurement:
    """Call `work` that many times. The peak is this process's, with all that it did before."""
    seconds = [_seconds(work) for _ in range(times)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _measurement(sizes, seconds, peak)


def measure_command(command: Sequence[str], *, sizes: Mapping[str, int], times: int = 3) -> Measurement:
    """Run a command that many times, its start included. Raises CommandFailed."""
    peaks: list[int] = []
    seconds = [_seconds(lambda: peaks.append(_peak_of(command))) for _ in range(times)]
    return _measurement(sizes, seconds, max(peaks))


def write(name: str, measurements: Sequence[Measurement], *, folder: Path = RESULTS) -> Path:
    """Write `NAME.json`: the machine, then the measurements in the order given. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    result = {"name": name, "machine": machine(), "measurements": [asdict(each) for each in measurements]}
    path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return path


def machine() -> dict[str, object]:
    """The facts that figures depend on; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": _postgresql(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _measurement(sizes: Mapping[str, int], seconds: Sequence[float], peak: int) -> Measurement:
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss: bytes there, KiB elsewhere
    rounded = tuple(round(each, 4) for each in seconds)
    return Measurement(dict(sizes), rounded, round(median(rounded), 4), peak // unit)


def _peak_of(command: Sequence[str]) -> int:
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailed(f"{command[0]} ended with {process.returncode}")
    return usage.ru_maxrss


def _postgresql() -> str:
    """The version of the server that Debitora would start here."""
    found = candidates()
    if not found:
        return "none"
    told = subprocess.run(
        [found[0].folder / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return re.search(r"\d+\.\d+", told.stdout)[0]


def _size(text: str) -> tuple[str, int]:
    name, _, count = text.partition("=")
    return name, int(count)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure a command: `NAME [--times N] [--size items=10000 ...] -- COMMAND ...`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("name")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--size", type=_size, action="append", default=[])
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args(arguments)
    done = measure_command(asked.command, sizes=dict(asked.size), times=asked.times)
    print(f"{done.median:.2f} s, {done.peak_mib} MiB -> {write(asked.name, [done]).name}")


if __name__ == "__main__":
    main()
