"""The commands about single articles and their options; the work is done in `removing.py`."""

from __future__ import annotations

from typing import Annotated

import typer

article = typer.Typer(
    help=(
        "Take back what was published.\n\n"
        'Example: aggregator article hide c4g2q5v7x1 --reason "names a minor"'
    ),
    no_args_is_help=True,
)

Subjects = Annotated[
    list[str], typer.Argument(metavar="ID|URL…", help="Its id, guid, link, share link or page.")
]
Reason = Annotated[str, typer.Option(help="Why; it stands in the log.")]
Told = Annotated[bool, typer.Option("--tell", help="Tell readers the reason, too.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@article.command()
def hide(
    context: typer.Context,
    subjects: Subjects,
    reason: Reason,
    tell: Told = False,
    json: Json = False,
) -> None:
    """Take articles out of every feed, page and post.

    `show` undoes it. Readers of Atom are told that they are gone, and their pages answer 410. It
    is live within seconds, also while the daemon runs.

    Example: aggregator article hide c4g2q5v7x1 --reason "not confirmed"
    """
    from aggregator.cli.removing import Wish, act

    wish = Wish("hide", tuple(subjects), reason, tell)
    raise typer.Exit(act(context.obj, wish, as_json=json))


@article.command()
def show(
    context: typer.Context, subjects: Subjects, reason: Reason = "", json: Json = False
) -> None:
    """Show articles again that are hidden.

    Example: aggregator article show https://example.org/rumour
    """
    from aggregator.cli.removing import Wish, act

    wish = Wish("show", tuple(subjects), reason)
    raise typer.Exit(act(context.obj, wish, as_json=json))


@article.command()
def takedown(
    context: typer.Context,
    subjects: Subjects,
    reason: Reason,
    tell: Told = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Wipe articles for good; no source brings them back.

    Every feed replaces them under their guids, archives are written again, and the store keeps
    nothing of what they said. Backups and other people's copies are not touched.

    Example: aggregator article takedown c4g2q5v7x1 --reason "court order"
    """
    from aggregator.cli.removing import Wish, act

    wish = Wish("takedown", tuple(subjects), reason, tell, ask=not (yes or json))
    raise typer.Exit(act(context.obj, wish, as_json=json))


@article.command()
def log(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="[ID|URL]", help="One article's.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Lines at most.")] = 1000,
    json: Json = False,
) -> None:
    """Show who hid, showed or took down what, when and why.

    The newest stands first.

    Example: aggregator article log
    """
    from aggregator.cli.removing import show_log

    raise typer.Exit(show_log(context.obj, subject, limit, as_json=json))
