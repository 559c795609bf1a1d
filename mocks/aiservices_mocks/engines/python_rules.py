"""What is wrong with Python code, as far as its syntax tree alone shows it."""

from __future__ import annotations

import ast
import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["Info", "Low", "Medium", "High", "Critical"]
MOST_BYTES = 50 * 1024 * 1024
"""Of Python source that is looked at, unpacked."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for. id: as in `python/code-injection`; cwe: its number among the known weaknesses."""

    id: str
    name: str
    severity: Severity
    category: str
    says: str
    advice: str
    cwe: int = 0

    @property
    def security(self) -> bool:
        """Whether it is about attacks, not about quality."""
        return self.category == "SecurityIssues"


class Finding(NamedTuple):
    """A rule, and the lines of a file that break it."""

    rule: Rule
    path: str
    start: int
    end: int
    snippet: tuple[str, ...]


class Code(NamedTuple):
    """What an archive has: its findings, lines that are neither empty nor comments, and how many Python files."""

    findings: list[Finding]
    lines: int
    files: int
    names: list[str]


class UnreadableArchive(Exception):
    """The bytes are no zip file, or hold more than is looked at."""


_CREDENTIALS = Rule(
    "hardcoded-credentials", "Hardcoded credentials", "Critical", "SecurityIssues",
    "A credential is written into the code: everyone who reads the code has it.",
    "Read it from AWS Secrets Manager or the environment.", 798,
)  # fmt: skip
_EVAL = Rule(
    "code-injection", "Unsanitized input is run as code", "High", "SecurityIssues",
    "A value that is not a constant is run as code.",
    "Use ast.literal_eval for data, or a table of what may be called.", 94,
)  # fmt: skip
_SHELL = Rule(
    "os-command-injection", "OS command injection", "High", "SecurityIssues",
    "A command that is not a constant is given to a shell.",
    "Give the program and its arguments as a list, without shell=True.", 78,
)  # fmt: skip
_SQL = Rule(
    "sql-injection", "SQL injection", "High", "SecurityIssues",
    "A statement of SQL is put together from values.",
    "Pass the values as parameters of the statement.", 89,
)  # fmt: skip
_PICKLE = Rule(
    "untrusted-deserialization", "Deserialization of untrusted object", "High", "SecurityIssues",
    "Bytes are made into objects in a way that can run any code.",
    "Use JSON, or yaml.safe_load.", 502,
)  # fmt: skip
_HASH = Rule(
    "insecure-hashing", "Insecure hashing", "Medium", "SecurityIssues",
    "MD5 and SHA-1 do not withstand attacks.",
    "Use SHA-256, or say usedforsecurity=False where no attack is possible.", 327,
)  # fmt: skip
_VERIFY = Rule(
    "improper-certificate-validation", "Improper certificate validation", "High", "SecurityIssues",
    "The certificate of the other side is not checked.",
    "Leave verify out, or name the authorities that you trust.", 295,
)  # fmt: skip
_MKTEMP = Rule(
    "insecure-temporary-file", "Insecure temporary file", "Medium", "SecurityIssues",
    "Between tempfile.mktemp and the opening of the file another process can make it.",
    "Use tempfile.NamedTemporaryFile or mkstemp.", 377,
)  # fmt: skip
_BARE = Rule(
    "bare-except", "Bare except", "Low", "PythonBestPractices",
    "An except without a class also catches KeyboardInterrupt and SystemExit.",
    "Name the exceptions that are expected.",
)  # fmt: skip
_SWALLOWED = Rule(
    "catch-and-swallow-exception", "Catch and swallow exception", "Low", "PythonBestPractices",
    "Every exception is caught and nothing is done about it.",
    "Handle it, log it, or name the one that may be ignored.", 390,
)  # fmt: skip
_DEFAULT = Rule(
    "mutable-default-argument", "Mutable default argument", "Medium", "PythonBestPractices",
    "The default value is made once: all calls share and change it.",
    "Use None, and make the value inside the function.",
)  # fmt: skip
RULES = (_CREDENTIALS, _EVAL, _SHELL, _SQL, _PICKLE, _HASH, _VERIFY, _MKTEMP, _BARE, _SWALLOWED, _DEFAULT)

_SECRET_NAME = re.compile(r"(?i)(?:^|_)(?:password|passwd|pwd|secret|api_?key|(?:auth|access|api)_?token|secret_?key)$")
_KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")
_PLACEHOLDER = re.compile(r"(?i)^(?:\W*|<.*>|\$?\{.*\}|x+|changeme|none|null|your.*|.*example.*|.*placeholder.*)$")


_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError, struct.error)
"""What reading an archive raises when it is none, is damaged, has a password, or is packed in an unknown way."""


