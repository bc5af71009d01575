"""Checks for people: the page that a host shows to programs in place of what they asked for."""

from __future__ import annotations

import re
from html import unescape

_HEAD = 16_384  # bytes: in a check the title comes early
_PAGE = re.compile(r"<!doctype\s+html\b|<html(?=[\s>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
# Whole titles: an article may well be called «Just a moment in the life of …».
_CHECKS = frozenset(
    {
        *("just a moment", "one moment, please", "please wait", "attention required! | cloudflare"),
        *("ddos-guard", "checking your browser", "checking your browser before accessing"),
        *("pardon our interruption", "client challenge", "vercel security checkpoint"),
        *("making sure you're not a bot!", "robot check", "robot or human?", "are you a robot?"),
        *("human verification", "bot verification", "verify you are human", "security check"),
        *("access denied", "access to this page has been denied", "you have been blocked"),
        *("sucuri website firewall - access denied", "请稍候", "安全验证", "人机验证", "访问验证"),
    }
)


def check_shown(body: bytes) -> str:
    """Return the title of the check for people that *body* is, "" where it is none that we know."""
    head = body[:_HEAD].decode("utf-8", "replace")
    title = _TITLE.search(head)
    if title is None or not _PAGE.search(head, 0, title.start()):
        return ""
    words = " ".join(unescape(title[1]).split())
    return words if words.rstrip(".…").replace("’", "'").casefold() in _CHECKS else ""
