"""Amazon Rekognition: collections, projects and their models, jobs, stream processors, sessions; and what is found.

Text in pictures is read. What takes eyes for faces and things is made up until an engine looks: it is marked `schema`,
follows from the picture's bytes, and keeps to what the request asks for. All around it is kept as AWS does.
"""

from __future__ import annotations

from .media_analysis import MediaAnalysis
from .models import Models
from .projects import Projects
from .search import Search
from .streams import Streams
from .text import Text
from .video import Videos


class Rekognition(Search, Text, Videos, MediaAnalysis, Projects, Models, Streams):
    """All of Rekognition."""

    name = "rekognition"
    token_error = "InvalidPaginationTokenException"
    resources = (
        *Search.rows, *Projects.rows, *Models.rows, *Videos.rows, *MediaAnalysis.rows, *Streams.rows,
    )  # fmt: skip
