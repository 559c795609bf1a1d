"""One typed client over twelve AWS AI services, with a local mock that computes its answers.

from aiservices import AI

with AI(backend="mock") as ai:
    print(ai.comprehend.sentiment("What a wonderful day!"))
"""

from typing import TYPE_CHECKING, Any

from .client import AI, AsyncAI
from .config import Settings
from .jobs import Job

__all__ = ["AI", "AsyncAI", "Budget", "Estimate", "Job", "Settings"]

if TYPE_CHECKING:
    from .estimate import Estimate
    from .money.budget import Budget

    __version__: str
else:

    def __getattr__(name: str) -> Any:
        if name == "Budget":  # with the prices and all that knows about money
            from .money.budget import Budget

            return Budget
        if name == "Estimate":
            from .estimate import Estimate

            return Estimate
        if name == "__version__":  # reading it costs as much as all of the package's own imports
            from importlib.metadata import version

            return version("aiservices")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
