"""Writes `models/<service>.json` from the installed botocore, without its prose, and from these the stubs.

    python -m aiservices.api.snapshot              write the models and the stubs
    python -m aiservices.api.snapshot --check      fail when a committed file is not what this would write
    python -m aiservices.api.snapshot --outdated   fail when the installed botocore is newer than the models

After a verb of `services/` has changed, this brings its coroutine in `services/aio.pyi` up to date.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ..call import SERVICES
from .versions import numbers

MODELS = Path(__file__).parent / "models"
_ABOUT = "Write the service models from the installed botocore, and the stubs from them."
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


def models() -> dict[Path, str]:
    """Every model file and its text, from the installed botocore."""
    return {MODELS / f"{service}.json": snapshot(service) for service in SERVICES}


def stubs() -> dict[Path, str]:
    """Every stub and its text, from the models as they are on disk."""
    from .aio_stub import SERVICES_FOLDER, aio_stub
    from .stubs import stub

    here = Path(__file__).parent
    found = {here / f"{service.replace('-', '_')}.pyi": stub(service) for service in SERVICES}
    return found | {SERVICES_FOLDER / "aio.pyi": aio_stub()}


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m aiservices.api.snapshot", description=_ABOUT)
    parser.add_argument("--check", action="store_true", help="fail when a committed file is not what this would write")
    parser.add_argument("--outdated", action="store_true", help="fail when the installed botocore is newer")
    options = parser.parse_args(arguments)
    if options.outdated:
        return _outdated()
    return _check() if options.check else _write()


def _outdated() -> int:
    committed, installed = committed_version(), installed_version()
    sys.stdout.write(f"models of botocore {committed}, installed {installed}\n")
    return 1 if numbers(installed) > numbers(committed) else 0


def _check() -> int:
    stale = _stale(stubs())
    if installed_version() == committed_version():
        stale |= _stale(models())
    else:
        sys.stdout.write(
            f"models not compared: they are of botocore {committed_version()}, installed is {installed_version()}\n"
        )
    sys.stdout.writelines(f"not what the snapshot writes: {path}\n" for path in stale)
    return 1 if stale else 0


def _write() -> int:
    # The stubs are read from the models, which therefore come first.
    count = sum(_put(_stale(make())) for make in (models, stubs))
    sys.stdout.write(f"{count} files written from botocore {installed_version()}\n")
    return 0


def _stale(files: dict[Path, str]) -> dict[Path, str]:
    return {p: text for p, text in files.items() if not p.exists() or p.read_text("utf-8") != text}


def _put(files: dict[Path, str]) -> int:
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return len(files)


if __name__ == "__main__":
    raise SystemExit(main())
