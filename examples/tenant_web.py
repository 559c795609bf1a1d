"""A web application that tenants share: none can spend more than its plan, and each sees its bill.

Run it offline: AISERVICES_BACKEND=mock uvicorn examples.tenant_web:app
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Body, Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse

from aiservices import AsyncAI, Budget
from aiservices.errors import BudgetExceededError
from aiservices.money import Ledger

KEYS = {"acme-1": "acme", "tiny-1": "tiny"}
PLANS = {"acme": Budget(20, scope={"tenant": "acme"}), "tiny": Budget("0.001", scope={"tenant": "tiny"})}  # a month


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client and one ledger as long as the application runs; its other processes share the ledger."""
    with Ledger(os.environ.get("DATABASE_URL", "costs.db")) as app.state.ledger:
        async with AsyncAI(ledger=app.state.ledger, budgets=PLANS.values()) as app.state.ai:
            yield


app = FastAPI(lifespan=lifespan)


def tenant_of(x_api_key: Annotated[str, Header()]) -> str:
    if x_api_key not in KEYS:
        raise HTTPException(401, "unknown key")
    return KEYS[x_api_key]


Tenant = Annotated[str, Depends(tenant_of)]


@app.post("/reviews")
async def read(text: Annotated[str, Body(embed=True)], tenant: Tenant, request: Request) -> dict[str, str]:
    """How a review sounds. What that costs is the tenant's."""
    ai: AsyncAI = request.app.state.ai
    with ai.costs.tag(tenant=tenant, feature="reviews"):
        return {"sentiment": (await ai.comprehend.sentiment(text, language_code=None)).sentiment}


@app.get("/bill")
def bill(tenant: Tenant, request: Request) -> dict[str, str]:
    """What the tenant has spent so far, and what its plan has a month; dollars, exact."""
    spent = {one.of: one.billed + one.saved for one in request.app.state.ledger.sums("tag:tenant")}
    return {"spent": str(spent.get(tenant, 0)), "plan": str(PLANS[tenant].dollars)}


@app.exception_handler(BudgetExceededError)
async def stop(request: Request, error: BudgetExceededError) -> JSONResponse:
    """The plan is used up; nothing was sent."""
    return JSONResponse({"error": "the plan is used up", "left": str(error.left)}, 402)
