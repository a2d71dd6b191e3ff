"""``bot rules``: check rule files, run the tests that they carry, look at what there is."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from bot.app import load_rule_paths, rule_texts
from bot.cli.output import console, print_json, say
from bot.cli.why import why
from bot.config import load_config
from bot.rehearsal import rehearse
from bot.rules.loading import Loaded
from bot.rules.model import Rule
from bot.rules.mutate import Mutated, try_mutants
from bot.rules.problems import Problem
from bot.rules.reference import reference_page
from bot.rules.schema_json import rule_schema
from bot.rules.testing import Result, run_tests

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


@click.group()
def rules() -> None:
    """Check and test rule files."""


rules.add_command(why)


@rules.command()
@PATHS
@AS_JSON
@click.pass_obj
def check(config_path: Path | None, paths: Sequence[Path], as_json: bool) -> int:
    """Read every rule file and report every mistake with its place."""
    loaded = _load(config_path, paths)
    for problem in loaded.problems:
        if as_json:
            print_json(_problem_json(problem))
        else:
            say(str(problem))
    if not as_json:
        say(_summary(loaded))
    return 1 if loaded.mistakes else 0


@rules.command()
@PATHS
@AS_JSON
@click.option("--mutate", is_flag=True, help="Change each rule a little: do its tests notice?")
@click.pass_obj
def test(config_path: Path | None, paths: Sequence[Path], as_json: bool, mutate: bool) -> int:
    """Run the tests that rules carry through the real engine."""
    loaded = _load(config_path, paths)
    for problem in loaded.mistakes:
        say(str(problem), err=as_json)
    results = run_tests(loaded.rules, rehearse)
    for result in results:
        if as_json:
            print_json(_result_json(result))
        else:
            _show(result)
    failed = sum(not result.passed for result in results)
    if not as_json:
        broken = f", {len(loaded.mistakes)} mistakes in the files" if loaded.mistakes else ""
        say(f"{len(results) - failed} passed, {failed} failed{broken}")
    survived = _mutate(config_path, paths, as_json) if mutate else 0
    return 1 if failed or loaded.mistakes or survived else 0


def _mutate(config_path: Path | None, paths: Sequence[Path], as_json: bool) -> int:
    """Tell how many changes of each rule its tests did not notice; says how many of all."""
    tried = survived = 0
    for mutated in try_mutants(rule_texts(_paths(config_path, paths)), rehearse):
        tried += mutated.tried
        survived += len(mutated.survivors)
        if as_json:
            print_json(_mutated_json(mutated))
        else:
            _show_mutated(mutated)
    if not as_json:
        say(f"{tried} changes tried, {survived} not noticed")
    return survived


@rules.command(name="list")
@PATHS
@AS_JSON
@click.pass_obj
def list_rules(config_path: Path | None, paths: Sequence[Path], as_json: bool) -> int:
    """Every rule there is, and where it stands."""
    loaded = _load(config_path, paths)
    for problem in loaded.mistakes:
        say(str(problem), err=True)
    if as_json:
        for rule in loaded.rules:
            print_json(_rule_json(rule))
    else:
        console().print(_rule_table(loaded.rules))
    return 1 if loaded.mistakes else 0


@rules.command()
def schema() -> None:
    """The JSON Schema of a rule file, for editors: bot rules schema > rules/schema.json."""
    click.echo(json.dumps(rule_schema(), indent=2, ensure_ascii=False))


@rules.command()
def reference() -> None:
    """Every key, measure, word and field of the rule language, in Markdown."""
    click.echo(reference_page(), nl=False)


def _load(config_path: Path | None, paths: Sequence[Path]) -> Loaded:
    return load_rule_paths(_paths(config_path, paths))


def _paths(config_path: Path | None, paths: Sequence[Path]) -> Sequence[Path]:
    return paths or [load_config(config_path).rules.path]


def _summary(loaded: Loaded) -> str:
    warnings = len(loaded.problems) - len(loaded.mistakes)
    tests = sum(len(rule.tests) for rule in loaded.rules)
    severities = Counter(str(rule.severity) for rule in loaded.rules)
    told = ", ".join(f"{count} {word}" for word, count in severities.items())
    return (
        f"{len(loaded.rules)} rules ({told or 'none'}) with {tests} tests: "
        f"{len(loaded.mistakes)} mistakes, {warnings} warnings"
    )


def _rule_json(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "severity": str(rule.severity),
        "on": [kind.name for kind in rule.on],
        "title": rule.title,
        "file": rule.file,
        "line": rule.line,
        "enabled": rule.enabled,
        "tags": list(rule.tags),
        "version": rule.version,
    }


def _rule_table(rules: Sequence[Rule]) -> Table:
    table = Table(box=None, padding=(0, 1))
    for name in ("id", "severity", "on", "title", "where"):
        table.add_column(name, overflow="fold")
    for rule in rules:
        severity = str(rule.severity) if rule.enabled else f"{rule.severity}, off"
        kinds = ", ".join(kind.name for kind in rule.on)
        table.add_row(rule.id, severity, kinds, rule.title, f"{rule.file}:{rule.line}")
    return table


def _problem_json(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "level": "warning" if problem.warning else "error",
        "what": problem.what,
        "mend": problem.mend,
    }


def _show(result: Result) -> None:
    mark = "ok  " if result.passed else "FAIL"
    say(f"{mark} {result.rule.id}: {result.test.name}")
    if result.passed:
        return
    for line in (result.where, *result.failures, *result.report.splitlines()):
        say(f"     {line}")


def _result_json(result: Result) -> dict[str, object]:
    return {
        "rule": result.rule.id,
        "test": result.test.name,
        "where": result.where,
        "passed": result.passed,
        "failures": list(result.failures),
    }


def _show_mutated(mutated: Mutated) -> None:
    mark = "LIVE" if mutated.survivors else "ok  "
    noticed = mutated.tried - len(mutated.survivors)
    say(f"{mark} {mutated.rule.id}: {noticed} of {mutated.tried} changes noticed")
    for mutant in mutated.survivors:
        say(f"     {mutated.rule.file}:{mutant.line}: {mutant.what}")


def _mutated_json(mutated: Mutated) -> dict[str, object]:
    return {
        "rule": mutated.rule.id,
        "tried": mutated.tried,
        "survivors": [
            {"where": f"{mutated.rule.file}:{each.line}", "what": each.what}
            for each in mutated.survivors
        ],
    }
