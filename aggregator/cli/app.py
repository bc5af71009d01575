"""The commands and their options; what they do stands in the modules beside this one."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli import speech
from aggregator.cli.article import article
from aggregator.cli.completing import Shell, source_ids
from aggregator.cli.composition import Invocation, log_to_stderr
from aggregator.cli.exporting import exporting
from aggregator.cli.importing import importing

app = typer.Typer(
    help=(
        "Pull articles from any source on a schedule, keep them, publish them with credit.\n\n"
        "Example: aggregator --config config.toml check"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,  # that is the command `completion`
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(importing, name="import")
app.add_typer(article, name="article")
app.add_typer(exporting, name="export")

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
NoPublish = Annotated[bool, typer.Option("--no-publish", help="Only store; publish nothing.")]


def _version(wanted: bool) -> None:
    if wanted:
        from aggregator import __version__

        typer.echo(f"aggregator {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option(help="The configuration.", envvar="AGGREGATOR_CONFIG")
    ] = Path("config.toml"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no log.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every step.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read what stands before the command."""
    speech.choose(sys.argv)
    context.obj = Invocation(config, quiet)
    log_to_stderr(logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING)


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="Where to put it.")] = Path(),
) -> None:
    """Write a commented config.toml to start from; never overwrites.

    Example: aggregator init mysite
    """
    from aggregator.cli.setting_up import write_config

    write_config(directory)


@app.command()
def check(
    context: typer.Context,
    net: Annotated[bool, typer.Option("--net", help="Ask every source, too.")] = False,
    json: Json = False,
) -> None:
    """Check the configuration and say what it means.

    Example: aggregator check --net
    """
    from aggregator.cli.setting_up import check_config

    raise typer.Exit(check_config(context.obj, net=net, as_json=json))


@app.command()
def plan(
    context: typer.Context,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 where something would be withdrawn.")
    ] = False,
    json: Json = False,
) -> None:
    """Say what the configuration would change; write nothing.

    Sources that come, go or are made anew, documents that are written, removed or moved, articles
    that leave. It works beside the daemon.

    Example: aggregator plan --exit-code
    """
    from aggregator.cli.planning import Wish, plan

    raise typer.Exit(plan(context.obj, Wish(json, exit_code)))


@app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A site, a page of it, or its feed.")],
    id_: Annotated[str, typer.Option("--id", help="Its id; else made of its title.")] = "",
    category: Annotated[str, typer.Option(help="Its category; else its id.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was found.")] = False,
    json: Json = False,
) -> None:
    """Find the feed of a site, test it, add it to the configuration.

    Example: aggregator add https://www.nasa.gov --category science
    """
    from aggregator.cli.adding import add_source
    from aggregator.cli.finding import Wish

    wish = Wish(url, id_, category, ask=not yes, write=not dry_run)
    raise typer.Exit(add_source(context.obj, wish, as_json=json))


@app.command()
def preview(
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE|URL|FILE…", help="What to look at.", autocompletion=source_ids
        ),
    ],
    kind: Annotated[str, typer.Option(help="What stands at a URL or in a FILE.")] = "feed",
    base: Annotated[str, typer.Option(help="The address a FILE came from.")] = "",
    content_type: Annotated[str, typer.Option(help="The Content-Type a FILE came with.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Entries at most; 0 is all.")] = 0,
    json: Json = False,
) -> None:
    """Fetch and parse, show what would be taken in, store nothing.

    Example: aggregator preview https://www.nasa.gov/feed/ --limit 3
    """
    from aggregator.cli.preview import Look, preview_all

    look = Look(kind, base, content_type, limit)
    raise typer.Exit(preview_all(context.obj, sources, look, as_json=json))


@app.command()
def refresh(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]…", help="Ids; else those due.", autocompletion=source_ids),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All, due or not.")] = False,
    no_publish: NoPublish = False,
    json: Json = False,
) -> None:
    """Ask the sources that are due, store and publish what is new.

    Example: aggregator refresh --all
    """
    from aggregator.cli.working import Wanted, refresh_once

    wanted = Wanted(tuple(sources or ()), everything, publish=not no_publish)
    raise typer.Exit(refresh_once(context.obj, wanted, as_json=json))


@app.command()
def publish(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Render everything anew and repair.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    json: Json = False,
) -> None:
    """Write the documents that changed.

    Example: aggregator publish --all
    """
    from aggregator.cli.working import publish_once

    raise typer.Exit(
        publish_once(context.obj, everything=everything, dry_run=dry_run, as_json=json)
    )


@app.command()
def run(context: typer.Context) -> None:
    """Run the daemon: refresh on schedule, publish, serve.

    It ends at SIGTERM or Ctrl-C, and reads a saved config.toml at once.

    Example: aggregator run
    """
    from aggregator.cli.running import run_daemon

    raise typer.Exit(run_daemon(context.obj))


@app.command()
def serve(context: typer.Context) -> None:
    """Serve what is published, and nothing else.

    Example: aggregator serve
    """
    from aggregator.cli.running import run_server

    raise typer.Exit(run_server(context.obj))


@app.command()
def status(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="One source, in depth.")] = "",
    json: Json = False,
) -> None:
    """Show how every source is doing, worst first; or one in depth.

    Example: aggregator status
    """
    from aggregator.cli.status import show_status

    raise typer.Exit(show_status(context.obj, source, as_json=json))


