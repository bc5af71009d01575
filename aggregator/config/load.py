"""From the text of a config.toml to Settings, or to every fault in it at once.

    file ─► document ─► expand ─► resolve ─► crosscheck ─► validated ─► Settings
            TOML        defaults,  paths,     between       each value
                        for        secrets    the tables

What the room may not import it is given: the table of kinds and the names of the formats.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from aggregator.config.crosscheck import crosscheck
from aggregator.config.document import Document, read
from aggregator.config.expand import expand
from aggregator.config.expressions import as_source
from aggregator.config.faults import Fault, Kind, problems
from aggregator.config.resolve import resolved, with_absolute_paths, with_secrets
from aggregator.config.settings import Settings
from aggregator.config.validation import faults_of_defaults, validated
from aggregator.errors import ConfigError


def load(path: Path, kinds: Mapping[str, Kind], formats: Collection[str]) -> Settings:
    """Return the settings in the file at *path*, its paths made absolute, its secrets resolved.

    Raises ConfigError with every fault, in the order of the file.
    """
    return understood(read(path), kinds, formats)


def understood(document: Document, kinds: Mapping[str, Kind], formats: Collection[str]) -> Settings:
    """Return the settings that stand in *document*; raises ConfigError as `load` does."""
    faults: list[Fault] = []
    drafts = expand(document.data, kinds, faults)
    faults += crosscheck(document, drafts, kinds, formats)
    data = {key: value for key, value in document.data.items() if key != "defaults"}
    if isinstance(data.get("source"), list):
        data["source"] = [
            as_source(draft, resolved(draft, document.folder, kinds, faults), kinds, faults)
            for draft in drafts
        ]
    data = with_secrets(data, document.folder, faults)
    settings = validated(data, [draft.origin for draft in drafts], faults)
    faults += faults_of_defaults(document.data.get("defaults", {}))
    if faults:
        raise ConfigError(problems(document, faults))
    return with_absolute_paths(settings, document.folder)
