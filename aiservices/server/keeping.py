"""What a served mock remembers, kept in a folder: saved every so often, when asked, and at the end."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidCallError

if TYPE_CHECKING:
    from .app import Application


class Keeping:
    """The folder that an application's mock is saved in; no other program can save there meanwhile.

    state: an open `aiservices_mocks.state.State`. every: seconds from one save to the next; None saves when asked and
    at the end only.
    """

    def __init__(self, application: Application, state: Any, every: float | None) -> None:
        self._application = application
        self._state = state
        self._every = every
        self._saving = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.changed = False
        """Whether anything was asked for since the last save."""

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self._state.path)

    def load(self, s3: Any, seed: int | None) -> Any:
        """The mock that was saved; None when none was.

        Raises InvalidCallError when it cannot be read, or is of another seed than this one.
        """
        try:
            saved = self._state.load(s3)
            if saved is not None and seed not in (None, saved.seed):
                raise InvalidCallError(f"{self.path} was saved with seed {saved.seed}: leave seed {seed} out")
        except InvalidCallError:
            self._state.close()
            raise
        return saved

    def start(self) -> None:
        """Save from time to time from now on."""
        if self._every is not None and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="aiservices-saving", daemon=True)
            self._thread.start()

    def save(self) -> None:
        """Save what there is now: whatever was answered before this is in it."""
        with self._saving:
            self.changed = False
            self._state.save(self._application.backend, remote=True)

    def close(self) -> None:
        """Save for the last time, and let others have the folder."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.save()
        finally:
            self._state.close()

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            if self.changed:
                self._save_or_tell()

    def _save_or_tell(self) -> None:
        """The state before holds as long as there is no newer one, and the next save may do."""
        try:
            self.save()
        except OSError as error:
            self.changed = True
            logging.getLogger("aiservices").error("the state was not saved: %s", error)
