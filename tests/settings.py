"""Settings of the tests: the product's own, after saying that this is a test and where it may write."""

import os
from pathlib import Path

os.environ["DEBITORA_TEST"] = "1"
os.environ["DEBITORA_HOME"] = os.environ.get("DEBITORA_TEST_HOME") or str(
    Path(__file__).parent.parent / ".debitora-test"
)
os.environ.pop("DEBITORA_DATABASE_URL", None)
os.environ.setdefault("DEBITORA_SECRET_KEY", "only for tests, never for a house that is lived in")

from debitora.config.settings import *  # noqa: F403
