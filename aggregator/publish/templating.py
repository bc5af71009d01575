"""The templates of pages and posts, and the files beside them: ours, or the operator's instead.

    [publish] templates = "DIR" ─► a file there named like one of ours replaces it
                                └► a faulty one is refused when it is read, with file and line

One of theirs reaches the one it replaces as "ours/NAME", so that it can extend it and change one
block. A template of the operator's that is sound but fails with some article (it names what is not
there) is logged, and ours stands in for that page: a slip on a page never costs a feed.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from aggregator.config.settings import Publish
from aggregator.errors import ConfigError, Problem, coded
from aggregator.publish import front_matter

if TYPE_CHECKING:
    from jinja2 import Environment

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "templates"
POST = "post.md.jinja"
_TEMPLATE = ".jinja"
_OURS = "ours/"  # in front of a name: the shipped one, also where there is another


class Own(NamedTuple):
    """A file of the operator's."""

    path: Path
    data: bytes


class Templates:
    """Every template and every other file of the site by its name, with *own* ones first."""

    def __init__(self, own: Mapping[str, Own] | None = None) -> None:
        """Compile *own*; raises ConfigError with every one that is no template."""
        self._own = own or {}
        self._reported: set[str] = set()
        if not self._own:
            return  # nothing is rendered yet, and Jinja is slow to import
        self._environment = _environment(self._own)
        if problems := list(_problems(self._environment, self._own)):
            raise ConfigError(problems)

    def is_ours(self, name: str) -> bool:
        """Say whether no template of the operator's has a part in what *name* makes."""
        return name not in self._own if name == POST else self._own.keys() <= {POST}

    @property
    def faults(self) -> tuple[str, ...]:
        """What went wrong so far with templates of the operator's, each fault once."""
        return tuple(sorted(self._reported))

    @property
    def digest(self) -> str:
        """A hash of everything that pages are made with, to tell when they have to be made anew."""
        files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
        files |= {name: own.data for name, own in self._own.items()}
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(f"{name} {len(files[name])} ".encode() + files[name])
        return digest.hexdigest()

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Return what the template makes of *values*; ours stands in where the operator's fails."""
        if not self._own:
            return _ours().get_template(name).render(values)
        try:
            return self._environment.get_template(name).render(values)
        except _faults() as error:
            if not (fault := self._place(error)):
                raise
        if fault not in self._reported:
            self._reported.add(fault)
            log.error(coded(f"{fault}; ours is used instead", "E503"))
        return _ours().get_template(name).render(values)

    def file(self, name: str) -> bytes:
        """Return what is no template, such as the stylesheet."""
        own = self._own.get(name)
        return own.data if own else (FOLDER / name).read_bytes()

    def _place(self, error: Exception) -> str:
        """Say where in the operator's templates *error* arose, and what it is; "" if elsewhere."""
        paths = {str(own.path) for own in self._own.values()}
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in paths:
                return f"{frame.filename}:{frame.lineno}: {str(error) or type(error).__name__}"
        return ""


def load(publish: Publish) -> Templates:
    """Return the templates that these settings ask for.

    Raises ConfigError with every file that cannot be read or is no template.
    """
    paths = {} if publish.templates is None else _found(publish.templates)
    if publish.jekyll.template is not None:
        paths[POST] = publish.jekyll.template
    own, problems = {}, []
    for name, path in paths.items():
        try:
            own[name] = Own(path, path.read_bytes())
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            problems.append(Problem(str(path), 1, 1, f"cannot be read: {reason}", "E110"))
    if problems:
        raise ConfigError(problems)
    return Templates(own)


@cache
def shipped() -> Templates:
    """Return our own templates."""
    return Templates()


def _found(folder: Path) -> dict[str, Path]:
    """Return by name what in *folder* is a template, or replaces one of our other files."""
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        problem = Problem(str(folder), 1, 1, f"cannot be read: {reason}", "E110")
        raise ConfigError([problem]) from error
    return {
        path.name: path
        for path in files
        if path.suffix == _TEMPLATE or (FOLDER / path.name).is_file()
    }


def _problems(environment: Environment, own: Mapping[str, Own]) -> Iterator[Problem]:
    """Yield what is wrong with each of the operator's templates before anything is rendered."""
    import jinja2
    from jinja2 import meta

    for name, (path, data) in own.items():
        if not name.endswith(_TEMPLATE):
            continue
        try:
            for other in meta.find_referenced_templates(environment.parse(data.decode())):
                if other is not None and other not in own and _shipped_text(other) is None:
                    words = f'takes in "{other}", which is neither there nor one of ours'
                    yield Problem(str(path), 1, 1, words, "E119")
            environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            words = error.message or "is no template"
            yield Problem(str(path), error.lineno, 1, words, "E119")
        except UnicodeDecodeError:
            yield Problem(str(path), 1, 1, "is not UTF-8", "E119")


@cache
def _ours() -> Environment:
    return _environment({})


def _environment(own: Mapping[str, Own]) -> Environment:
    """Return the Jinja environment; it escapes in every template, whatever the file is called."""
    import jinja2

    def source(name: str) -> tuple[str, str, None] | None:
        if name in own:
            return own[name].data.decode(), str(own[name].path), None
        text = _shipped_text(name)
        return None if text is None else (text, str(FOLDER / name.removeprefix(_OURS)), None)

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # YAML, in which nothing is to be escaped as in HTML
    environment.filters["yaml"] = lambda text: Markup(front_matter.quoted(text))  # noqa: S704
    return environment


def _shipped_text(name: str) -> str | None:
    path = FOLDER / name.removeprefix(_OURS)
    return path.read_text(encoding="utf-8") if path.is_file() else None


@cache
def _faults() -> tuple[type[Exception], ...]:
    """Return what a template can raise that is not ours."""
    import jinja2

    wrong = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
    return (jinja2.TemplateError, *wrong)
