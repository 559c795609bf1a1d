"""Amazon CodeGuru: reviews, profiles and security scans of code."""

from __future__ import annotations

from functools import cached_property

from ..api.codeguru_reviewer import CodeguruReviewerOperations
from ..api.codeguru_security import CodeguruSecurityOperations
from ..api.codeguruprofiler import CodeguruprofilerOperations
from ..api.operations import Operations


class CodeGuru(Operations):
    """Amazon CodeGuru: its three services share operations' names, so each is an attribute."""

    @cached_property
    def reviewer(self) -> CodeguruReviewerOperations:
        """CodeGuru Reviewer: recommendations on repositories and pull requests."""
        return CodeguruReviewerOperations(self._caller)

    @cached_property
    def profiler(self) -> CodeguruprofilerOperations:
        """CodeGuru Profiler: where applications spend their time."""
        return CodeguruprofilerOperations(self._caller)

    @cached_property
    def security(self) -> CodeguruSecurityOperations:
        """CodeGuru Security: scans of code for vulnerabilities."""
        return CodeguruSecurityOperations(self._caller)
