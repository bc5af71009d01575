"""Each mistake is found, shown at its line, and said so that the operator knows what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.desk import FORMATS, SOURCE, faults

HERE = '[[source]]\nid = "bbc"\n'  # a source without its url
FEED = '[[feed]]\nid = "mine"\ntitle = "Mine"\n'
JSON = 'kind = "json"\nfields = {}\n'


def one(folder: Path, text: str) -> str:
    (fault,) = faults(folder, text)
    return fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[source]]\nurl = "x"', '1:1 source 1: "id" is missing: permanent: '),
        (HERE, '1:1 source "bbc": "url" is missing: its address; '),
        (SOURCE + "[[source]]\n[[source]]\nid='x'\nurl='x'", '4:1 source 2: "id" is missing'),
        (
            SOURCE + 'intervall = "5m"',
            '4:1 source "bbc": unknown key "intervall"; did you mean "every"?',
        ),
        (
            SOURCE + 'refresh = "5m"',
            '4:1 source "bbc": unknown key "refresh"; did you mean "every"?',
        ),
        (
            SOURCE + 'categroy = "x"',
            '4:1 source "bbc": unknown key "categroy"; did you mean "category"?',
        ),
        (
            SOURCE + 'Category = "x"',
            '4:1 source "bbc": unknown key "Category"; did you mean "category"?',
        ),
        (SOURCE + 'name = "x"', '4:1 source "bbc": unknown key "name"; did you mean "title"?'),
        (
            SOURCE + 'contact = "x"',
            '4:1 source "bbc": unknown key "contact"; it belongs in [fetch]',
        ),
        (SOURCE + "zzzzzz = 1", '4:1 source "bbc": unknown key "zzzzzz"'),
        ('[site]\ntz = "UTC"', '2:1 site: unknown key "tz"; did you mean "timezone"?'),
        ('[site]\nlang = "en"', '2:1 site: unknown key "lang"; did you mean "language"?'),
        ('[sit]\ntitle = "x"', '1:1 unknown table "sit"; did you mean "site"?'),
        ('[[sources]]\nid = "x"', '1:1 unknown table "sources"; did you mean "source"?'),
        ('title = "x"', '1:1 unknown key "title"; it belongs in [site]'),
        ("[site]\ntitle = 5", "2:1 site: title: 5 is not text; write it in quotes"),
        ('[site]\ntitle = ["x"]', "2:1 site: title: a list is not text; write it in quotes"),
        ('[publish]\nentries = "9"', '2:1 publish: entries: "9" is not a whole number; '),
        ("[publish]\nentries = true", "2:1 publish: entries: true is not a whole number"),
        ("[publish]\nentries = 0", "2:1 publish: entries: 0 must be at least 1"),
        ("[publish]\nentries = 9999999", "2:1 publish: entries: 9999999 must be at most 1000000"),
        ('[publish]\nformats = "rss"', '2:1 publish: formats: "rss" is not a list; write ["rss"]'),
        ("[publish]\nformats = []", "2:1 publish: formats: a list is empty; name at least one"),
        ('[store]\npath = ""', '2:1 store: path: "" is not a path; write it in quotes'),
        ('site = "x"', '1:1 site: "x" is not a table'),
        ('[source]\nid = "x"', "1:1 source: a table is not a list of tables; write [[source]]"),
        ("source = [1]", "1:11 source 1: 1 is not a table; write [[source]]"),
        (
            '[site]\ntimezone = "Asia/Shangai"',
            '2:1 site: timezone: "Asia/Shangai" is not a time zone; did you mean "Asia/Shanghai"?',
        ),
        (
            '[site]\ntimezone = "GMT+8"',
            '2:1 site: timezone: "GMT+8" is not a time zone; did you mean "Asia/Shanghai"?',
        ),
        (
            '[site]\ntimezone = "qqq"',
            '2:1 site: timezone: "qqq" is not a time zone; write an IANA name',
        ),
        (
            '[site]\nlanguage = "cn"',
            '2:1 site: language: "cn" begins with no language of ISO 639; did you mean "zh"?',
        ),
        ('[site]\nlanguage = "Chinese"', '2:1 site: language: "Chinese" is not a language tag; '),
        ('[site]\nurl = "example.org"', "2:1 site: url: is not a base address; "),
        ('[site]\nurl = "https://[::1/"', "2:1 site: url: is not a base address; "),
        (
            '[store]\nkeep = "3 fortnights"',
            '2:1 store: keep: "3 fortnights" is not a duration; write "30s"',
        ),
        ('[fetch]\ntimeout = "0s"', '2:1 fetch: timeout: "0s" must be longer than nothing'),
        ('[fetch]\ntimeout = "999999999w"', '2:1 fetch: timeout: "999999999w" must be longer than'),
        (
            "[fetch]\nmax_size = 10",
            '2:1 fetch: max_size: 10 is not a size; write "500kB" or "10MB"',
        ),
        (
            '[fetch]\nallow_private = ["x",\n "10.0.0.0/99"]',
            '3:2 fetch: allow_private: "10.0.0.0/99" is not a network',
        ),
        (
            '[fetch]\ncontact = "a\\nb"',
            '2:1 fetch: contact: "a\\nb" must be plain ASCII, on one line',
        ),
        ('[serve]\naddress = "localhost"', '2:1 serve: address: "localhost" is not host:port; '),
        ('[category."A b"]\ntitle = "x"', '1:1 category "A b": "A b" is not a folder name; '),
        (SOURCE + 'every = "100ms"', '4:1 source "bbc": every: "100ms" is too often; '),
        (
            SOURCE + "first = -1",
            '4:1 source "bbc": first: -1 is not a number of entries; write 20 or "all"',
        ),
        (
            SOURCE + 'content = "ful"',
            '4:1 source "bbc": content: "ful" is not one of "full", "excerpt", "link"; did',
        ),
        (SOURCE + 'category = "{a.b}"', '4:1 source "bbc": category: "{a.b}" is not a template: '),
        (
            SOURCE + 'publisher_url = "x"',
            '4:1 source "bbc": publisher_url: "x" is not an address; ',
        ),
        (
            SOURCE + '[[source.rule]]\nmatch = "("\ndrop = true',
            '5:1 source "bbc": rule 1: match: "(" is not a regular expression: ',
        ),
        (SOURCE + '[[source.rule]]\nmatch = "x"', '4:1 source "bbc": rule 1: does nothing: '),
        (
            SOURCE + "[[source.rule]]\ndrop = true",
            '4:1 source "bbc": rule 1: drop and keep need a match, older or newer',
        ),
        (
            SOURCE + '[[source.rule]]\nmatch = "x"\ndrop = false',
            '6:1 source "bbc": rule 1: drop: false can only be true; ',
        ),
        (
            '[[rule]]\nmatch = "(x)"\nreplace = "\\\\2"',
            "1:1 rule 1: has a replacement that cannot be used: invalid group",
        ),
        (
            '[[rule]]\nmatch = "(?R)"\nreplace = ""',
            "1:1 rule 1: never ends, even on an empty text; make it simpler",
        ),
        (
            f'[[rule]]\nmatch = "{"(" * 3000}"\ndrop = true',
            f'2:1 rule 1: match: "{"(" * 77}…" is not a regular expression: maximum recursion',
        ),
        (
            SOURCE + '[source.extract]\npublisher = { selctor = "p" }',
            '5:1 source "bbc": extract: publisher: "selector" is missing',
        ),
        (
            '[[source]]\nid = "a b"\nurl = "x"',
            '2:1 source "a b": id: "a b" must be 1–100 characters',
        ),
    ],
)
def test_a_wrong_value_or_key(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, text)[0].startswith(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            SOURCE + SOURCE,
            '5:1 source "bbc": id: "bbc" is taken by line 2; every id stands for one thing',
        ),
        (
            SOURCE + SOURCE.replace("bbc", "BBC"),
            '5:1 source "BBC": id: "BBC" differs from "bbc" in line 2 only by its case',
        ),
        (FEED + FEED, '5:1 feed "mine": id: "mine" is taken by line 2; '),
        (
            FEED.replace("mine", "all"),
            '2:1 feed "all": id: "all" is a folder that is always written; ',
        ),
        (
            FEED.replace("mine", "old_post"),
            '2:1 feed "old_post": id: "old_post" is a folder that is always written; ',
        ),
        (
            '[category.archive]\ntitle = "x"',
            '1:1 category "archive": "archive" is a folder that is always written; ',
        ),
        (
            SOURCE + 'category = "assets"',
            '4:1 source "bbc": category: "assets" is a folder that is always written; ',
        ),
        (
            '[category.new]\nformerly = ["old", "all"]',
            '2:20 category "new": formerly: "all" is a folder that is always written; ',
        ),
        (
            '[category.old]\n[category.new]\nformerly = ["old"]',
            '3:13 category "new": formerly: "old" is taken by line 1; ',
        ),
        (
            FEED + 'formerly = ["mine"]',
            '4:13 feed "mine": formerly: "mine" is taken by line 2; ',
        ),
        (
            '[category.a]\nformerly = ["old"]\n[category.b]\nformerly = ["old"]',
            '4:13 category "b": formerly: "old" is taken by line 2; ',
        ),
        (
            SOURCE + 'category = "old"\n[category.new]\nformerly = ["old"]',
            '6:13 category "new": formerly: "old" is taken by line 4; ',
        ),
        (SOURCE + 'category = "mine"\n' + FEED, '6:1 feed "mine": id: "mine" is taken by line 4; '),
        ("[category.mine]\n" + FEED, '3:1 feed "mine": id: "mine" is taken by line 1; '),
        (
            SOURCE + FEED + 'sources = ["bbc", "bcc"]',
            '7:19 feed "mine": sources: there is no source "bcc"; did you mean "bbc"?',
        ),
        (
            SOURCE + '[[rule]]\nmatch = "x"\ndrop = true\nsources = ["bcc"]',
            '7:12 rule 1: sources: there is no source "bcc"; did you mean "bbc"?',
        ),
        (
            FEED + 'formats = ["atm"]',
            '4:12 feed "mine": formats: "atm" is not a format; there are "rss", "atom", ',
        ),
        (
            '[publish]\nformats = ["rss",\n  "pdf"]',
            '3:3 publish: formats: "pdf" is not a format; there are "rss"',
        ),
        (
            SOURCE + 'kind = "fed"',
            '4:1 source "bbc": kind: "fed" is not a kind; there are "feed", "json", "html", ',
        ),
        (
            SOURCE + 'kind = "json"',
            '1:1 source "bbc": "fields" is missing, kind "json" needs it: our name',
        ),
        (
            SOURCE + 'items = "x"',
            '4:1 source "bbc": kind "feed" does not take "items"; kind "json" or "html" does',
        ),
        (
            SOURCE + JSON + '[source.extract]\nevery = { selector = "p" }',
            '7:1 source "bbc": extract: "every" is a key of the source; write it above [',
        ),
        (
            HERE + 'url = "https://example.org/{m}"',
            '3:1 source "bbc": url: holds {m}, which no "for" of this source fills',
        ),
        (
            HERE + 'url = "feed://example.org"',
            '3:1 source "bbc": url: begins with "feed://"; write "https://"',
        ),
        (
            HERE + 'url = "https://example.org/?p={page}"',
            '3:1 source "bbc": url: holds {page}; url is the first page, and {page} goes into next',
        ),
        (HERE + 'url = "https://"', '3:1 source "bbc": url: is not an address; '),
        (HERE + 'url = "https://example.org:99999/"', '3:1 source "bbc": url: is not an address; '),
        (
            HERE + 'url = "https://example.org/a b"',
            '3:1 source "bbc": url: holds a space or a control character',
        ),
        (HERE + 'url = "file://elsewhere/x"', '3:1 source "bbc": url: names another host; '),
        (
            HERE + 'url = "posts"\nkind = "web"',
            '3:1 source "bbc": url: is a path, which this kind does not read; ',
        ),
        (HERE + 'url = ""', '3:1 source "bbc": url: is empty'),
        (
            '[publish.jekyll]\ntemplate = "no.jinja"',
            '2:1 publish: jekyll: template: there is no file "no.jinja"',
        ),
        (
            '[publish]\ntemplates = "none"',
            '2:1 publish: templates: there is no folder "none"',
        ),
        (
            '[store]\npath = "feeds/a.db"',
            "2:1 store: path: would put the database among the published files",
        ),
        (
            '[publish]\ndirectory = "."',
            "2:1 publish: directory: would put the database among the published",
        ),
        (
            SOURCE + 'headers = { A = "env:NO_SUCH_VARIABLE" }',
            '4:13 source "bbc": headers: A: the environment has no variable "NO_SUCH_',
        ),
        (
            SOURCE + 'headers = { A = "file:nope" }',
            '4:13 source "bbc": headers: A: the file {folder}/nope cannot be read: no such file',
        ),
        (
            SOURCE + 'headers = { "A b" = "x" }',
            '4:13 source "bbc": headers: A b: is not a header\'s name',
        ),
        (
            SOURCE + 'headers = { A = "x\\ny" }',
            '4:13 source "bbc": headers: A: stands for a value that a header cannot hold',
        ),
    ],
)
def test_tables_that_do_not_go_together(tmp_path: Path, text: str, fault: str) -> None:
    assert one(tmp_path, text).startswith(fault.replace("{folder}", str(tmp_path)))


@pytest.mark.parametrize(
    ("id_", "loop", "fault"),
    [
        ("m-{x}", "5", '3:1 source "m-{x}": for: 5 is not a table; write { name = [values] }'),
        ("m-{x}", "{ x = 5 }", '3:9 source "m-{x}": for: x: must be a list of values, such as'),
        ("m-{x}", "{ x = [] }", '3:9 source "m-{x}": for: x: must be a list of values, such as'),
        (
            "m-{x}",
            "{ x = [1.5] }",
            '3:9 source "m-{x}": for: x: holds something else than texts and',
        ),
        (
            "m-{x}",
            '{ x = [1], "a b" = [1] }',
            '3:18 source "m-{x}": for: a b: is not a plain name; ',
        ),
        (
            "m",
            "{ x = [1, 2] }",
            '3:9 source "m": for: x: is not in the id, so that the ids collide; ',
        ),
        (
            "m-{y}",
            "{ x = [1, 2] }",
            '3:9 source "m-{y}": for: x: is not in the id, so that the ids',
        ),
        (
            "m-{x}-{y}",
            "{ x = [1, 2] }",
            '2:1 source "m-{x}-{y}": id: nothing fills {y}; add for = { y',
        ),
        (
            "m-{x}",
            f"{{ x = {list(range(10001))} }}",
            '3:1 source "m-{x}": for: makes more than 10000',
        ),
    ],
)
def test_a_for_that_cannot_be_spelled_out(tmp_path: Path, id_: str, loop: str, fault: str) -> None:
    text = f'[[source]]\nid = "{id_}"\nfor = {loop}\nurl = "https://example.org"\n'
    assert one(tmp_path, text).startswith(fault)


@pytest.mark.parametrize(
    ("defaults", "fault"),
    [
        ('every = "fast"', '2:1 defaults: every: "fast" is not a duration; '),
        ('intervall = "5m"', '2:1 defaults: unknown key "intervall"; did you mean "every"?'),
        ('id = "x"', '2:1 defaults: "id" has no default; give it in the [[source]]'),
        ('headers = { A = "env:NO_SUCH" }', "2:13 defaults: headers: A: the environment has no"),
        ('category = "all"', '2:1 defaults: category: "all" is a folder that is always written; '),
        ('extract.a.match = "x"', '2:9 defaults: extract: a: "selector" is missing'),
    ],
)
def test_a_wrong_default_is_reported_once_at_its_own_line(
    tmp_path: Path, defaults: str, fault: str
) -> None:
    sources = "".join(SOURCE.replace("bbc", f"bbc{n}") for n in range(3))
    assert one(tmp_path, f"[defaults]\n{defaults}\n{sources}").startswith(fault)


def test_a_wrong_default_is_reported_where_no_source_uses_it(tmp_path: Path) -> None:
    assert one(tmp_path, '[defaults]\nfirst = "x"').startswith("2:1 defaults: first: ")


def test_a_fault_in_a_for_source_is_reported_once(tmp_path: Path) -> None:
    text = '[[source]]\nid = "m-{x}"\nfor = { x = [1, 2] }\nurl = "https://example.org/{x}"\n'
    text += "first = 0\n"
    assert one(tmp_path, text).startswith('5:1 source "m-{x}": first: ')


def test_a_key_of_the_source_below_its_fields_is_sent_back_up(tmp_path: Path) -> None:
    found = one(tmp_path, SOURCE + 'kind = "json"\n[source.fields]\nid = "x"\nevery = "5m"\n')
    assert found.startswith(
        '7:1 source "bbc": fields: "every" is a key of the source; write it above'
    )


def test_every_fault_is_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """# five mistakes
[site]
timezone = "Asia/Shangai"