def review(archive: bytes) -> Code:
    """Look at all Python files of a zip archive; one that does not parse is counted, but has no findings."""
    findings: list[Finding] = []
    lines = files = 0
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            sources = [member for member in members if member.filename.endswith(".py")]
            if sum(member.file_size for member in sources) > MOST_BYTES:
                raise UnreadableArchive(f"more than {MOST_BYTES // 1024**2} MB of Python source")
            for member in sources:
                text = opened.read(member).decode("utf-8-sig", "replace")
                lines += sum(1 for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
                files += 1
                findings += check(member.filename, text)
    except _BROKEN as error:
        raise UnreadableArchive("not a zip file that can be read") from error
    return Code(findings, lines, files, [member.filename for member in members])


def check(path: str, text: str) -> list[Finding]:
    """What is wrong with one file, in the order of its lines."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes: the matter of whoever runs the code
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    lines = text.splitlines()
    found = {(rule.id, start): (rule, start, end) for rule, start, end in _spots(tree)}
    return [
        Finding(rule, path, start, end, tuple(lines[start - 1 : end]))
        for rule, start, end in sorted(found.values(), key=lambda spot: (spot[1], spot[0].id))
    ]


def _spots(tree: ast.AST) -> Iterator[tuple[Rule, int, int]]:
    for node in ast.walk(tree):
        for look in _LOOKS:
            rule = look(node)
            if rule is not None:
                place = node.lineno, (node.end_lineno or node.lineno) if not hasattr(node, "body") else node.lineno  # type: ignore[attr-defined]  # only nodes that have a place come here
                yield rule, *place


def _injection(node: ast.AST) -> Rule | None:
    if not isinstance(node, ast.Call):
        return None
    name, first = _name(node.func), node.args[0] if node.args else None
    if name in ("eval", "exec", "builtins.eval", "builtins.exec"):
        return _EVAL if first is not None and not isinstance(first, ast.Constant) else None
    if name in ("os.system", "os.popen") and _is_built(first):
        return _SHELL
    if name.startswith("subprocess.") and _is(node, "shell", True) and _is_built(first or _keyword(node, "args")):
        return _SHELL
    runs = isinstance(node.func, ast.Attribute) and node.func.attr in ("execute", "executemany", "executescript")
    return _SQL if runs and _is_sql(first) else None


def _misuse(node: ast.AST) -> Rule | None:
    if not isinstance(node, ast.Call):
        return None
    name = _name(node.func)
    if name in ("pickle.load", "pickle.loads", "cPickle.loads", "marshal.loads", "shelve.open", "dill.loads"):
        return _PICKLE
    if name in ("yaml.load", "yaml.load_all"):
        loader = _keyword(node, "Loader") or (node.args[1] if len(node.args) > 1 else None)
        return None if loader is not None and "Safe" in ast.dump(loader) else _PICKLE
    if name in ("hashlib.md5", "hashlib.sha1"):
        return None if _is(node, "usedforsecurity", False) else _HASH
    if name in ("ssl._create_unverified_context",):
        return _VERIFY
    if name.split(".")[0] in ("requests", "httpx", "session") and _is(node, "verify", False):
        return _VERIFY
    return _MKTEMP if name == "tempfile.mktemp" else None


def _credential(node: ast.AST) -> Rule | None:
    pairs: list[tuple[str, ast.AST]] = []
    if isinstance(node, ast.Assign):
        pairs = [(_name(target).rpartition(".")[2], node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        pairs = [(_name(node.target).rpartition(".")[2], node.value)]
    elif isinstance(node, ast.keyword) and node.arg:
        pairs = [(node.arg, node.value)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _CREDENTIALS if _KEY_ID.search(node.value) and "EXAMPLE" not in node.value else None
    return _CREDENTIALS if any(_SECRET_NAME.search(name) and _is_secret(value) for name, value in pairs) else None


def _handler(node: ast.AST) -> Rule | None:
    if not isinstance(node, ast.ExceptHandler):
        return None
    if node.type is None:
        return _BARE
    broad = _name(node.type) in ("Exception", "BaseException")
    return _SWALLOWED if broad and all(isinstance(step, ast.Pass) for step in node.body) else None


def _default(node: ast.AST) -> Rule | None:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
    made = [d for d in defaults if isinstance(d, ast.List | ast.Dict | ast.Set) or _calls(d, ("list", "dict", "set"))]
    return _DEFAULT if made else None


_LOOKS: tuple[Callable[[ast.AST], Rule | None], ...] = (_injection, _misuse, _credential, _handler, _default)


def _name(node: ast.AST) -> str:
    """`a.b.c` as it is written; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _name(node.value)
        return f"{inner}.{node.attr}" if inner else node.attr
    return ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _is(call: ast.Call, name: str, value: bool) -> bool:
    given = _keyword(call, name)
    return isinstance(given, ast.Constant) and given.value is value


def _calls(node: ast.AST, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in names


def _is_built(node: ast.AST | None) -> bool:
    """Whether a command is not a constant, nor a list of arguments."""
    if isinstance(node, ast.List | ast.Tuple):
        return any(_is_built(item) for item in node.elts)
    return node is not None and not isinstance(node, ast.Constant)


def _is_sql(node: ast.AST | None) -> bool:
    """Whether a statement is a text with values in it."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        texts = [side for side in (node.left, node.right) if _holds_text(side)]
        return bool(texts) and not (isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def _holds_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return _holds_text(node.left) or _holds_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_secret(node: ast.AST) -> bool:
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return len(text) >= 4 and " " not in text and not _PLACEHOLDER.match(text)
