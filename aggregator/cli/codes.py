"""What the codes mean that stand at the end of errors: for `explain` and for docs/errors.md."""

from __future__ import annotations

import re

from aggregator.cli.speech import ENGLISH, say, spoken
from aggregator.cli.terminal import print_json, print_line, wrapped
from aggregator.errors import AggregatorError
from aggregator.meanings import Meaning, meanings

_CODE = re.compile(r"\[?([EW]\d{3})\]?", re.IGNORECASE)
_PARTS = {
    "E1": "The configuration",
    "E2": "Fetching",
    "E3": "Reading what came",
    "E4": "The store, and who works on it",
    "E5": "Publishing",
    "E6": "Serving",
    "E9": "The program itself",
    "W1": "What `aggregator check` warns of",
}
_HEAD = """# Errors, by their codes

Each error ends in its code: `… does not resolve; check its spelling [E204]`, in the log, on the
terminal, in `aggregator status` and on the status page; with `--json` it stands by itself under
`code`. A code never changes its meaning. `aggregator explain E204` says on the terminal what stands
here.
"""


def code_in(subject: str) -> str:
    """Return the code that *subject* is, "" where it is none."""
    match = _CODE.fullmatch(subject.strip())
    return match[1].upper() if match else ""


def explain_code(code: str, *, as_json: bool) -> int:
    """Print what *code* means, why it happens and what to do; raise AggregatorError for no code.

    With JSON `{"code", "title", "means", "why", "do"}`, in English.
    """
    known = meanings(ENGLISH if as_json else spoken())
    if code not in known:
        raise AggregatorError(
            f"there is no code {code}; docs/errors.md lists them all", code="E421"
        )
    meaning = known[code]
    if as_json:
        print_json({"code": code, **meaning._asdict()})
        return 0
    print_line(f"{code}: {meaning.title}")
    why, advice = say("why: {words}", words=meaning.why), say("to do: {words}", words=meaning.do)
    for paragraph in (meaning.means, why, advice):
        print_line("")
        for line in wrapped(paragraph):
            print_line(f"  {line}")
    return 0


def reference() -> str:
    """Return docs/errors.md."""
    known = meanings()
    return _HEAD + "".join(
        f"\n## {title}\n"
        + "".join(_section(code, known[code]) for code in known if code[:2] == part)
        for part, title in _PARTS.items()
    )


def _section(code: str, meaning: Meaning) -> str:
    return (
        f"\n### {code}: {meaning.title}\n\n{meaning.means}\n\n"
        f"- Why: {meaning.why}\n- What to do: {meaning.do}\n"
    )
