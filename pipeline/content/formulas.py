r"""Formulas: MathML, KaTeX, MathJax and pictures of LaTeX, each as one string.

The LaTeX that the page gives is taken (an annotation, ``alttext``, the text of a picture, MathJax's script), else the
MathML is written as LaTeX (MathML Core, W3C 2025). What needs none, a name with an index or a power of ten, is
written as such names are in running text: ``Km``, ``10^6``. LaTeX stands between dollar signs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.content.superscripts import EXPONENT_SIGN
from pipeline.content.tags import Tags
from pipeline.markup.latex import NEEDED
from pipeline.markup.tokens import Token, start_tag, unescape

_SCRIPT_NEAR = 12  # tokens behind what MathJax 2 has rendered, among which its source is
LONGEST = 20_000  # characters of a formula's markup; a longer one keeps its text as it is
_DEEPEST = 60  # elements within one another
_TEX = re.compile(r"tex|latex", re.I)
_PICTURE = re.compile(r"mwe-math-fallback|\blatex\b|latex\.php|\btex\b|class=[\"']?math\b")
_STYLE = re.compile(r"\\(?:displaystyle|textstyle|scriptstyle)\b\s*")
_DELIMITERS = re.compile(r"\A\s*(?:\\\((.*)\\\)|\\\[(.*)\\\]|\$\$?(.*?)\$\$?)\s*\Z", re.S)
_LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩϵϕ",
        """alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi
        chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega epsilon phi""".split(),
        strict=True,
    )
)
_OPERATORS = {
    "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "∙": r"\cdot", "±": r"\pm", "∓": r"\mp", "÷": r"\div", "≤": r"\le",
    "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "∼": r"\sim", "≡": r"\equiv", "∝": r"\propto", "→": r"\to",
    "⟶": r"\longrightarrow", "←": r"\leftarrow", "⇌": r"\rightleftharpoons", "⇒": r"\Rightarrow", "∞": r"\infty",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∂": r"\partial", "∇": r"\nabla", "∈": r"\in", "∀": r"\forall",
    "∃": r"\exists", "∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "…": r"\ldots", "⋯": r"\cdots", "−": "-", "{": r"\{",
    "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "|": "|", "‖": r"\|", "′": "'", "\u2061": "", "\u2062": "",
    "\u2063": "", "\u2064": "",
}  # fmt: skip
_FUNCTIONS = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan exp log ln lim max min sup inf det dim ker gcd".split()
)
_ACCENTS = {
    "¯": "bar",
    "‾": "bar",
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "→": "vec",
    "˙": "dot",
    "¨": "ddot",
}
_LIMITS = (r"\sum", r"\prod", r"\int", r"\lim", r"\max", r"\min")
_NOTHING = frozenset(("annotation", "annotation-xml", "mphantom", "none", "mprescripts", "script", "style"))
_VOID = frozenset(("mspace", "mprescripts", "none", "malignmark", "maligngroup", "br", "img"))


def latex(said: str) -> str:
    r"""LaTeX between dollar signs, without its own delimiters and styles; bare where it needs no LaTeX.

    >>> latex(r"{\displaystyle CL={\frac {D}{AUC}}}"), latex("CL = D/A")
    ('$CL={\\frac {D}{AUC}}$', 'CL = D/A')
    """
    found = _DELIMITERS.match(said)
    text = " ".join(_STYLE.sub("", next(filter(None, found.groups()), "") if found else said).split())
    while text.startswith("{") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return f"${text}$" if NEEDED.search(text) else text


def of_markup(text: str, tokens: Sequence[Token]) -> str:
    """The one string of a formula, by the tokens of its element; empty if there is none in it."""
    if not tokens or tokens[-1].end - tokens[0].start > LONGEST:
        return ""
    for number, (kind, start, end, name) in enumerate(tokens):
        if kind == "start" and name in ("annotation", "math", "img"):
            given = start_tag(text[start:end])[1]
            if name == "annotation" and _TEX.search(given.get("encoding", "")):
                return latex(unescape(_text(text, tokens[number + 1 :], "annotation")))
            said = given.get("alttext" if name == "math" else "alt", "")
            if said.strip() and (name == "math" or not _has_math(tokens)):
                return latex(said)
        if kind == "raw" and name == "script" and _TEX.search(text[tokens[number - 1].start : start]):
            return latex(text[start:end])
    math = _tree(text, tokens)
    return _simple(math) or latex(_written(math)) if math else ""


def is_display(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a formula stands in a line of its own."""
    for kind, start, end, name in tokens:
        if kind == "start" and name in ("math", "span", "div", "img", "script"):
            tag = text[start:end]
            if re.search(r"""display=["']?block|katex-display|MathJax_Display|mode=display|image-display""", tag):
                return True
            if name == "math":
                return False
    return False


