"""``python -m tests.chaos --runs N --seed S``: a table of runs; status 1 where one went wrong."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import Plan, Report, run

_COLUMNS = ("seed", "messages", "faults", "kills", "lost", "doubled", "order", "record", "s")


def plan_of(number: int, seed: int) -> Plan:
    """Every second run drops metadata, every third has a late history, every fourth an outage."""
    return Plan(
        seed=seed + number,
        lag_s=0.4 if number % 3 == 1 else 0.0,
        drops_metadata=number % 2 == 1,
        outage_s=3.0 if number % 4 == 2 else 0.0,
    )


def row(report: Report) -> tuple[object, ...]:
    found = report.findings
    return (
        report.plan.seed, report.messages, report.faults, report.kills, len(found.lost),
        len(found.doubled), len(found.disordered), len(found.misrecorded), round(report.seconds),
    )  # fmt: skip


def told(cells: tuple[object, ...]) -> str:
    return "".join(f"{cell!s:>10}" for cell in cells)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(told(_COLUMNS), flush=True)
    rows, wrong = [], 0
    for number in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            report = run(plan_of(number, options.seed), Path(folder))
        rows.append(row(report))
        print(told(rows[-1]), flush=True)
        wrong += len(report.findings.all())
        for each in (*report.findings.all(), *report.findings.rows):
            print(f"  {each}", flush=True)
    print(told(("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:]))))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
