"""Language tags (BCP 47): which languages there are, and what is meant by some that are none."""

from __future__ import annotations

import re
from functools import lru_cache

_END = re.compile(r"[,;.@\s]")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
# ISO 639-1, and of ISO 639-2 the languages that have no shorter code and are written in
_LANGUAGES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    ast bho ceb chr csb dsb fil fur haw hsb kab kok lad mai mul nap nds nso pap sat scn sco shn syr
    tet tpi und war zza zxx
"""
_CODES = frozenset(_LANGUAGES.split())
# Countries in the place of languages, codes that were given up, and longer ones of the same.
_MEANT = {
    "ara": "ar", "chi": "zh", "cmn": "zh", "cn": "zh", "cz": "cs", "deu": "de", "dut": "nl",
    "eng": "en", "fra": "fr", "fre": "fr", "ger": "de", "gr": "el", "in": "id", "ita": "it",
    "iw": "he", "ji": "yi", "jp": "ja", "jpn": "ja", "jw": "jv", "kor": "ko", "mo": "ro",
    "nld": "nl", "por": "pt", "rus": "ru", "spa": "es", "ua": "uk", "us": "en", "vn": "vi",
    "yue": "zh", "zho": "zh",
}  # fmt: skip


def is_language(tag: str) -> bool:
    """Say whether *tag* begins with the code of a language, in whatever case."""
    return tag.partition("-")[0].lower() in _CODES


def tag(text: str) -> str:
    """Return the language tag that *text* means in its usual spelling, "" where it is none.

    `zh_cn` is `zh-CN`, `EN-us` is `en-US`, `zh-hans` is `zh-Hans`, `cn` is `zh`; of several the
    first counts.
    """
    return _known(text) if len(text) <= _SHORT else _tag(text)


def _tag(text: str) -> str:
    first = _END.split(text.strip(), maxsplit=1)[0].replace("_", "-")
    if not _TAG.fullmatch(first):
        return ""
    code, *rest = first.lower().split("-")
    code = _MEANT.get(code, code)
    return "-".join((code, *map(_spelled, rest))) if code in _CODES else ""


_SHORT = 40  # characters: what is longer is not kept in mind
_known = lru_cache(maxsize=512)(_tag)


def _spelled(subtag: str) -> str:
    """Return a subtag as RFC 5646 §2.1.1 writes it: script `Hans`, region `CN`, the rest small."""
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.capitalize() if len(subtag) == 4 and subtag.isalpha() else subtag