[publish]
formats = [
  "rss",
  "atm",
]

[[source]]
id = "bbc"
url = "https://example.org/feed"
intervall = "5m"

[[source]]
id = "list"
kind = "json"
url = "https://example.org/list"
  [source.fields]
  title = { a = 1 }

[[feed]]
id = "all"
title = "Everything"
"""
    assert faults(tmp_path, text) == [
        '3:1 site: timezone: "Asia/Shangai" is not a time zone; did you mean "Asia/Shanghai"?',
        '8:3 publish: formats: "atm" is not a format; there are '
        + ", ".join(f'"{name}"' for name in FORMATS)
        + '; did you mean "atom"?',
        '14:1 source "bbc": unknown key "intervall"; did you mean "every"?',
        '21:3 source "list": fields: title: a table is not text; write it in quotes',
        '24:1 feed "all": id: "all" is a folder that is always written; choose another name',
    ]


def test_lines_are_counted_alike_in_a_file_of_windows(tmp_path: Path) -> None:
    text = f'{SOURCE}tags = [\n  "a",\n  5,\n]\nnope = 1\n'.replace("\n", "\r\n")
    assert [fault.split()[0] for fault in faults(tmp_path, text)] == ["6:3", "8:1"]


@pytest.mark.parametrize(
    "text",
    [
        'url = "https://user:hunter2@[::1/"',
        'url = "https://example.org/?token=hunter2 x"',
        'url = ["https://example.org/?token=hunter2"]',
        'url = "https://example.org"\nheaders = { A = ["hunter2"] }',
        'url = "https://example.org"\nheaders = { A = "hunter2\\n" , B = "hunter2\\u0000" }',
        'url = "https://example.org"\nheaders = "hunter2"',
        'url = "https://example.org"\npublisher_url = "ftp://hunter2@example.org"',
        'url = "https://example.org"\ndetail = "https://example.org/{x y}?token=hunter2"',
    ],
)
def test_a_fault_never_shows_a_secret(tmp_path: Path, text: str) -> None:
    assert "hunter2" not in "\n".join(faults(tmp_path, HERE + text))


def test_a_fault_cannot_steer_the_terminal(tmp_path: Path) -> None:
    found = faults(tmp_path, '[site]\n"ti\\u001b[2Jtle" = "x"\nlanguage = "\\u009b2J\\u202e"')
    assert len(found) == 2
    assert all(fault.isprintable() for fault in found)
