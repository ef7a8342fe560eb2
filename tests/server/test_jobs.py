"""The queue by itself, with a clock that the test turns."""

from __future__ import annotations

import pytest
from server.bridges import as_json, made_reply, made_request

from bridge.protocol.file import FileReply, FileRequest
from bridge.protocol.reply import Problem, Timing
from bridge.protocol.request import FillRequest
from bridge.server.jobs import (
    JOB_SECONDS,
    KEPT_SECONDS,
    MOST_FINISHED,
    MOST_QUEUED,
    UNHEARD_SECONDS,
    WAIT_SECONDS,
    Cancelled,
    Jobs,
)
from bridge.server.problems import Refusal

REQUEST = FillRequest.model_validate_json(as_json(made_request()))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(clock: Clock) -> Jobs:
    return Jobs(clock)


def code(jobs: Jobs, name: str) -> str:
    with pytest.raises(Refusal) as caught:
        jobs.get(name)
    return caught.value.problem.code


def test_jobs_are_taken_in_turn(jobs: Jobs) -> None:
    made = [jobs.submit(REQUEST) for _ in range(3)]
    assert [jobs.state_of(job).position for job in made] == [0, 1, 2]
    for job in made:
        assert jobs.take(0) is job
        jobs.finish(job, made_reply(), None)
    assert jobs.take(0) is None


def test_the_queue_has_a_bound_which_the_one_that_runs_does_not_count_in(jobs: Jobs) -> None:
    jobs.submit(REQUEST)
    jobs.take(0)
    for _ in range(MOST_QUEUED):
        jobs.submit(REQUEST)
    with pytest.raises(Refusal, match="waiting already") as caught:
        jobs.submit(REQUEST)
    assert caught.value.headers["Retry-After"]
    assert jobs.counts() == (1, MOST_QUEUED)


def test_ids_cannot_be_guessed(jobs: Jobs) -> None:
    names = {jobs.submit(REQUEST).id for _ in range(MOST_QUEUED)}
    assert len(names) == MOST_QUEUED
    assert min(map(len, names)) >= 16


def test_progress_only_grows_and_ends_at_one(jobs: Jobs) -> None:
    job = jobs.submit(REQUEST)
    jobs.take(0)
    seen = []
    for share in (0.2, 0.1, float("nan"), 7.0):
        jobs.advance(job, share)
        seen.append(jobs.state_of(job).progress)
    assert seen == [0.2, 0.2, 0.2, 1.0]


def test_a_cancelled_job_hears_of_it_at_its_next_step(jobs: Jobs) -> None:
    job = jobs.submit(REQUEST)
    jobs.take(0)
    jobs.cancel(job)
    with pytest.raises(Cancelled):
        jobs.advance(job, 0.5)
    jobs.finish(job, None, None)
    assert jobs.state_of(job).state == "cancelled"
    assert jobs.counts() == (0, 0)


def test_what_comes_too_late_changes_nothing(jobs: Jobs) -> None:
    job = jobs.submit(REQUEST)
    jobs.take(0)
    jobs.cancel(job)
    jobs.finish(job, made_reply(), None)
    assert jobs.state_of(job).state == "cancelled"
    assert jobs.state_of(job).reply is None


def test_a_request_is_forgotten_once_it_is_over(jobs: Jobs) -> None:
    job = jobs.submit(REQUEST)
    jobs.cancel(job)
    assert job.request is None


def test_a_fill_that_takes_too_long_is_given_up(jobs: Jobs, clock: Clock) -> None:
    job, waiting = jobs.submit(REQUEST), jobs.submit(REQUEST)
    jobs.take(0)
    clock.now = JOB_SECONDS
    jobs.tidy()
    assert jobs.state_of(job).state == "running"
    clock.now += 1
    jobs.tidy()
    state = jobs.state_of(job)
    assert (state.state, state.problem and state.problem.code) == ("failed", "timeout")
    with pytest.raises(Cancelled):
        jobs.advance(job, 0.5)
    assert jobs.state_of(waiting).state == "queued"
    clock.now = WAIT_SECONDS + 1
    jobs.tidy()
    assert jobs.state_of(waiting).state == "failed"
    assert jobs.counts() == (1, 0), "the thread is still at it"


