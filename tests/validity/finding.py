"""What a checker of ours finds in a document, and the rules for values that formats share.

The rules are those of the W3C feed validator, the RFCs and the specifications, in words of our own:
they are for tests alone, and know nothing of how documents are made.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, NamedTuple

EARLIEST = "1990-01-01"  # an earlier date is implausible
_REGISTERED = """
    cid crid data doi ftp gopher http https info mailto mid news nntp sip tag tel urn
"""
_SCHEMES = frozenset(_REGISTERED.split())
_URI = re.compile(
    r"[a-zA-Z][0-9a-zA-Z+.-]*:(//(\[[0-9a-f:.]+\])?)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+"
)
_TAG = re.compile(
    r"tag:([a-z0-9\-._]+?@)?[a-z0-9.-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*"
)
_URN = re.compile(r"(?i)urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+")
_UUID = re.compile(r"(?i)urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CROOKED = re.compile(
    r"(?-i:[^:]*[A-Z])|https?://(?:[^/?#]*[A-Z]|[^/?#]*$|[^/?#]*:(?:80|443)?(?:/|$)|[^?#]*/\.\.?/)"
)
_FILE = re.compile(
    r"(?i)https?://((\d{1,3}\.){3}\d{1,3}|([a-z0-9-]+\.)+[a-z0-9][-a-z0-9]*)(:\d+)?(/|$)"
)
_MEDIA_TYPE = re.compile(r"[^\s()<>,;:\\\"/\[\]?=]+/[^\s()<>,;:\\\"/\[\]?=]+(;\s*\w+=.+)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d (GMT|[+-]\d{4})"
)
_END_TAG = re.compile(r"</\w+>")
_REFERENCE = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|[a-z]+acute|#\d+|#x[0-9a-fA-F]+);")
_BAD_CHARACTER = re.compile("[\x7f-\x9f�\x00-\x08\x0b\x0c\x0e-\x1f]")


class Finding(NamedTuple):
    """A rule that a document breaks: `error` or `warning`, its name, where, and the value."""

    level: str
    rule: str
    where: str
    value: str = ""


class Findings(list[Finding]):
    """What has been found so far in one document."""

    def error(self, rule: str, where: str, value: Any = "") -> None:
        self.append(Finding("error", rule, where, str(value)[:200]))

    def warn(self, rule: str, where: str, value: Any = "") -> None:
        self.append(Finding("warning", rule, where, str(value)[:200]))

    def require(self, fact: object, rule: str, where: str, value: Any = "") -> None:
        if not fact:
            self.error(rule, where, value)

    # ── values ───────────────────────────────────────────────────────────────────────────────────

    def uri(self, text: str, where: str) -> None:
        """Check an absolute URI."""
        scheme = text.partition(":")[0].lower()
        if scheme == "tag":
            self.require(_TAG.fullmatch(text), "InvalidTAG", where, text)
        elif scheme == "urn":
            pattern = _UUID if text.lower().startswith("urn:uuid:") else _URN
            self.require(pattern.fullmatch(text), "InvalidURN", where, text)
        elif not _URI.fullmatch(text):
            self.error("InvalidFullLink", where, text)
        elif scheme in ("http", "ftp") and not re.match(r"\w+://[^/]", text):
            self.error("InvalidLink", where, text)
        elif scheme.isalpha() and scheme not in _SCHEMES:
            self.warn("SchemeNotIANARegistered", where, text)

    def identity(self, text: str, where: str) -> None:
        """Check a URI that names something: it is compared by its characters (RFC 3986 §6)."""
        self.uri(text, where)
        if _CROOKED.match(text):
            self.warn("NonCanonicalURI", where, text)

    def file(self, text: str, where: str) -> None:
        """Check the http(s) address of a file."""
        sound = _FILE.match(text) and _URI.fullmatch(text)
        self.require(sound, "InvalidURLAttribute", where, text)

    def media_type(self, text: str, where: str) -> None:
        self.require(_MEDIA_TYPE.fullmatch(text), "InvalidMIMEAttribute", where, text)

    def language(self, text: str, where: str) -> None:
        self.require(_LANGUAGE.fullmatch(text), "InvalidLanguage", where, text)

    def number(self, text: str, where: str, *, least: int = 0) -> None:
        sound = text.isdecimal() and int(text) >= least
        self.require(sound, "InvalidNonNegativeInteger", where, text)

    def rfc3339(self, text: str, where: str) -> None:
        if not _RFC_3339.fullmatch(text) or "t" in text:
            self.error("InvalidRFC3339Date", where, text)
            return
        datetime.fromisoformat(text)
        if text < EARLIEST:
            self.warn("ImplausibleDate", where, text)

    def rfc822(self, text: str, where: str) -> None:
        if not _RFC_822.fullmatch(text):
            self.error("InvalidRFC2822Date", where, text)
            return
        read = datetime.strptime(text[5:16].strip(), "%d %b %Y")
        self.require(f"{read:%a}" == text[:3], "IncorrectDOW", where, text)
        if read.date() < date.fromisoformat(EARLIEST):
            self.warn("ImplausibleDate", where, text)

    def words(self, text: str, where: str) -> None:
        """Check a text that is to be plain."""
        if _END_TAG.search(text) or _REFERENCE.search(text):
            self.warn("ContainsHTML", where, text)
        self.characters(text, where)

    def characters(self, text: str, where: str) -> None:
        if found := _BAD_CHARACTER.search(text):
            self.warn("BadCharacters", where, repr(found[0]))

    def present(self, text: str | None, where: str) -> str:
        if not (text or "").strip():
            self.warn("NotBlank", where)
        return text or ""
