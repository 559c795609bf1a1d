"""Offer files of AWS's Price List as they are documented, made by hand; the numbers are of these tests.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Dimensions = list[tuple[str, str, str]]
"""From, to, and dollars a unit."""


def offer(code: str, *products: tuple[str, str, Dimensions], region: str = "us-east-1", **more: Any) -> dict[str, Any]:
    """An offer of some products: usage type, unit and price dimensions."""
    told: dict[str, Any] = {
        "formatVersion": "v1.0", "disclaimer": "none", "offerCode": code, "version": "20261101000000",
        "publicationDate": "2026-11-01T00:00:00Z", "products": {}, "terms": {"OnDemand": {}},
    }  # fmt: skip
    for number, (usage, unit, dimensions) in enumerate(products):
        sku = f"SKU{number:013}"
        told["products"][sku] = {
            "sku": sku,
            "productFamily": "API Calls",
            "attributes": {
                "servicecode": code, "location": "US East (N. Virginia)", "locationType": "AWS Region",
                "usagetype": usage, "operation": usage.partition("-")[2], "regionCode": region,
                **({"groupDescription": usage.removeprefix("group:")} if usage.startswith("group:") else {}),
            },
        }  # fmt: skip
        term = f"{sku}.JRTCKXETXF"
        told["terms"]["OnDemand"][sku] = {
            term: {
                "offerTermCode": "JRTCKXETXF", "sku": sku, "effectiveDate": "2026-11-01T00:00:00Z", "termAttributes": {},
                "priceDimensions": {
                    f"{term}.R{rate}": {
                        "rateCode": f"{term}.R{rate}", "description": "...", "beginRange": begin, "endRange": end,
                        "unit": unit, "appliesTo": [], "pricePerUnit": {"USD": price},
                    }
                    for rate, (begin, end, price) in enumerate(dimensions)
                },
            }
        }  # fmt: skip
    return {**told, **more}


def flat(price: str) -> Dimensions:
    """One price from zero on."""
    return [("0", "Inf", price)]


def written(path: Path, told: Any) -> Path:
    """The file of an offer."""
    path.write_text(json.dumps(told), "utf-8")
    return path
