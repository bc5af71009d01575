"""Where the published folder is copied to: the table [publish.git]."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from aggregator import template
from aggregator.config.table import Table
from aggregator.config.values import Duration, Means, Switch, Template

_WITH_SECRET = re.compile(r"https?://[^/@]*@|[^/@]*://[^/@:]*:[^/@]*@", re.IGNORECASE)
_BRANCH = re.compile(r"(?!.*(?:\.\.|//|/\.|\.lock(?:/|$)))[A-Za-z0-9_][A-Za-z0-9._/-]*(?<![./])")
_FOLDER = re.compile(r"(?:(?!\.)[^/\\\x00-\x1f]+(?:/(?!\.)[^/\\\x00-\x1f]+)*)?")
_AUTHOR = re.compile(r"[^<>\x00-\x1f]*[^<>\s\x00-\x1f] <[^<>\s]+>")
MESSAGE_FIELDS = frozenset(("changed", "date"))


def _remote(value: str) -> str:
    if not value or value.startswith("-") or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise ValueError(
            'is not a repository; write "https://host/path.git", "git@host:path" or a path'
        )
    if _WITH_SECRET.match(value):
        raise ValueError(
            'holds a user or password; write user = "…" and token = "env:NAME" instead'
        )
    return value


def _branch(value: str) -> str:
    if not _BRANCH.fullmatch(value):
        raise ValueError('is not a branch; write "main" or "gh-pages"')
    return value


def _folder(value: str) -> str:
    if not _FOLDER.fullmatch(value):
        raise ValueError('is not a folder of the branch; write "docs" or "site/feeds"')
    return value


def _author(value: str) -> str:
    if not _AUTHOR.fullmatch(value):
        raise ValueError('is not an author; write "Name <mail@example.org>"')
    return value


def _message(value: str) -> str:
    if unknown := template.names(value) - MESSAGE_FIELDS:
        raise ValueError(f"mentions {{{min(unknown)}}}; there are {{changed}} and {{date}}")
    if not value.strip():
        raise ValueError("is empty")
    return value


class Mirror(Table):
    """A branch of a git repository that the published folder is pushed to after a publication."""

    remote: Annotated[str, AfterValidator(_remote), Means("address or path")] = Field(
        description="the repository; it holds no password"
    )
    branch: Annotated[str, AfterValidator(_branch), Means("name")] = Field(
        "gh-pages", description="made where there is none"
    )
    folder: Annotated[str, AfterValidator(_folder), Means("path in the branch")] = Field(
        "", description="where in the branch; what else is in it stays"
    )
    message: Annotated[Template, AfterValidator(_message)] = Field(
        "Publish {changed} documents", description="of a commit; `{date}` is the time of it"
    )
    author: Annotated[str, AfterValidator(_author), Means("name and address")] = Field(
        "aggregator <aggregator@localhost>", description="of a commit"
    )
    user: str = Field("x-access-token", min_length=1, description="who the token is of")
    token: SecretStr | None = Field(
        None,
        min_length=1,
        description='"env:NAME" or "file:PATH", for https; absent: git asks its own helpers',
    )
    squash: Switch = Field(
        False, description="keep no history: the branch is one commit, replaced each time"
    )
    every: Duration = Field(timedelta(minutes=1), description="at most one push in this time")
    timeout: Duration = Field(timedelta(minutes=5), description="of one push")
