"""Build hook: puts what git ignores, but the product needs, into the wheel.

Two things are built and never committed: the front-end assets (`make assets`) and the compiled messages (`*.mo`).
An editable install reads both from the source tree and needs no hook.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = "src/debitora/kit/static/debitora"


class AssetsNotBuilt(Exception):
    """The wheel would have no style sheet: run `make assets` first."""


class DebitoraBuildHook(BuildHookInterface[Any]):
    """Compile the messages, insist on the assets, and name both as artifacts."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the files are collected; `version` is "editable" or "standard"."""
        if version == "editable":
            return
        root = Path(self.root)
        if not any(root.glob(f"{ASSETS}/*")):
            raise AssetsNotBuilt(f"{ASSETS} is empty: run `make assets` before building a wheel.")
        sys.path.insert(0, str(root / "src"))
        from debitora.kit.messages import compile_messages

        compile_messages(root / "src" / "debitora")
        build_data["artifacts"] += [f"{ASSETS}/**", "src/debitora/**/*.mo"]
