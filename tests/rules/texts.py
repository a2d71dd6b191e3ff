"""Rule files as texts: the dull lines filled in, mistakes as short lines."""

from bot.rules.loading import load_rules
from bot.rules.problems import Problem


def a_file(*lines: str, when: str = "value_usd >= $1M", rule_id: str = "sales") -> str:
    """A file with one rule; ``lines`` are further lines of it, without indentation."""
    dull = [
        f"id: {rule_id}",
        "on: insider_trade",
        *([f"when: {when}"] if when else []),
        'message: "{ticker}"',
    ]
    own = {line.split(":")[0] for line in lines}
    kept = [line for line in dull if line.split(":")[0] not in own]
    first, *rest = [each for line in (*kept, *lines) for each in line.split("\n")]
    return "rules:\n- " + first + "".join(f"\n  {line}" for line in rest) + "\n"


def mistakes(text: str) -> list[Problem]:
    """What is wrong, warnings apart."""
    return list(load_rules([("r.yaml", text)]).mistakes)


def told(text: str) -> list[str]:
    """The mistakes without their places."""
    return [problem.what for problem in mistakes(text)]


def the_mistake(text: str) -> Problem:
    """The one mistake there is."""
    (problem,) = mistakes(text)
    return problem


def warnings(text: str) -> list[str]:
    return [p.what for p in load_rules([("r.yaml", text)]).problems if p.warning]


def marked(problem: Problem) -> str:
    """The word of the file that the caret stands under."""
    line, caret = problem.excerpt.split("\n")
    return line[len(caret) - 1 :].split(" ")[0]
