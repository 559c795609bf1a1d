"""Amazon CodeGuru: repositories and reviews, profiling groups and profiles, scans and findings.

Code that lies in the world's S3 is really read: Python files are held against a few rules over their syntax trees.
Other languages, and repositories that lie elsewhere, are not.
"""

from __future__ import annotations

from .profiler import CodeGuruProfiler
from .reviewer import CodeGuruReviewer
from .security import CodeGuruSecurity

__all__ = ["CodeGuruProfiler", "CodeGuruReviewer", "CodeGuruSecurity"]
