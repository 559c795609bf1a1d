"""Each rule finds what it is about, and passes what only looks like it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from aiservices_mocks.engines.python_rules import RULES, UnreadableArchive, check, review
from hypothesis import given
from hypothesis import strategies as st

from tests.mocks.made import CODE, zipped

BAD = {
    "hardcoded-credentials": [
        'password = "hunter2-hunter2"',
        'self.db_password = "s3cret-value"',
        'connect(api_key="abcd1234efgh")',
        'API_TOKEN: str = "tok-12345"',
        'key = "AKIAABCDEFGHIJKLMNOP"',
    ],
    "code-injection": ["eval(text)", "exec(read())"],
    "os-command-injection": [
        "os.system(command)",
        'subprocess.run(f"ls {name}", shell=True)',
        "subprocess.check_output(args=command, shell=True)",
    ],
    "sql-injection": [
        'cursor.execute(f"SELECT {name}")',
        'cursor.execute("SELECT " + name)',
        'db.execute("SELECT %s" % name)',
        'db.executemany("SELECT {}".format(name), rows)',
    ],
    "untrusted-deserialization": ["pickle.loads(data)", "yaml.load(text)", "yaml.load(text, Loader=yaml.Loader)"],
    "insecure-hashing": ["hashlib.md5(data)", "hashlib.sha1()"],
    "improper-certificate-validation": ["requests.get(url, verify=False)", "ssl._create_unverified_context()"],
    "insecure-temporary-file": ["tempfile.mktemp()"],
    "bare-except": ["try:\n    go()\nexcept:\n    stop()"],
    "catch-and-swallow-exception": ["try:\n    go()\nexcept Exception:\n    pass"],
    "mutable-default-argument": ["def f(a=[]):\n    return a", "async def f(*, a=dict()):\n    return a"],
}
GOOD = [
    'password = ""',
    'password = os.environ["PASSWORD"]',
    'password = "<your password>"',
    'password_label = "Please type it"',
    'key = "AKIAIOSFODNN7EXAMPLE"',
    'eval("1 + 1")',
    'os.system("ls")',
    "subprocess.run(command)",
    'subprocess.run("ls", shell=True)',
    'subprocess.run(["ls", "-l"], shell=True)',
    'cursor.execute("SELECT %s", (name,))',
    'cursor.execute("SELECT " "1")',
    "yaml.safe_load(text)",
    "yaml.load(text, Loader=yaml.SafeLoader)",
    "hashlib.md5(data, usedforsecurity=False)",
    "hashlib.sha256(data)",
    "requests.get(url, verify=True)",
    "requests.get(url, verify=bundle)",
    "try:\n    go()\nexcept ValueError:\n    pass",
    "try:\n    go()\nexcept Exception as error:\n    log(error)",
    "def f(a=(), b=None):\n    return a, b",
]


def ids(text: str) -> list[str]:
    return [finding.rule.id for finding in check("app.py", text)]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in BAD.items() for text in texts])
def test_what_is_wrong_is_found(rule: str, text: str) -> None:
    assert ids(text) == [rule]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_is_passed(text: str) -> None:
    assert ids(text) == []


def test_every_rule_is_tried() -> None:
    assert {rule.id for rule in RULES} == {*BAD}


def test_a_finding_has_the_lines_that_it_is_about() -> None:
    finding = check("app.py", "x = 1\ncursor.execute(\n    f'SELECT {x}'\n)\n")[0]
    assert (finding.start, finding.end, finding.snippet[1]) == (2, 4, "    f'SELECT {x}'")


def test_a_file_that_does_not_parse_is_counted() -> None:
    code = review(zipped(good="x = 1\n\n# nothing\n", bad="def ("))
    assert (code.findings, code.lines, code.files) == ([], 2, 2)


@given(st.integers(0, 150), st.integers(0, 255))
def test_a_damaged_archive_is_read_or_refused(place: int, byte: int) -> None:
    damaged = bytearray(zipped(app=CODE))
    damaged[place % len(damaged)] = byte
    with suppress(UnreadableArchive):
        assert review(bytes(damaged)).files <= 1


def test_odd_escapes_warn_nobody() -> None:
    assert ids('pattern = "\\d"\neval(pattern)') == ["code-injection"]


@given(st.binary(max_size=200))
def test_any_bytes_are_an_archive_or_refused(data: bytes) -> None:
    with suppress(UnreadableArchive):
        assert review(data).files == 0


@given(st.text(max_size=200))
def test_any_text_is_checked(text: str) -> None:
    for finding in check("app.py", text):
        assert 1 <= finding.start <= finding.end
