"""Where recorded public documents are, for the tests that read them; they skip without them."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "fixtures" / "edgar"
RECORDED = Path(os.environ.get("BOT_TEST_DATA", ROOT.parent / "shared" / "data")) / "form4"

needs_recorded = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="no recorded documents; name their folder in BOT_TEST_DATA"
)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def recorded(name: str) -> bytes:
    """A recorded document, unpacked."""
    body = (RECORDED / name).read_bytes()
    return gzip.decompress(body) if name.endswith(".gz") else body


def expected(folder: str) -> dict[str, dict[str, Any]]:
    """The counts that a reader of each document in a folder must reach."""
    path = RECORDED / folder / "expected.json"
    counts: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.is_file() else {}
    return counts
