"""The commands of `aggregator import`; what they do stands in the from_*.py beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

importing = typer.Typer(
    help="Move in.\n\nExample: aggregator import opml subscriptions.opml", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
NoPublish = Annotated[bool, typer.Option("--no-publish", help="Only store; publish nothing.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what is new.")]


@importing.command("opml")
def import_opml(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What another reader exported.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Add the feeds of an OPML file; folders become categories.

    Example: aggregator import opml subscriptions.opml
    """
    from aggregator.cli import from_opml
    from aggregator.cli.moving_in import Wish

    raise typer.Exit(from_opml.import_opml(context.obj, file, Wish(str(file), dry_run, json)))


@importing.command("miniflux")
def import_miniflux(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="Its OPML or list of feeds, or itself.")
    ],
    token: Annotated[
        str, typer.Option(help='Its API token, as "env:NAME" or "file:PATH".')
    ] = "env:MINIFLUX_TOKEN",  # noqa: S107 - where it is, not what
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Add feeds of miniflux, with categories, filters, full text.

    `aggregator import miniflux https://reader.example.org` asks it itself, for /v1/feeds.

    Example: aggregator import miniflux miniflux.json
    """
    from aggregator.cli import from_miniflux
    from aggregator.cli.moving_in import Wish

    miniflux = from_miniflux.Miniflux(place, token)
    wish = Wish(place, dry_run, json)
    raise typer.Exit(from_miniflux.import_miniflux(context.obj, miniflux, wish))


@importing.command("freshrss")
def import_freshrss(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The OPML that FreshRSS exported.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Add feeds of FreshRSS, with filters and pages that it scrapes.

    Example: aggregator import freshrss freshrss.opml
    """
    from aggregator.cli import from_freshrss
    from aggregator.cli.moving_in import Wish

    wish = Wish(str(file), dry_run, json)
    raise typer.Exit(from_freshrss.import_freshrss(context.obj, file, wish))


@importing.command("rss-bridge")
def import_rss_bridge(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="A bridge's address, or a file of such.")
    ],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Read the pages ourselves that RSS-Bridge reads by selectors.

    That is what CssSelector, CssSelectorComplex and XPath bridges do.

    Example: aggregator import rss-bridge bridges.txt
    """
    from aggregator.cli import from_rss_bridge
    from aggregator.cli.moving_in import Wish

    wish = Wish(place, dry_run, json)
    raise typer.Exit(from_rss_bridge.import_rss_bridge(context.obj, place, wish))


@importing.command("planet")
def import_planet(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The config.ini of Planet Venus, or Pluto's.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Add the feeds of a planet (Venus or Pluto).

    Example: aggregator import planet planet.ini
    """
    from aggregator.cli import from_planet
    from aggregator.cli.moving_in import Wish

    raise typer.Exit(from_planet.import_planet(context.obj, file, Wish(str(file), dry_run, json)))


@importing.command("jekyll")
def import_jekyll(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Posts, or a whole site.")],
    source: Annotated[str, typer.Option(help="The new source's id; else the folder's name.")] = "",
    no_publish: NoPublish = False,
    json: Json = False,
) -> None:
    """Take in a folder of Jekyll posts, all at once, as a source.

    Example: aggregator import jekyll ../oldsite/_posts --source oldsite
    """
    from aggregator.cli import from_jekyll

    archive = from_jekyll.Archive(directory, source, publish=not no_publish)
    raise typer.Exit(from_jekyll.import_jekyll(context.obj, archive, as_json=json))
