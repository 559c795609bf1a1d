"""What watches calls: logs, costs."""

from .costs import Costs
from .logs import JSONFormatter, Logs, TextFormatter

__all__ = ["Costs", "JSONFormatter", "Logs", "TextFormatter"]
