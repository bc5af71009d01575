"""The commands of `aggregator export`; what they do stands in the modules beside this one."""

from __future__ import annotations

import typer

exporting = typer.Typer(
    help="Move out.\n\nExample: aggregator export opml > sources.opml", no_args_is_help=True
)


@exporting.command()
def opml(context: typer.Context) -> None:
    """Print your sources as OPML, for any other reader.

    Example: aggregator export opml > sources.opml
    """
    from aggregator.cli.asking import export_opml

    raise typer.Exit(export_opml(context.obj))


@exporting.command()
def nginx(context: typer.Context) -> None:
    """Print a configuration for nginx that serves the folder.

    It answers as this program's own server would.

    Example: aggregator export nginx > /etc/nginx/conf.d/news.conf
    """
    from aggregator.cli.hosting import export_hosting
    from aggregator.serve.nginx import nginx as write

    raise typer.Exit(export_hosting(context.obj, write))


@exporting.command()
def caddy(context: typer.Context) -> None:
    """Print a configuration for Caddy that serves the folder.

    It answers as this program's own server would.

    Example: aggregator export caddy > /etc/caddy/news.caddy
    """
    from aggregator.cli.hosting import export_hosting
    from aggregator.serve.caddy import caddy as write

    raise typer.Exit(export_hosting(context.obj, write))
