"""Amazon Fraud Detector: fraud scores of events."""

from __future__ import annotations

from ..api.frauddetector import FrauddetectorOperations


class FraudDetector(FrauddetectorOperations):
    """Amazon Fraud Detector: fraud scores of events."""
