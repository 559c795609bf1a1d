"""Amazon Rekognition: labels, faces and text in images and video."""

from __future__ import annotations

from ..api.rekognition import RekognitionOperations


class Rekognition(RekognitionOperations):
    """Amazon Rekognition: labels, faces and text in images and video."""
