"""What can be asked of the bridge."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import time
from collections.abc import AsyncIterator, Callable

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bridge.errors import JaxmuseError
from bridge.identity import program_identity
from bridge.protocol.file import FileRequest
from bridge.protocol.reply import Problem
from bridge.protocol.request import FillRequest
from bridge.server.guard import Guard
from bridge.server.incoming import check_media_type, read_request
from bridge.server.jobs import Job, Jobs
from bridge.server.jobs import Request as Wanted
from bridge.server.problems import Refusal, json_response, problem_of, problem_response
from bridge.server.replies import Health, JobCounts, ModelList
from bridge.server.worker import Worker

TIDY_SECONDS = 1.0

ROUTES = {
    ("GET", "/v1/health"): "health",
    ("GET", "/v1/models"): "models",
    ("POST", "/v1/fill"): "fill",
    ("POST", "/v1/jobs"): "make_job",
    ("POST", "/v1/files"): "make_file_job",
    ("GET", "/v1/jobs/{id}"): "look_at_job",
    ("DELETE", "/v1/jobs/{id}"): "cancel_job",
}
"""Method and path of each call, and the method of `Calls` that answers it."""


class Calls:
    """The answer to each call; what they share is the jobs, the worker and the models."""

    def __init__(self, jobs: Jobs, worker: Worker, models: Callable[[], ModelList]) -> None:
        self._jobs, self._worker, self._models = jobs, worker, models
        self._started = time.monotonic()
        self._version, self._program = importlib.metadata.version("jaxmuse"), program_identity()
        self._readers, self._listers = anyio.CapacityLimiter(2), anyio.CapacityLimiter(1)

    async def health(self, request: Request) -> Response:
        """Say that the bridge is there and what it does."""
        running, queued = self._jobs.counts()
        health = Health(
            ready=self._worker.ready,
            warming=self._worker.warming,
            version=self._version,
            program=self._program,
            jobs=JobCounts(running=running, queued=queued),
            uptime_seconds=round(time.monotonic() - self._started, 3),
        )
        return json_response(health.model_dump_json())

    async def models(self, request: Request) -> Response:
        """List the models that requests can name."""
        listed = await to_thread.run_sync(self._models, limiter=self._listers)
        return json_response(listed.model_dump_json())

    async def fill(self, request: Request) -> Response:
        """Fill in one call; a client that goes away takes its job with it."""
        job = await self._submit(request, FillRequest)
        over = asyncio.wrap_future(job.over)
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait([over, gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            self._jobs.cancel(job)
        state = self._jobs.state_of(job)
        if state.reply is not None:
            return json_response(await to_thread.run_sync(state.reply.model_dump_json))
        assert state.problem is not None
        return problem_response(state.problem)

    async def make_job(self, request: Request) -> Response:
        """Put a fill into the queue and say under which id."""
        return self._made(await self._submit(request, FillRequest))

    async def make_file_job(self, request: Request) -> Response:
        """Put the fill of a whole file into the queue and say under which id."""
        return self._made(await self._submit(request, FileRequest))

    async def look_at_job(self, request: Request) -> Response:
        """Tell how far a job is, with its notes once it is done."""
        return await self._told(self._jobs.get(request.path_params["id"]))

    async def cancel_job(self, request: Request) -> Response:
        """Stop a job that isn't over; files that it brought are forgotten."""
        job = self._jobs.get(request.path_params["id"])
        self._jobs.cancel(job)
        self._jobs.forget_file(job)
        return await self._told(job)

    def _made(self, job: Job) -> Response:
        text = self._jobs.state_of(job).model_dump_json()
        return json_response(text, 202, {"Location": f"/v1/jobs/{job.id}"})

    async def _submit(self, request: Request, shape: type[Wanted]) -> Job:
        check_media_type(request)
        data = b"".join([piece async for piece in request.stream()])  # request.body() would keep it
        wanted = await to_thread.run_sync(self._read, data, shape, limiter=self._readers)
        del data
        request.state.release_body()
        return self._jobs.submit(wanted)

    def _read(self, data: bytes, shape: type[Wanted]) -> Wanted:
        self._jobs.check_room()
        return read_request(data, shape)

    async def _told(self, job: Job) -> Response:
        state = self._jobs.state_of(job)
        return json_response(await to_thread.run_sync(state.model_dump_json))


def make_app(token: str, jobs: Jobs, worker: Worker, models: Callable[[], ModelList]) -> ASGIApp:
    """Return the bridge's ASGI app; its end stops the jobs and with them the worker."""
    calls = Calls(jobs, worker, models)
    app = Starlette(
        routes=[
            Route(path, getattr(calls, name), methods=[method]) for (method, path), name in ROUTES.items()
        ],
        exception_handlers={
            Refusal: _told_refusal,
            JaxmuseError: _told_error,
            HTTPException: _told_http,
            Exception: _told_error,
        },
        lifespan=lambda app: _living(jobs),
    )
    app.router.redirect_slashes = False
    return Guard(app, token, jobs.heard)


@contextlib.asynccontextmanager
async def _living(jobs: Jobs) -> AsyncIterator[None]:
    async def tidy() -> None:
        while True:
            await asyncio.sleep(TIDY_SECONDS)
            jobs.tidy()

    tidying = asyncio.ensure_future(tidy())
    try:
        yield
    finally:
        tidying.cancel()
        jobs.stop()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _told_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return problem_response(error.problem, error.headers)


async def _told_error(request: Request, error: Exception) -> Response:
    return problem_response(problem_of(error))


async def _told_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = "not_found", "there is nothing at this address"
    if error.status_code == 405:
        code, message = "method_not_allowed", "that can't be done with this address"
    problem = Problem(code=code, message=message, fix="docs/bridge.md lists the calls.")
    return problem_response(problem, error.headers)
