"""systemd: print the unit that runs the daemon, shut in as far as its paths allow."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from string import Template
from urllib.parse import unquote

from aggregator.cli.composition import Invocation, load
from aggregator.config.settings import Settings

_UNIT = Template("""\
# Written by `aggregator systemd`. To use it, as root:
#   aggregator --config $config systemd > /etc/systemd/system/aggregator.service
#   systemctl daemon-reload && systemctl enable --now aggregator
[Unit]
Description=aggregator
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStart=$program -m aggregator --config $config run
ExecReload=/bin/kill -HUP $$MAINPID
WorkingDirectory=$folder
User=$user
Environment=PYTHONUNBUFFERED=1$path

# It starts again after whatever ends it, but not with a configuration that has faults (2).
Restart=on-failure
RestartSec=5s
RestartPreventExitStatus=2
# Each tick says that it is alive. A tick is as long as a publication: minutes, for a large site.
WatchdogSec=10min
TimeoutStartSec=15min
TimeoutStopSec=30s
LimitNOFILE=8192

# It writes the store and the published folder, and nothing else.
ProtectSystem=strict
ReadWritePaths=$writable
ProtectHome=$home
PrivateTmp=$tmp
UMask=0022

NoNewPrivileges=yes
CapabilityBoundingSet=$capabilities
AmbientCapabilities=$capabilities
LockPersonality=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
""")
_PACKAGE = Path(__file__).parents[2]
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
_TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108


def print_unit(invocation: Invocation, user: str) -> int:
    """Print the unit for this configuration and this Python; return the exit status.

    *user* is who it runs as; "" is who asks, or `aggregator` where that is root.
    """
    sys.stdout.write(unit(load(invocation), invocation.config.absolute(), user or _user()))
    return 0


def unit(settings: Settings, config: Path, user: str) -> str:
    """Return the unit's text; folders that do not exist yet are named by what they will be in."""
    writable = sorted({_there(settings.store.path.parent), _there(settings.publish.directory)})
    used = [*writable, config, _PACKAGE, Path(sys.prefix), Path(sys.base_prefix)]
    urls = [source.url for source in settings.source if source.url.startswith("file:///")]
    used += [Path(unquote(url.removeprefix("file://"))) for url in urls]
    return _UNIT.substitute(
        program=_quoted(sys.executable),
        config=_quoted(config),
        folder=str(config.parent).replace("%", "%%"),
        user=user,
        path=_python_path(),
        writable=" ".join(map(_quoted, writable)),
        home="read-only" if _within(used, _HOMES) else "yes",
        tmp="no" if _within(used, _TEMPORARY) else "yes",
        capabilities="CAP_NET_BIND_SERVICE" if settings.serve.port < 1024 else "",
    )


def _user() -> str:
    name = getpass.getuser()
    return "aggregator" if name == "root" else name


def _python_path() -> str:
    """Return how Python finds the program, where it is not installed but checked out."""
    return "" if _PACKAGE.is_relative_to(sys.prefix) else f" {_quoted(f'PYTHONPATH={_PACKAGE}')}"


def _there(folder: Path) -> Path:
    """Return *folder*, or the nearest one above it that exists: systemd mounts only what is."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())


def _within(paths: list[Path], folders: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(folder) for path in paths for folder in folders)


def _quoted(path: Path | str) -> str:
    """Return *path* as a unit writes it (systemd.syntax(7)): quoted where it has to be."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if any(sign in text for sign in " \t'\"\\;") else text