def _has_math(tokens: Sequence[Token]) -> bool:
    return any(token.name == "math" for token in tokens)


def _text(text: str, tokens: Sequence[Token], until: str) -> str:
    """The text up to an end tag."""
    parts = []
    for kind, start, end, name in tokens:
        if kind == "end" and name == until:
            break
        if kind == "text":
            parts.append(text[start:end])
    return "".join(parts)


def _closes(text: str) -> int:
    """Where the brace that opens a text closes."""
    depth = 0
    for at, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0) if text[at - 1 : at] != "\\" else 0
        if depth == 0:
            return at
    return -1


@dataclass(slots=True)
class _Node:
    """An element of MathML: its name, its attributes, its text or its children."""

    name: str
    given: dict[str, str] = field(default_factory=dict)
    said: str = ""
    inner: list[_Node] = field(default_factory=list)


def _tree(text: str, tokens: Sequence[Token]) -> _Node | None:
    """The tree of the ``math`` element among tokens; end tags that fit nothing are passed over."""
    root: _Node | None = None
    opened: list[_Node] = []
    for kind, start, end, name in tokens:
        if kind == "start" and (root is None) == (name == "math"):
            node = _Node(name, start_tag(text[start:end])[1])
            root = root or node
            if opened:
                opened[-1].inner.append(node)
            if name not in _VOID and not text.startswith("/>", end - 2) and len(opened) < _DEEPEST:
                opened.append(node)
        elif kind == "end" and any(node.name == name for node in opened):
            while opened.pop().name != name:
                pass
            if not opened:
                break
        elif kind == "text" and opened:
            opened[-1].said += unescape(text[start:end])
    return root


def _simple(node: _Node) -> str:
    """A formula of one name or number, with an index or a power at most; empty if it is more."""
    while node.name in ("math", "mrow", "mstyle", "semantics", "mpadded") and (inner := _shown(node)):
        if len(inner) > 1 and node.name != "semantics":
            return ""
        node = inner[0]
    if node.name in ("mi", "mn", "mtext"):
        return " ".join(node.said.split())
    if node.name in ("msub", "msup", "msubsup") and all(not one.inner for one in node.inner):
        said = ["".join(one.said.split()) for one in node.inner]
        if len(said) == 2 + (node.name == "msubsup") and all(said):
            power = EXPONENT_SIGN if said[0][-1].isdigit() and node.name == "msup" else ""
            return power.join(said)
    return ""


def _shown(node: _Node) -> list[_Node]:
    return [one for one in node.inner if one.name not in _NOTHING]


def _written(node: _Node) -> str:
    """MathML as LaTeX."""
    inner = [_written(one) for one in _shown(node)]
    first, second, third = (*inner, "", "", "")[:3]
    match node.name:
        case "mi":
            return _identifier("".join(node.said.split()))
        case "mn" | "ms":
            return "".join(node.said.split())
        case "mo":
            return "".join(map(_operator, node.said.strip()))
        case "mtext":
            said = " ".join(node.said.split())
            return rf"\text{{{said}}}" if said else " "
        case "mspace":
            return r"\, "
        case "mfrac":
            return rf"\frac{{{first}}}{{{second}}}"
        case "msqrt":
            return rf"\sqrt{{{''.join(inner)}}}"
        case "mroot":
            return rf"\sqrt[{second}]{{{first}}}"
        case "msup":
            return f"{_base(first)}^{{{second}}}"
        case "msub":
            return f"{_base(first)}_{{{second}}}"
        case "msubsup":
            return f"{_base(first)}_{{{second}}}^{{{third}}}"
        case "mover" | "munder" | "munderover":
            return _stacked(node, first, second, third)
        case "mfenced":
            parted = (node.given.get("separators", ",") or " ")[:1].join(inner)
            return rf"\left{node.given.get('open', '(') or '.'}{parted}\right{node.given.get('close', ')') or '.'}"
        case "mtable":
            lines = r" \\ ".join(inner)
            return rf"\begin{{matrix}}{lines}\end{{matrix}}"
        case "mtr" | "mlabeledtr":
            return " & ".join(inner)
        case _:
            return "".join(inner) or " ".join(node.said.split())


