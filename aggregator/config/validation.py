"""What pydantic finds wrong with the values, said in the configuration's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.config import advice
from aggregator.config.faults import Fault, short, shown
from aggregator.config.positions import Keys
from aggregator.config.settings import Settings, Source

_NOT_SHOWN = frozenset(("headers", "url", "remote", "token", "to"))  # they may hold secrets

# pydantic's name of an error → what follows the value in our message.
_SENTENCES = {
    "string_type": "is not text; write it in quotes",
    "bool_type": "is neither true nor false; write it without quotes",
    "int_type": "is not a whole number; write it without quotes",
    "dict_type": "is not a table",
    "model_type": "is not a table",
    "model_attributes_type": "is not a table",
    "string_too_short": "is empty",
    "too_short": "is empty; name at least one",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


def validated(data: Mapping[str, Any], origins: Sequence[int], faults: list[Fault]) -> Settings:
    """Return *data* as Settings, or empty ones where something was appended to *faults*.

    *origins* holds, for each source of *data*, the number of the [[source]] that it was made of.
    """
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        faults += (_fault(detail, origins) for detail in error.errors(include_url=False))
        return Settings()


def faults_of_defaults(defaults: Any) -> Iterator[Fault]:
    """Yield what is wrong with [defaults] by itself, whether or not a source uses it."""
    if not isinstance(defaults, dict):
        yield Fault(
            ("defaults",), f"{shown(defaults)} is not a table; write [defaults]", code="E107"
        )
        return
    own = {"id", "for"} & defaults.keys()
    for key in own:
        yield Fault(
            ("defaults",), f'"{key}" has no default; give it in the [[source]]', key, "E111"
        )
    shared = {key: value for key, value in defaults.items() if key not in own}
    try:
        Source.model_validate({"id": "id", "url": "url", **shared})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield _fault({**detail, "loc": ("defaults", *detail["loc"])}, ())


def _fault(detail: ErrorDetails, origins: Sequence[int]) -> Fault:
    keys = _keys(detail["loc"], origins)
    if detail["type"] == "missing":
        key = str(keys[-1])
        meaning = advice.describe_key(keys[:-1], key)
        return Fault(
            keys[:-1], f'"{key}" is missing' + (f": {meaning}" if meaning else ""), key, "E106"
        )
    if detail["type"] == "extra_forbidden":
        key = str(keys[-1])
        what = "table" if _holds_keys(detail["input"]) else "key"
        message = f'unknown {what} "{short(key)}"'
        return Fault(keys[:-1], message + advice.for_key(key, keys[:-1]), key, "E105")
    value = "" if _NOT_SHOWN.intersection(keys) else shown(detail["input"])
    if detail["type"] == "value_error" and isinstance(detail["input"], dict):
        value = ""  # the fault is in the table as a whole
    return Fault(keys, f"{value} {_complaint(detail, keys)}".lstrip(), code=_code(detail))


def _code(detail: ErrorDetails) -> str:
    return "E107" if detail["type"].endswith(("_type", "_parsing", "_attributes_type")) else "E108"


def _holds_keys(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )


def _keys(loc: tuple[int | str, ...], origins: Sequence[int]) -> Keys:
    """Return where the value stands in the file; pydantic marks a bad key by a last "[key]"."""
    keys: Keys = loc[:-1] if loc[-1] == "[key]" else loc
    if keys[0] == "source" and len(keys) > 1:
        return ("source", origins[int(keys[1])], *keys[2:])
    return keys


def _complaint(detail: ErrorDetails, keys: Keys) -> str:
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "value_error":
        advised = advice.for_zone(_text(detail["input"])) if keys[-1] == "timezone" else ""
        return f"{context['error']}{advised}"
    if detail["type"] == "literal_error":
        return _not_among(_text(detail["input"]), re.findall("'([^']*)'", context["expected"]))
    if detail["type"] == "tuple_type":
        return _not_a_list(detail["input"], keys)
    sentence = _SENTENCES.get(detail["type"])
    return sentence.format_map(context) if sentence else detail["msg"].lower()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _not_among(value: str, choices: Sequence[str]) -> str:
    if not choices:
        return "can only be true; leave it out otherwise"
    listed = ", ".join(f'"{choice}"' for choice in choices)
    return f"is not one of {listed}{advice.did_you_mean(value, choices)}"


def _not_a_list(value: Any, keys: Keys) -> str:
    if keys[-1] in ("source", "rule", "feed"):
        name = ".".join(key for key in keys if isinstance(key, str))
        return f"is not a list of tables; write [[{name}]], with two brackets"
    return f"is not a list; write [{shown(value)}]" if isinstance(value, str) else "is not a list"
