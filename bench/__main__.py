"""`python -m bench [NAME ...] [--max SIZE]`: run the benchmarks of this folder and write their results."""

from __future__ import annotations

import argparse
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from importlib import import_module
from time import perf_counter

import bench
from bench.measure import Measurement, measure, write

LARGEST = 100_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the named benchmarks, or all, at every size up to the largest asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--max", type=int, default=LARGEST, help="largest size (default %(default)s)")
    parser.add_argument(
        "--one", type=int, help=argparse.SUPPRESS
    )  # the child's part: one size, JSON to stdout
    asked = parser.parse_args(arguments)
    if asked.one:
        print(_one(asked.names[0], asked.one))
        return
    for name in asked.names or list(_benchmarks()):
        _all_sizes(name, asked.max)


def _benchmarks() -> Iterator[str]:
    """The modules of this folder that are benchmarks."""
    for found in pkgutil.iter_modules(bench.__path__):
        if not found.name.startswith("_") and hasattr(import_module(f"bench.{found.name}"), "prepare"):
            yield found.name


def _all_sizes(name: str, largest: int) -> None:
    sizes = [size for size in import_module(f"bench.{name}").SIZES if size <= largest]
    done = []
    for size in sizes:
        done.append(_in_a_child(name, size))
        print(f"{name} {size:>9,}  {done[-1].median:9.3f} s  {done[-1].peak_mib:>6} MiB", flush=True)
    write(name, done)


def _in_a_child(name: str, size: int) -> Measurement:
    command = [sys.executable, "-m", "bench", name, "--one", str(size)]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return Measurement(**json.loads(told.splitlines()[-1]))


def _one(name: str, size: int) -> str:
    module = import_module(f"bench.{name}")
    times = module.times(size) if hasattr(module, "times") else 3
    begun = perf_counter()
    work = module.prepare(size)
    prepared = round(perf_counter() - begun, 2)
    done = measure(work, sizes={getattr(module, "UNIT", "items"): size}, times=times)
    also = {"prepared_s": prepared, **getattr(module, "also", dict)()}
    return json.dumps(asdict(replace(done, also=also)))


if __name__ == "__main__":
    main()