def _stacked(node: _Node, base: str, second: str, third: str) -> str:
    bare = base.strip()
    if node.name == "munderover":
        return f"{bare}_{{{second}}}^{{{third}}}"
    sign = "".join(_shown(node)[1].said.split()) if len(_shown(node)) > 1 else ""
    if node.name == "mover" and sign in _ACCENTS:
        return rf"\{_ACCENTS[sign]}{{{base}}}"
    if bare.startswith(_LIMITS):
        return f"{bare}{'^' if node.name == 'mover' else '_'}{{{second}}}"
    return rf"\{'overset' if node.name == 'mover' else 'underset'}{{{second}}}{{{base}}}"


def _base(said: str) -> str:
    """What an index or a power stands at: one sign, a command or a group."""
    said = said.strip()
    return (
        said if len(said) < 2 or re.fullmatch(r"\\[a-zA-Z]+|\\?[({].*[)}]|\d+|\\mathrm\{\w+\}", said) else f"{{{said}}}"
    )


def _operator(sign: str) -> str:
    written = _OPERATORS.get(sign, sign)
    return f"{written} " if written[:1] == "\\" and written[-1:].isalpha() else written


def _identifier(said: str) -> str:
    if said in _FUNCTIONS:
        return rf"\{said} "
    if len(said) == 1:
        return rf"\{_LETTERS[said]} " if said in _LETTERS else _OPERATORS.get(said, said)
    return rf"\mathrm{{{said}}}" if said else ""


class Found(NamedTuple):
    """A formula: what it says, the number of the token behind it, and whether it stands in a line of its own."""

    said: str
    until: int
    display: bool


def find(tags: Tags, number: int) -> Found | None:
    """The formula that an element holds, or that MathJax 2 made of the script behind it."""
    end = tags.end_of(number)
    if not end:
        return None
    inner = tags.tokens[number : end + 1]
    said = of_markup(tags.source, inner)
    script = next((n for n in range(end + 1, min(end + _SCRIPT_NEAR, len(tags.tokens))) if _is_script(tags, n)), 0)
    if script:
        raw = tags.tokens[script + 1]
        said, end = latex(tags.source[raw.start : raw.end]) or said, script + 2
    return Found(said, min(end + 1, len(tags.tokens)), is_display(tags.source, inner)) if said else None


def of_script(tags: Tags, number: int) -> Found | None:
    """The formula for MathJax in a script."""
    if not _is_script(tags, number):
        return None
    raw = tags.tokens[number + 1]
    said = latex(tags.source[raw.start : raw.end])
    return Found(said, min(number + 3, len(tags.tokens)), "mode=display" in tags.tag(number)) if said else None


def of_picture(tags: Tags, number: int) -> Found | None:
    """The formula in the text of a picture, if that is LaTeX."""
    tag = tags.tag(number)
    if "alt=" not in tag or ("math" not in tag and "tex" not in tag) or not _PICTURE.search(tag):
        return None
    said = of_markup(tags.source, [tags.tokens[number]])
    return Found(said, number + 1, "image-display" in tag) if said else None


def _is_script(tags: Tags, number: int) -> bool:
    token = tags.tokens[number]
    is_script = token.kind == "start" and token.name == "script" and number + 1 < len(tags.tokens)
    return is_script and tags.tokens[number + 1].kind == "raw" and "math/" in tags.tag(number)
