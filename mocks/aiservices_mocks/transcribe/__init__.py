"""Amazon Transcribe: jobs of four kinds, and what is kept for them.

Computed: what the header of a media file says, where files are written and how they look. Made up until there is a
recogniser: the words. Kept: vocabularies, vocabulary filters, language models and call analytics categories.
"""

from __future__ import annotations

from aiservices_mocks.resources import Resource

from . import jobs, vocabularies
from .jobs import Jobs
from .vocabularies import Vocabularies


class Transcribe(Jobs, Vocabularies):
    """Transcribe as the mock answers it."""

    name = "transcribe"
    token_error = "BadRequestException"
    resources = (
        *vocabularies.ROWS,
        Resource("CallAnalyticsCategory", "CategoryName", arn="analytics-category/{CategoryName}"),
        *jobs.ROWS,
    )
