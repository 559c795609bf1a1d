"""Amazon Comprehend: texts analysed at once and in jobs, custom models trained, endpoints and flywheels kept.

Everything is computed from the texts. Not kept: roles, keys and networks are taken and shown, never checked;
nothing depends on DocumentReaderConfig; a flywheel promotes nothing by itself, UpdateFlywheel does.
"""

from __future__ import annotations

from .detect import Detect
from .endpoints import ENDPOINTS
from .flywheels import FLYWHEELS
from .jobs import JOBS, Jobs
from .models import MODELS

__all__ = ["Comprehend"]


class Comprehend(Detect, Jobs):
    """Comprehend's operations and what it keeps."""

    name = "comprehend"
    resources = (*MODELS, *ENDPOINTS, *FLYWHEELS, *JOBS)
