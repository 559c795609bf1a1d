"""Writes `models/<service>.json` from the installed botocore: operations, shapes, constraints, no prose.

python -m aiservices.api.snapshot              write the models and the stubs
python -m aiservices.api.snapshot --check      fail when a committed file is not what this would write
python -m aiservices.api.snapshot --outdated   tell whether the installed botocore is newer
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ..call import SERVICES

MODELS = Path(__file__).parent / "models"
_PROSE = {"documentation", "deprecatedMessage"}


def snapshot(service: str) -> str:
    """The text of a service's model file, from the installed botocore."""
    import botocore
    from botocore.exceptions import UnknownServiceError
    from botocore.loaders import Loader

    loader = Loader()
    model = loader.load_service_model(service, "service-2")
    kept: dict[str, Any] = {"service": service, "botocore": botocore.__version__}
    kept |= {key: _without_prose(model[key]) for key in ("version", "metadata", "operations", "shapes")}
    for part, kind, key in (("paginators", "paginators-1", "pagination"), ("waiters", "waiters-2", "waiters")):
        try:
            kept[part] = _without_prose(loader.load_service_model(service, kind)[key])
        except UnknownServiceError:
            kept[part] = {}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n"


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        # A member may itself be called "documentation": prose is a string, a member is a dict.
        return {k: _without_prose(v) for k, v in value.items() if not (k in _PROSE and isinstance(v, str))}
    if isinstance(value, list):
        return [_without_prose(item) for item in value]
    return value


def installed_version() -> str:
    """The installed botocore's version."""
    import botocore

    return str(botocore.__version__)


def committed_version() -> str:
    """The botocore version the committed models came from."""
    return str(json.loads((MODELS / "comprehend.json").read_text("utf-8"))["botocore"])


def files() -> dict[Path, str]:
    """Every generated file and its text."""
    return {MODELS / f"{service}.json": snapshot(service) for service in SERVICES}


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m aiservices.api.snapshot", description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--outdated", action="store_true")
    options = parser.parse_args(arguments)
    if options.outdated or (options.check and installed_version() != committed_version()):
        same = installed_version() == committed_version()
        sys.stdout.write(f"snapshot of botocore {committed_version()}, installed {installed_version()}\n")
        return 0 if options.check or same else 1
    stale = {p: text for p, text in files().items() if not p.exists() or p.read_text("utf-8") != text}
    if options.check:
        sys.stdout.writelines(f"not what the snapshot writes: {path}\n" for path in stale)
        return 1 if stale else 0
    for path, text in stale.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    sys.stdout.write(f"{len(stale)} files written from botocore {installed_version()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
