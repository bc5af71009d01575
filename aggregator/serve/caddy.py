"""The site for Caddy: `aggregator export caddy`.

request ─► the file, or the folder's index.html ─► 200 | 304
             └► missing: taken down ─► 410 · a former name, a guess ─► 301 · nothing ─► 404
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aggregator.model import GONE
from aggregator.serve import headers
from aggregator.serve.documents import MISSING_MAX_AGE, WELL_KNOWN
from aggregator.serve.hosting import BELOW, CHANNEL, Hosting, Text
from aggregator.share import FOLDER, VALUE

# Within `route`, directives act in the order in which they stand; elsewhere Caddy sorts them.
_SITE = Text("""\
# Written by `aggregator export caddy`: import it into your Caddyfile and reload Caddy.
# `static = true` in [publish] writes the compressed copies that it sends as they are.
%addresses {
	root * "%folder"
%maps
	route {
%prefix%headers
		@page path */ *.html%share_paths
		header @page Content-Security-Policy "%page"
%types
%links

		@hidden {
			path /%gone/* /%share/* */.*
			not path /.well-known/*
		}
		error @hidden 404
%shares
		@outline {
			path /.well-known/feeds
			not file
		}
		rewrite @outline /feeds.opml

		@gone {
			not file {path} {path}/index.html
			file /%gone{path}
		}
		error @gone 410

		@folder {
			not path */
			file {path}/index.html
		}
%redirects

		file_server {
			index index.html
			precompressed br zstd gzip
		}
	}

	handle_errors {
%error_headers
		header Content-Type "text/html; charset=utf-8"
		@gone expression {http.error.status_code} == 410
		rewrite @gone /%gone{http.request.uri.path}
		@missing expression {http.error.status_code} == 404
		rewrite @missing /404.html
		file_server
	}
}
""")
_HEADERS = """\
		header {{
			Cache-Control "{caching}"
			Content-Security-Policy "{policy}"
			Referrer-Policy no-referrer
			Vary Accept-Encoding
			X-Content-Type-Options nosniff
		}}
		header -Server"""
_REDIRECT = """\

		@{name} {{
			not file {{path}} {{path}}/index.html
			{condition}
		}}
		redir @{name} {target} 301"""
_SHARE = """
		@share{number} path /{path}
		rewrite @share{number} /{folder}/{path}/{name}={{share{number}}}.html
"""


def caddy(site: Hosting) -> str:
    """Return the configuration of *site* for Caddy: one site of a Caddyfile."""
    page = headers.policy("text/html")
    return _SITE.substitute(
        addresses=", ".join(_addresses(site)),
        folder=site.folder,
        maps="\n".join(_maps(site)),
        prefix=f"\t\turi strip_prefix {site.prefix}\n" if site.prefix else "",
        headers=_HEADERS.format(caching=headers.caching(site.max_age), policy=headers.policy("")),
        error_headers=_HEADERS.format(caching=headers.caching(MISSING_MAX_AGE), policy=page),
        page=page,
        types="\n".join(_types()),
        links="\n".join(_links(site)),
        gone=GONE,
        share=FOLDER,
        share_paths="".join(f" /{share.path}" for share in site.shares),
        shares="".join(
            _SHARE.format(number=number, path=share.path, folder=FOLDER, name=share.name)
            for number, share in enumerate(site.shares)
        ),
        redirects="\n".join(_redirects(site)),
    )


def _addresses(site: Hosting) -> Iterator[str]:
    for name in site.names:
        yield f"https://{name}" if site.secure else f"http://{name}:{site.port}"


def _maps(site: Hosting) -> Iterator[str]:
    yield from _map("{path}", "moved", _moved(site))
    guesses = [
        (one, f"{before}${{1}}{after}" if after else before)
        for one, before, after in site.guesses()
    ]
    yield from _map("{path}", "guess", guesses)
    for number, share in enumerate(site.shares):
        yield from _map(f"{{query.{share.name}}}", f"share{number}", [(f"^({VALUE})$", "${1}")])


def _map(source: str, name: str, values: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"\tmap {source} {{{name}}} {{"
    for expression, value in values:
        yield f'\t\t"~{expression}" "{value}"'
    yield '\t\tdefault ""'
    yield "\t}"


def _moved(site: Hosting) -> Iterator[tuple[str, str]]:
    for old, new in site.moved.items():
        yield f"^/{old}/?$", f"{site.prefix}/{new}/"
        yield f"^/{old}/({BELOW})$", f"{site.prefix}/{new}/${{1}}"


def _types() -> Iterator[str]:
    more = {"opml": f" /{WELL_KNOWN}"}
    for suffix, kind in headers.types():
        yield f"\t\t@{suffix} path *.{suffix}{more.get(suffix, '')}"
        yield f'\t\theader @{suffix} Content-Type "{kind}"'
    yield "\t\t@feed path */feed.json"
    yield f'\t\theader @feed Content-Type "{headers.content_type("feed.json")}"'


def _links(site: Hosting) -> Iterator[str]:
    for number, feed in enumerate(site.feeds):
        folder = f"{site.base}/{{re.channel{number}.1}}/"
        links = [("self", folder + feed), *site.links(folder)]
        said = ", ".join(f'<{address}>; rel=\\"{relation}\\"' for relation, address in links)
        name = feed.replace(".", r"\.")
        yield f"\t\t@channel{number} path_regexp channel{number} ^/({CHANNEL})/{name}$"
        yield f'\t\theader @channel{number} Link "{said}"'


def _redirects(site: Hosting) -> Iterator[str]:
    yield f"\t\tredir @folder {site.prefix}{{path}}/ 301"
    yield _REDIRECT.format(name="moved", condition='expression `{moved} != ""`', target="{moved}")
    yield _REDIRECT.format(name="guess", condition="file {guess}", target=f"{site.prefix}{{guess}}")