@app.command()
def notify(context: typer.Context, json: Json = False) -> None:
    """Send a test to every address of [notify], say who took it.

    Example: aggregator notify
    """
    from aggregator.cli.notifying import send_tests

    raise typer.Exit(send_tests(context.obj, as_json=json))


@app.command()
def search(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(help="Words that must all occur; their beginnings will do.")
    ],
    limit: Annotated[int, typer.Option(min=1, help="Articles at most.")] = 20,
    json: Json = False,
) -> None:
    """Find articles by the words in them.

    Example: aggregator search "interest rates"
    """
    from aggregator.cli.asking import search_articles

    raise typer.Exit(search_articles(context.obj, query, limit, as_json=json))


@app.command()
def explain(
    context: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="ID|URL|CODE", help="An article's id, guid, link or page; or an error's code."
        ),
    ],
    json: Json = False,
) -> None:
    """Show the history of an article, or what an error code means.

    Where it is from, why it has this link, what changed, where it stands; of a code, what to do.

    Example: aggregator explain https://www.bbc.co.uk/news/c4g2q5v7x1yo

    Example: aggregator explain E203
    """
    from aggregator.cli.explaining import explain_article

    raise typer.Exit(explain_article(context.obj, subject, as_json=json))


@app.command()
def diff(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="ID|URL", help="An article.")],
    versions: Annotated[
        list[int] | None,
        typer.Argument(metavar="[REV [REV]]", help="Versions, as `explain` numbers them."),
    ] = None,
    json: Json = False,
) -> None:
    """Show what an edit of an article changed, word by word.

    Its last edit; or everything since a version, or between two.

    Example: aggregator diff c4g2q5v7x1
    """
    from aggregator.cli.diffing import diff_article

    raise typer.Exit(diff_article(context.obj, subject, versions or [], as_json=json))


@app.command()
def release(
    context: typer.Context,
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE…", help="Ids.", autocompletion=source_ids)
    ],
    drop: Annotated[bool, typer.Option("--drop", help="Leave all as it is, for good.")] = False,
    json: Json = False,
) -> None:
    """Do what is held because it looks like an accident.

    `status` says where something is. New articles that look like old ones under new ids are
    published, and old ones that the source took back all at once are hidden.

    Example: aggregator release bbc-world
    """
    from aggregator.cli.working import release_held

    raise typer.Exit(release_held(context.obj, sources, drop=drop, as_json=json))


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where the copy is to stand.")],
    json: Json = False,
) -> None:
    """Copy the store, also while the daemon runs.

    Example: aggregator backup /mnt/backup/aggregator.db
    """
    from aggregator.cli.keeping import back_up_store

    raise typer.Exit(back_up_store(context.obj, file, as_json=json))


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A copy that `backup` or the daemon made.")],
    json: Json = False,
) -> None:
    """Put a copy in the place of the store.

    What was there is kept beside it.

    Example: aggregator restore aggregator.db.backups/2026-11-22.db
    """
    from aggregator.cli.keeping import restore_store

    raise typer.Exit(restore_store(context.obj, file, as_json=json))


@app.command()
def doctor(
    context: typer.Context,
    net: Annotated[bool, typer.Option("--net", help="Ask every source, too.")] = False,
    json: Json = False,
) -> None:
    """Examine store, files, backups, disk, clock; say what to do.

    Example: aggregator doctor --net
    """
    from aggregator.cli.doctor import examine

    raise typer.Exit(examine(context.obj, net=net, as_json=json))


@app.command()
def systemd(
    context: typer.Context,
    user: Annotated[str, typer.Option(help="Who it runs as; else you.")] = "",
) -> None:
    """Print a systemd unit that runs the daemon.

    It is shut in as far as its paths allow.

    Example: aggregator systemd --user news > aggregator.service
    """
    from aggregator.cli.systemd import print_unit

    raise typer.Exit(print_unit(context.obj, user))


@app.command()
def demo(
    seconds: Annotated[
        float | None, typer.Option(min=0, help="End by itself after so long.", show_default=False)
    ] = None,
    browse: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
    config: Annotated[bool, typer.Option("--config", help="Only print what it runs.")] = False,
) -> None:
    """Show it all at work on this machine, without a network.

    Ten made-up papers, the daemon, the site: a tour of 20 s, and the site stays up until Ctrl-C.
    Nothing is left behind.

    Example: aggregator demo --config
    """
    from aggregator.cli.demo import print_config, run_demo

    raise typer.Exit(print_config() if config else run_demo(seconds=seconds, browse=browse))


@app.command()
def completion(
    shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")],
) -> None:
    """Print a script that completes commands, options and sources.

    For bash put `source <(aggregator completion bash)` into ~/.bashrc; for zsh the script goes into
    a folder of $fpath as _aggregator, for fish into ~/.config/fish/completions/aggregator.fish.

    Example: aggregator completion bash
    """
    from aggregator.cli.completing import print_completion

    raise typer.Exit(print_completion(shell))


@app.command()
def man() -> None:
    """Print the man page, which is installed with the program too.

    Example: aggregator man > aggregator.1
    """
    from aggregator.cli.man import man_page
    from aggregator.cli.terminal import print_line

    print_line(man_page().rstrip("\n"))


@app.command()
def version(json: Json = False) -> None:
    """Print the versions of the program and of what it runs on.

    Example: aggregator version --json
    """
    from aggregator.cli.about import print_version

    raise typer.Exit(print_version(as_json=json))
