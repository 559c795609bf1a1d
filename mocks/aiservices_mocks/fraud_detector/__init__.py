"""Amazon Fraud Detector: event types and events, detectors with their rules, models, predictions and jobs.

Kept of the real service: every Put replaces, every Get lists and is not found when it names one that is not there,
what is used cannot be deleted, versions have numbers, detector and model versions change their status as AWS lets
them, rules are evaluated in order, models need enough events to learn from, and predictions are remembered when their
detector is gone. Models are naive Bayes, and external models do not answer.
"""

from __future__ import annotations

from .control import FraudDetector

__all__ = ["FraudDetector"]
