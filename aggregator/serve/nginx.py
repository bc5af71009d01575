"""The site for nginx: `aggregator export nginx`.

request ─► the file, or the folder's index.html ─► 200 | 304
└► missing: taken down ─► 410 · a former name, a guess ─► 301 · nothing ─► 404
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aggregator.model import GONE
from aggregator.serve import headers
from aggregator.serve.documents import MISSING_MAX_AGE
from aggregator.serve.hosting import BELOW, CHANNEL, Hosting, Text
from aggregator.share import FOLDER, VALUE

_SERVER = Text("""\
# Written by `aggregator export nginx`: put it into /etc/nginx/conf.d/ and reload nginx.
# `static = true` in [publish] writes the compressed copies that gzip_static looks for.
%maps
server {
    listen %port;
    listen [::]:%port;%tls
    server_name %names;
    root "%folder";
    server_tokens off;
    absolute_redirect off;
    disable_symlinks on from=$document_root;
    if_modified_since before;
    gzip_static on;
    gzip_vary on;
    # brotli_static on;  # libnginx-mod-http-brotli-static; finds nothing with disable_symlinks

    default_type application/octet-stream;
    types {
%types
    }
    add_header Cache-Control $%{site}_caching always;
    add_header Content-Security-Policy $%{site}_policy always;
    add_header Link $%{site}_links;
    add_header Referrer-Policy no-referrer always;
    add_header X-Content-Type-Options nosniff always;

    error_page 404 /404.html;
    error_page 410 /%gone$uri;
%rewrite
    location / {
        try_files $uri ${uri}index.html @missing;
    }
    location ~ /feed\\.json$ {
        types { }
        default_type application/feed+json;
        try_files $uri @missing;
    }
    location = /.well-known/feeds {
        types { }
        default_type "text/x-opml; charset=utf-8";
        try_files $uri /feeds.opml @missing;
    }
    location ~ /\\.(?!well-known/) {
        return 404;
    }
    location ^~ /%gone/ {
        internal;
    }
    location ^~ /%share/ {
        internal;
    }
%shares    location @missing {
        if (-f $document_root/%gone$uri) {
            return 410;
        }
        if ($%{site}_moved) {
            return 301 $%{site}_moved;
        }
        if (-f $document_root$uri/index.html) {
            return 301 %prefix$uri/;
        }
        if (-f $document_root$%{site}_guess) {
            return 301 %prefix$%{site}_guess;
        }
        return 404;
    }
}
""")
_TLS = "  # `certbot --nginx -d {name}` makes it https"
_SHARE = """\
    location = /{path} {{
        try_files /{folder}/{path}/{name}=${site}_share{number}.html @missing;
    }}
"""

Map = Iterable[tuple[str, str]]


def nginx(site: Hosting) -> str:
    """Return the configuration of *site* for nginx: maps and a server, for its `http` context."""
    # All sites of one nginx share their variables.
    variables = "site_" + re.sub(r"\W", "_", site.names[0])
    shares = [
        _SHARE.format(
            site=variables, path=share.path, folder=FOLDER, name=share.name, number=number
        )
        for number, share in enumerate(site.shares)
    ]
    return _SERVER.substitute(
        site=variables,
        maps="\n".join(_maps(site, variables)),
        port=80 if site.secure else site.port,
        tls=_TLS.format(name=site.names[0]) if site.secure else "",
        names=" ".join(site.names),
        folder=site.folder,
        types="\n".join(f'        "{kind}" {end};' for end, kind in headers.types()),
        gone=GONE,
        share=FOLDER,
        prefix=site.prefix,
        rewrite=f"    rewrite ^{site.prefix}(/.*)$ $1;\n" if site.prefix else "",
        shares="".join(shares),
    )


def _maps(site: Hosting, variables: str) -> Iterator[str]:
    kept, missing = headers.caching(site.max_age), headers.caching(MISSING_MAX_AGE)
    page, other = headers.policy("text/html"), headers.policy("")
    # by the address, since a 304 has no type
    yield from _map("$uri", f"{variables}_policy", [(r"~\.html$", page)], other)
    missed = [("404", missing), ("410", missing)]
    yield from _map("$status", f"{variables}_caching", missed, kept)
    yield from _map("$uri", f"{variables}_links", _links(site))
    yield from _map("$uri", f"{variables}_moved", _moved(site))
    yield from _map("$uri", f"{variables}_guess", _guesses(site))
    for number, share in enumerate(site.shares):
        found = f"~(?:^|&){share.name}=(?<code{number}>{VALUE})(?:&|$)"
        yield from _map("$args", f"{variables}_share{number}", [(found, f"$code{number}")])


def _map(source: str, variable: str, values: Map, default: str = "") -> Iterator[str]:
    yield f"map {source} ${variable} {{"
    yield f"    default {_quoted(default)};"
    yield from (f"    {_quoted(key)} {_quoted(value)};" for key, value in values)
    yield "}"


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '\\"'))


def _links(site: Hosting) -> Iterator[tuple[str, str]]:
    folder = f"{site.base}/$channel/"
    for feed in site.feeds:
        links = [("self", folder + feed), *site.links(folder)]
        name = feed.replace(".", r"\.")
        said = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links)
        yield f"~^/(?<channel>{CHANNEL})/{name}$", said


def _moved(site: Hosting) -> Iterator[tuple[str, str]]:
    if site.prefix:
        yield f"~^{site.prefix}$", f"{site.prefix}/"
    for old, new in site.moved.items():
        yield f"~^/{old}/?$", f"{site.prefix}/{new}/"
        yield f"~^/{old}/(?<rest>{BELOW})$", f"{site.prefix}/{new}/$rest"


def _guesses(site: Hosting) -> Iterator[tuple[str, str]]:
    for expression, before, after in site.guesses():
        named = expression.replace(f"({CHANNEL})", f"(?<guessed>{CHANNEL})")
        yield f"~{named}", f"{before}$guessed{after}" if named != expression else before
