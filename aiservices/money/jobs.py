"""How AWS counts what one call begins and another one tells the end of: jobs, tasks, training.

A job is billed when it has ended, and counted at the read that first finds it so. What failed costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import media_jobs, model_jobs, text_jobs
from .job import Begin, Read

READS: Mapping[tuple[str, str], Read] = {**text_jobs.READS, **media_jobs.READS, **model_jobs.READS}
"""The calls that tell the end of what another one has begun."""

BEGINS: Mapping[tuple[str, str], Begin] = {**text_jobs.BEGINS, **media_jobs.BEGINS, **model_jobs.BEGINS}
"""What begins a job."""
