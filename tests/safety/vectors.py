r"""Our list of cross-site scripting vectors (tests/data/xss_vectors.txt).

Each logs a number where it runs.

`RUN` is the call that logs it; `[[64|…]]` is base64, `[[%|…]]` is percent-encoded, `\n`, `\t` and
`\0` are those characters.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import quote

_EVENTS = """
    abort animationend animationstart auxclick beforeinput blur cancel canplay change click close
    contextmenu copy cut dblclick drag dragend dragenter dragover dragstart drop ended error focus
    focusin focusout gotpointercapture input invalid keydown keypress keyup load loadstart
    mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel paste
    pointerdown pointerenter pointermove pointerout pointerover pointerrawupdate pointerup
    progress reset scroll scrollend search securitypolicyviolation select selectstart submit toggle
    touchstart transitionend transitionrun wheel
"""


_CODED = re.compile(r"\[\[(64|%)\|(.*?)\]\]")
FIRST = 7_700_000  # the numbers that are logged begin here


def vector(number: int) -> str:
    """Return vector *number*, which logs FIRST + *number*."""
    shape = SHAPES[number].replace("RUN", "console.log(NUMBER)")
    shape = shape.replace("NUMBER", str(FIRST + number))
    for written, meant in ((r"\n", "\n"), (r"\t", "\t"), (r"\0", "\0")):
        shape = shape.replace(written, meant)
    return _CODED.sub(_coded, shape)


def _coded(found: re.Match[str]) -> str:
    if found[1] == "64":
        return base64.b64encode(found[2].encode()).decode()
    return quote(found[2])


SHAPES = (
    *(Path(__file__).parent.parent / "data" / "xss_vectors.txt")
    .read_text(encoding="utf-8")
    .splitlines(),
    *(f'<p tabindex=0 on{event}="RUN">x</p>' for event in _EVENTS.split()),
)
