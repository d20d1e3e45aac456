"""The stack that most would choose: FastAPI, slowapi for limits, SQLAlchemy on aiosqlite, a session for each request.

It runs in an environment of its own, without our packages: see `requirements.in`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from uuid import UUID

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from slowapi import Limiter
from slowapi.util import get_remote_address
from sqlalchemy import event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Review(Base):
    __tablename__ = "review"
    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    lang: Mapped[str]
    satisfaction: Mapped[str]
    verbatim: Mapped[str | None]


class Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")
    satisfaction: Literal["bad", "medium", "good"]
    verbatim: str | None = Field(None, max_length=5000)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: UUID
    key: str
    answers: Answers
    lang: str = "fr"


# One connection: SQLite has one writer, and several of them would only wait for each other (measured: a third slower).
engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['PEER_DATABASE']}", pool_size=1, max_overflow=0)
session = async_sessionmaker(engine)
limiter = Limiter(key_func=get_remote_address)


@event.listens_for(engine.sync_engine, "connect")
def durable(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


@asynccontextmanager
async def database(_app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


app = FastAPI(lifespan=database)
app.state.limiter = limiter


@app.post("/api/v1/reviews", status_code=201)
@limiter.limit("100000000/minute")
async def receive(request: Request, body: Body) -> dict[str, str]:  # noqa: ARG001 - slowapi wants it
    async with session() as opened:
        opened.add(Review(id=str(body.id), key=body.key, lang=body.lang, **body.answers.model_dump()))
        await opened.commit()
    return {"status": "created"}