def test_old_jobs_are_forgotten(jobs: Jobs, clock: Clock) -> None:
    job = jobs.submit(REQUEST)
    jobs.finish(jobs.take(0) or job, made_reply(), None)
    clock.now = KEPT_SECONDS
    jobs.tidy()
    assert jobs.get(job.id) is job
    clock.now += 1
    jobs.tidy()
    assert code(jobs, job.id) == "not_found"


def test_only_so_many_finished_jobs_are_kept(jobs: Jobs, clock: Clock) -> None:
    names = []
    for number in range(MOST_FINISHED + 3):
        clock.now = float(number)
        job = jobs.submit(REQUEST)
        jobs.take(0)
        jobs.finish(job, made_reply(), None)
        jobs.tidy()
        names.append(job.id)
    assert [code(jobs, name) for name in names[:3]] == ["not_found"] * 3
    assert [jobs.get(name).id for name in names[3:]] == names[3:]


def test_a_stop_settles_everything_and_takes_no_more(jobs: Jobs) -> None:
    running, queued = jobs.submit(REQUEST), jobs.submit(REQUEST)
    jobs.take(0)
    jobs.stop()
    for job in (running, queued):
        problem = jobs.state_of(job).problem
        assert problem is not None
        assert problem.code == "stopping"
    assert jobs.take(0) is None
    with pytest.raises(Refusal, match="stopping"):
        jobs.submit(REQUEST)


def test_idle_means_that_nobody_asks_and_nothing_runs(jobs: Jobs, clock: Clock) -> None:
    clock.now = 100
    assert jobs.idle_seconds() == 100
    job = jobs.submit(REQUEST)
    assert jobs.idle_seconds() == 0
    jobs.take(0)
    clock.now = 200
    assert jobs.idle_seconds() == 0
    jobs.finish(job, None, Problem(code="unfillable", message="m", fix="f"))
    clock.now = 230
    assert jobs.idle_seconds() == 30
    jobs.heard()
    assert jobs.idle_seconds() == 0


FILE_REQUEST = FileRequest(name="a.musicxml", kind="musicxml", content="")
FILE_REPLY = FileReply(
    model="wavenet",
    seed=1,
    seconds=Timing(read=0, fill=0, write=0, total=0),
    parts=[],
    measures=[],
    where="",
    summary="",
    alternatives=[],
)


@pytest.mark.parametrize("running", [False, True])
def test_a_file_whose_client_is_gone_is_dropped(jobs: Jobs, clock: Clock, running: bool) -> None:
    asked, left = jobs.submit(FILE_REQUEST), jobs.submit(REQUEST)
    if running:
        assert jobs.take(0) is asked
    clock.now += UNHEARD_SECONDS - 1
    jobs.get(asked.id)
    clock.now += UNHEARD_SECONDS
    jobs.tidy()
    assert (asked.state, left.state) == ("queued" if not running else "running", "queued")
    clock.now += 1
    jobs.tidy()
    assert (asked.state, left.state) == ("cancelled", "queued")


def test_files_that_nobody_takes_are_forgotten(jobs: Jobs, clock: Clock) -> None:
    filled, other = jobs.submit(FILE_REQUEST), jobs.submit(REQUEST)
    for job, reply in ((filled, FILE_REPLY), (other, made_reply())):
        assert jobs.take(0) is job
        jobs.finish(job, reply, None)
    clock.now += UNHEARD_SECONDS + 1
    jobs.tidy()
    assert jobs.get(other.id).reply
    assert code(jobs, filled.id) == "not_found"
