"""Amazon Forecast: data, predictors, forecasts, and what is made of them.

Imports read files from S3, predictors are judged on them, forecasts follow from them: by a seasonal engine that learns
each series by itself. Whichever algorithm is asked for, it is this engine that answers. Related series do not change
forecasts; what-if forecasts and explanations tell what they would do. Weather, holidays, texts and item metadata have
no effect.

As on the real service a group does not keep its datasets from being deleted, and what was made of something must be
deleted before it, or with it by DeleteResourceTree.
"""

from __future__ import annotations

from aiservices_mocks.resources import Life

from . import datasets, explain, exports, forecasts, monitors, predictors, what_if
from .base import life, row
from .datasets import Datasets
from .explain import Explanations
from .exports import Exports
from .forecasts import Forecasts
from .monitors import Monitors
from .predictors import Predictors
from .query import ForecastQuery
from .tree import Tree
from .what_if import WhatIf

__all__ = ["Forecast", "ForecastQuery"]

_KEPT = Life("Status", (("CREATE_PENDING", 5), ("CREATE_IN_PROGRESS", 10), ("ACTIVE", 0)))
_QUICK = life(30, 300)
_SLOW = life(60, 1800)
_FORECAST = {"ForecastArn": "Forecast"}


class Forecast(Datasets, Predictors, Forecasts, WhatIf, Explanations, Exports, Monitors, Tree):
    """What Forecast keeps, and what it finds in data."""

    name = "forecast"
    resources = (
        row("Dataset", "dataset", life=_KEPT, quota=1500),
        row("DatasetGroup", "dataset-group", life=_KEPT, defaults={"DatasetArns": []}, quota=500),
        row(
            "DatasetImportJob",
            "dataset-import-job",
            arn="dataset-import-job/{DatasetName}/{DatasetImportJobName}",
            uses={"DatasetArn": "Dataset"},
            life=_QUICK,
            work=datasets.read,
            defaults={"ImportMode": "FULL", "Format": "CSV"},
        ),
        row(
            "Predictor",
            "predictor",
            arn="predictor/{Id}",
            unique="PredictorName",
            life=predictors.LIFE,
            work=predictors.train,
            quota=500,
            operations={"create": "CreateAutoPredictor", "read": "DescribeAutoPredictor"},
        ),
        row(
            "Forecast",
            "forecast",
            uses={"PredictorArn": "Predictor"},
            life=_SLOW,
            work=forecasts.predict,
            quota=100,
        ),
        row(
            "WhatIfAnalysis",
            "what-if-analysis",
            uses=_FORECAST,
            life=_QUICK,
            work=what_if.analyse,
            operations={"list": "ListWhatIfAnalyses"},
        ),
        row(
            "WhatIfForecast",
            "what-if-forecast",
            uses={"WhatIfAnalysisArn": "WhatIfAnalysis"},
            life=_QUICK,
            work=what_if.vary,
        ),
        row(
            "Explainability",
            "explainability",
            uses={"ResourceArn": "Predictor|Forecast"},
            life=_SLOW,
            work=explain.explain,
        ),
        row("Monitor", "monitor", uses={"ResourceArn": "Predictor"}, life=monitors.LIFE),
        row(
            "ForecastExportJob",
            "forecast-export-job",
            arn="forecast-export-job/{ForecastName}/{ForecastExportJobName}",
            uses=_FORECAST,
            life=_QUICK,
            work=exports.write_forecast,
            defaults={"Format": "CSV"},
        ),
        row(
            "PredictorBacktestExportJob",
            "predictor-backtest-export-job",
            arn="predictor-backtest-export-job/{PredictorId}/{PredictorBacktestExportJobName}",
            uses={"PredictorArn": "Predictor"},
            life=_QUICK,
            work=exports.write_backtest,
            defaults={"Format": "CSV"},
        ),
        row(
            "WhatIfForecastExport",
            "what-if-forecast-export",
            uses={"WhatIfForecastArns": "WhatIfForecast"},
            life=_QUICK,
            work=exports.write_what_if,
            defaults={"Format": "CSV"},
        ),
        row(
            "ExplainabilityExport",
            "explainability-export",
            arn="explainability-export/{ExplainabilityName}/{ExplainabilityExportName}",
            uses={"ExplainabilityArn": "Explainability"},
            life=_QUICK,
            work=exports.write_explainability,
            defaults={"Format": "CSV"},
        ),
    )
