"""XPath expressions, as other programs select with, → CSS selectors of ours. Pure.

What CSS can say is translated: steps down, names, attributes, places. Everything else (ancestors,
functions of text, conditions with `or`) is refused, never guessed.
"""

from __future__ import annotations

import re

_WRAPPED = re.compile(r"(?:normalize-space|string)\(\s*(.+?)\s*\)")
_STEP = re.compile(
    r"(?P<axis>\.?//|/|^)?(?P<named>(?:child|descendant|descendant-or-self)::)?"
    r"(?P<name>\*|[A-Za-z][\w-]*)(?P<conditions>(?:\[(?:[^\[\]\"']|\"[^\"]*\"|'[^']*')*\])*)"
)
_CONDITION = re.compile(r"\[((?:[^\[\]\"']|\"[^\"]*\"|'[^']*')*)\]")
_LAST = re.compile(r"(?P<slashes>//|/|^)(?:(?:attribute::|@)(?P<name>[\w:-]+)|text\(\))$")
_TEXT = r"(?:\"([^\"]*)\"|'([^']*)')"
_CONDITIONS = (
    (re.compile(r"(\d+)"), ":nth-of-type({0})"),
    (re.compile(r"position\(\)\s*=\s*(\d+)"), ":nth-of-type({0})"),
    (re.compile(r"last\(\)"), ":last-of-type"),
    (re.compile(r"@([\w-]+)"), "[{0}]"),
    (re.compile(r"string-length\(@([\w-]+)\)\s*>\s*0"), '[{0}]:not([{0}=""])'),
    (re.compile(rf"@([\w-]+)\s*=\s*{_TEXT}"), '[{0}="{1}"]'),
    (re.compile(rf"contains\(@([\w-]+),\s*{_TEXT}\)"), '[{0}*="{1}"]'),
    (re.compile(rf"starts-with\(@([\w-]+),\s*{_TEXT}\)"), '[{0}^="{1}"]'),
    (
        re.compile(
            r"contains\(concat\([\"'] [\"'],\s*(?:normalize-space\()?@([\w-]+)\)?,\s*[\"'] [\"']\),"
            rf"\s*{_TEXT}\)"
        ),
        '[{0}~="{1}"]',
    ),
)


def to_css(expression: str) -> str:
    """Return the selector that selects what *expression* does, "" where there is none.

    An expression that begins at the row (`.//a`, `a/@href`) becomes one that begins at `:scope`.
    """
    if "|" in expression:
        parts = [to_css(part) for part in expression.split("|")]
        return ", ".join(parts) if all(parts) and not any("@" in part for part in parts) else ""
    path = expression.strip()
    if wrapped := _WRAPPED.fullmatch(path):
        path = wrapped[1]
    attribute = ""
    if last := _LAST.search(path):
        path, attribute = path[: last.start()], f"@{last['name']}" if last["name"] else ""
    if not (path or attribute):
        return ""
    if path in ("", ".", "./", "descendant-or-self::*", "self::*"):
        return attribute or ":scope"
    css = _steps(path)
    return f"{css}{attribute}" if css else ""


def _steps(path: str) -> str:
    """Return the steps of *path*, "" where one of them is none that CSS has."""
    absolute = path.startswith("/")
    css, at = ("" if absolute else ":scope"), 0
    path = path.removeprefix(".") if path.startswith("./") else path
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or (at and not step["axis"]):
            return ""
        conditions = [_condition(one) for one in _CONDITION.findall(step["conditions"])]
        if not all(conditions):
            return ""
        below = step["axis"] == "//" or (step["named"] or "").startswith("descendant")
        joint = " " if below else " > "
        name = "" if step["name"] == "*" and conditions else step["name"]
        css += f"{joint if css else ''}{name}{''.join(conditions)}"
        at = step.end()
    return css.replace(":scope ", "", 1) if not css.startswith(":scope >") else css


def _condition(text: str) -> str:
    """Return a condition in CSS, "" where CSS has none such."""
    parts = [_single(part.strip()) for part in re.split(r"\s+and\s+", text.strip())]
    return "".join(parts) if all(parts) else ""


def _single(text: str) -> str:
    for form, css in _CONDITIONS:
        if found := form.fullmatch(text):
            values = [value.strip() for value in found.groups() if value is not None]
            return "" if any('"' in value for value in values) else css.format(*values)
    return ""
