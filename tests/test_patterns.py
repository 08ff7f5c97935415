"""No pattern of ours takes longer than in proportion: each is tried on strings that are made from it to hold it up."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest

import pipeline
from pipeline.content import boilerplate
from pipeline.mechanisms import grounding, quantities
from pipeline.normalize import spacing
from pipeline.rules.load import load_rules
from pipeline.rules.patterns import Pattern

_LONG = 4_000  # characters
_MOST = 8  # times as long on four times the text, where linear is 4 and quadratic 16
_ALONE = 0.01  # seconds that are not looked into
_SIGNS = ("<", "&", "&#1", "<!--", '="', "</", "((", "[[", "1,", "a.", "a ", " ", "\n", "\t \n", "A", "é", "“", "-")


# Patterns that never see more characters than these, whatever the input.
BOUNDED = {
    "pipeline.mechanisms.grounding._LONG_FORM": grounding._REACH,
    "pipeline.normalize.spacing._BRACKETED": spacing._WIDEST,
    "pipeline.normalize.spacing._ANY_BRACKET": spacing._WIDEST,
}
# Those that a function is given, which tries them at one place, and one that is left at the first tag without an end.
GIVEN = (
    "pipeline.repair.fences._OPENING",
    "pipeline.repair.fences._GLUED",
    "pipeline.repair.fences._CLOSING",
    "pipeline.markup.tokens._PLAIN",
)


class Case(NamedTuple):
    """A pattern of the program, by where it stands; ``anchored``: it is only tried where a text begins."""

    name: str
    pattern: re.Pattern[Any]
    anchored: bool
    most: int = _LONG  # characters


def patterns() -> Iterator[Case]:
    """Every compiled pattern of the program."""
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.endswith("__main__"):
            loaded = importlib.import_module(module.name)
            code = inspect.getsource(loaded)
            for name, value in vars(loaded).items():
                anchored = set(re.findall(rf"\b{name}(?:\[\w+\])?\.(\w+)\(", code)) <= {"match", "fullmatch"}
                anchored = anchored and f"{name}." in code
                full = f"{module.name}.{name}"
                most = BOUNDED.get(full, _LONG)
                yield from (Case(full, one, anchored or full in GIVEN, most) for one in within(value))
    own = load_rules()
    for block in own.boilerplate:
        yield Case(f"boilerplate {block.id}", compiled(block.match), True, boilerplate._LONGEST)
    for ending in own.endings:
        yield Case(f"ending {ending.id}", compiled(ending.find), False)
    for typo in own.text:
        yield Case(f"typo {typo.id}", compiled(typo.find), False)
    for notation in own.notations:
        yield Case(f"notation {notation.id}", compiled(notation.find), True)
    yield Case("units", quantities.build(own.units).pattern, False)


def compiled(pattern: Pattern) -> re.Pattern[str]:
    assert isinstance(pattern, re.Pattern)
    return pattern


def within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from within(tuple(value.values()))
    elif isinstance(value, tuple | list) and len(value) < 1000:
        for one in value:
            yield from within(one)


PATTERNS = list({(one.pattern.pattern, one.anchored): one for one in patterns()}.values())


def parsed(pattern: re.Pattern[Any]) -> Any:
    return re._parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)  # type: ignore[attr-defined]


def sample(parts: Iterable[Any], times: int = 1) -> str:
    """A text that a parsed pattern may match, or nearly; what may be repeated is there so many times."""
    said = ""
    for kind, value in parts:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL"):
            said += chr(value) if name == "LITERAL" else "a" if chr(value) != "a" else "b"
        elif name == "IN":
            said += member(value)
        elif name == "ANY":
            said += "a"
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            said += sample(value[2], times) * max(value[0], min(times, value[1]))
        elif name == "SUBPATTERN":
            said += sample(value[-1], times)
        elif name == "ATOMIC_GROUP":
            said += sample(value, times)
        elif name == "BRANCH":
            said += sample(value[1][0], times)
    return said


def member(options: list[Any]) -> str:
    """A character of a class."""
    if str(options[0][0]) == "NEGATE":
        return next(chr(code) for code in range(97, 10_000) if not any(holds(one, code) for one in options[1:]))
    kind, value = options[0]
    if str(kind) == "CATEGORY":
        return {"SPACE": " ", "DIGIT": "1", "WORD": "a"}.get(str(value).rsplit("_", 1)[-1], "-")
    return chr(value[0] if str(kind) == "RANGE" else value)


def holds(option: Any, code: int) -> bool:
    kind, value = str(option[0]), option[1]
    if kind == "RANGE":
        return bool(value[0] <= code <= value[1])
    if kind == "LITERAL":
        return bool(value == code)
    word, digit, space = (re.compile(what) for what in (r"\w", r"\d", r"\s"))
    known = {"WORD": word, "DIGIT": digit, "SPACE": space}[str(value).rsplit("_", 1)[-1]]
    return bool(known.match(chr(code))) != ("NOT" in str(value))


def repeated(parts: Iterable[Any]) -> Iterator[str]:
    """What may be repeated in a parsed pattern, once each."""
    for kind, value in parts:
        name = str(kind)
        if name.endswith("_REPEAT"):
            yield sample(value[2])
            yield from repeated(value[2])
        elif name == "SUBPATTERN":
            yield from repeated(value[-1])
        elif name == "ATOMIC_GROUP":
            yield from repeated(value)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from repeated(branch)


def attacks(pattern: re.Pattern[Any]) -> set[str]:
    """Short texts that are repeated to hold a pattern up: all but the end of what it matches, and all it repeats."""
    tree = parsed(pattern)
    once, thrice = sample(tree), sample(tree, 3)
    found = {once, once[:-1], once[: len(once) // 2], thrice[:-1], *repeated(tree), *_SIGNS}
    return {one for one in found if 0 < len(one) <= 400}


def seconds(case: Case, text: str) -> float:
    given: Any = text.encode() if isinstance(case.pattern.pattern, bytes) else text
    start = time.process_time()
    for _found in () if case.anchored else case.pattern.finditer(given):
        pass
    case.pattern.match(given)
    case.pattern.fullmatch(given)
    return time.process_time() - start


def growth(case: Case, attack: str) -> tuple[float, float]:
    """Seconds on a text and on one four times as long, both after what the pattern begins with."""
    begin = sample(parsed(case.pattern))
    begin = begin[: max(len(begin) // 2, 1)]
    sizes = (case.most // 4, case.most)
    short, long = (begin + attack * (size // len(attack)) + "\0" for size in sizes)
    return seconds(case, short), seconds(case, long)


@pytest.mark.parametrize("case", PATTERNS, ids=[case.name for case in PATTERNS])
def test_time_grows_in_proportion(case: Case) -> None:
    for attack in sorted(attacks(case.pattern)):
        short, long = growth(case, attack)
        if long > _ALONE and long > _MOST * short:
            short, long = (min(pair) for pair in zip(*(growth(case, attack) for _ in range(3)), strict=True))
            assert long <= _MOST * short + _ALONE, f"{attack[:60]!r} repeated: {short:.3f}, {long:.3f} s"


def test_the_program_has_many_patterns_and_a_slow_one_is_found() -> None:
    assert len(PATTERNS) > 150
    slow = Case("slow", re.compile(r"(\w+)\s*="), False)
    assert any(
        long > _MOST * short and long > _ALONE for short, long in (growth(slow, one) for one in attacks(slow.pattern))
    )
