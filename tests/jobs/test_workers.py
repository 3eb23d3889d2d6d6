"""Workers that are told to end, killed, starved and fed poison (C08, C09, C16, C17), and locks taken crosswise (C21)."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, connections, transaction

from debitora.dunning.actions import approve_run
from debitora.dunning.jobs import sweep
from debitora.dunning.queries.notices import left_to_render
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_ready_company, a_run
from debitora.kit.pg.company import serving
from debitora.kit.queue import MOST_ATTEMPTS, defer, rescue_stalled, work_off, worker_app
from debitora.people.models import Company
from debitora.receivables.actions.locks import lock_customers
from debitora.receivables.testing import a_customer
from tests.jobs.conftest import Work
from tests.jobs.working import PAUSE

PATIENCE = 60.0
ROUNDS = 200


def noted(folder: Path) -> list[str]:
    """What the jobs have noted so far."""
    place = folder / "notes"
    return place.read_text().splitlines() if place.exists() else []


def until(reached: Callable[[], object]) -> None:
    """Wait for another process to come so far; fails after a minute."""
    end = monotonic() + PATIENCE
    while not reached():
        assert monotonic() < end, "it was never reached"
        sleep(PAUSE)


def jobs() -> dict[tuple[str, int], tuple[str, int]]:
    """(task, number) -> (status, attempts) of the tests' jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, (args ->> 'number')::int, status::text, attempts from procrastinate_jobs"
            " where task_name like 'tests.%' order by id"
        )
        return {(task, number): (status, attempts) for task, number, status, attempts in cursor.fetchall()}


def let_time_pass() -> None:
    """Waiting jobs are due, and the heartbeats of workers are old; both are kept in database time, which no test moves."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = now() where scheduled_at > now()")
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 hour'")


def rescue() -> None:
    """What the rescue does each minute."""

    async def once() -> None:
        with worker_app() as working:
            async with working.open_async():
                await rescue_stalled.func(type("Context", (), {"app": working})(), 0)

    asyncio.run(once())


def work_here() -> None:
    """Work off what is due in this process."""
    work_off(wait=False)


def ask(task: str, company: Company, *numbers: int) -> None:
    for number in numbers:
        defer(task, company=company.id, number=number)


def test_c08_a_worker_told_to_end_ends_its_step_and_begins_no_other(
    folder: Path, company: Company, work: Work
) -> None:
    ask("tests.slow", company, 1, 2, 3, 4)
    worker = work("wait")
    until(lambda: len(noted(folder)) == 2)  # it does two at a time
    worker.send_signal(signal.SIGTERM)
    (folder / "go").touch()
    assert worker.wait(PATIENCE) == 0
    assert sorted(noted(folder)) == ["begin 1", "begin 2", "end 1", "end 2"]
    assert {status for status, _attempts in jobs().values()} == {"todo"}
    work_here()
    assert sorted(noted(folder)) == sorted(f"{word} {n}" for word in ("begin", "end") for n in (1, 2, 3, 4))
    assert jobs() == {}


def test_c08_told_twice_it_ends_at_once_and_its_run_is_released_once_by_the_next(
    folder: Path, company: Company, work: Work
) -> None:
    """The release of a run waits for a customer's lock when its worker is told to end; nothing of it stays half done."""
    with transaction.atomic():
        a_ready_company(company)
        customers = [a_late_payer(company, number) for number in ("10001", "10002")]
        run = a_run(company).run
        assert run is not None
        approve_run(company=company.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    with transaction.atomic():
        locked_at_once(customers[1])
        worker = work("wait")
        until(somebody_waits_for_a_lock)
        worker.send_signal(signal.SIGTERM)
        until(lambda: not catches(worker.pid, signal.SIGTERM))
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == -signal.SIGTERM
        assert (left_to_render(run=run), released(run)) == (2, ["approved"])
    sweep(0)  # the run waits, so it is asked for again beside the job of the dead worker
    let_time_pass()
    rescue()
    work_here()
    with serving(company.id), transaction.atomic():
        assert (left_to_render(run=run), released(run)) == (0, ["released", "rendered", "rendered"])


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select from pg_locks l join pg_stat_activity a using (pid)"
            " where not l.granted and a.datname = current_database()"
        )
        return bool(cursor.fetchall())


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


def released(run: int) -> list[str]:
    """The state of a run, and each time that one of its letters was made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.state, e.kind from dunning_run r left join dunning_notice n on n.run_id = r.id"
            " left join dunning_noticeevent e on e.notice_id = n.id and e.kind = 'rendered'"
            " where r.id = %s",
            [run],
        )
        found = cursor.fetchall()
    return [found[0][0], *(kind for _state, kind in found if kind)]


def test_c09_a_job_that_gets_no_memory_is_tried_again_later_and_the_others_are_done(
    folder: Path, company: Company, work: Work
) -> None:
    (folder / "go").touch()
    ask("tests.hungry", company, 1)
    ask("tests.slow", company, 2)
    assert work("once", "4000").wait(PATIENCE) == 0
    assert noted(folder) == ["begin 1", "begin 2", "end 2"]
    assert jobs() == {("tests.hungry", 1): ("todo", 1)}


def test_c09_a_job_that_kills_its_workers_is_laid_aside_with_the_third_and_the_others_are_done(
    folder: Path, company: Company, work: Work
) -> None:
    """A worker that the system kills for its memory leaves no word: the rescue counts."""
    (folder / "go").touch()
    ask("tests.deadly", company, 1)
    ask("tests.slow", company, 2)
    workers = work("anew")
    for attempt in (1, 2, 3):
        assert next_one(workers) == -signal.SIGKILL
        assert jobs()["tests.deadly", 1] == ("doing", attempt - 1)
        let_time_pass()
        rescue()
    assert jobs()["tests.deadly", 1] == ("failed", 3)
    assert next_one(workers) == 0
    assert noted(folder) == ["begin 1", "begin 1", "begin 1", "begin 2", "end 2"]


def next_one(workers: subprocess.Popen[bytes]) -> int:
    """Let another worker work off what waits: its exit code, negative: the signal that killed it."""
    workers.stdin.write(b"\n")
    workers.stdin.flush()
    return int(workers.stdout.readline())


def test_c16_poison_is_tried_again_later_then_laid_aside_and_the_others_are_done(
    folder: Path, company: Company
) -> None:
    (folder / "go").touch()
    ask("tests.poison", company, 1)
    ask("tests.slow", company, 2)
    work_here()
    assert noted(folder) == ["begin 1", "begin 2", "end 2"]
    for attempt in range(1, MOST_ATTEMPTS):
        assert jobs() == {("tests.poison", 1): ("todo", attempt)}
        work_here()
        assert noted(folder).count("begin 1") == attempt  # it waits for its time
        let_time_pass()
        work_here()
    assert jobs()["tests.poison", 1] == ("failed", MOST_ATTEMPTS)
    let_time_pass()
    work_here()
    assert noted(folder).count("begin 1") == MOST_ATTEMPTS


def test_c17_what_a_dead_worker_held_is_free_and_its_job_is_done_by_the_next(
    folder: Path, company: Company, work: Work
) -> None:
    with transaction.atomic():
        customer = a_customer(company.id, "10001")
    ask("tests.locking", company, customer)
    worker = work("wait")
    until(lambda: noted(folder) == [f"begin {customer}"])
    with pytest.raises(OperationalError), transaction.atomic():
        locked_at_once(customer)
    worker.kill()
    worker.wait()
    until(lambda: free(customer))
    assert jobs() == {("tests.locking", customer): ("doing", 0)}
    let_time_pass()
    rescue()
    (folder / "go").touch()
    assert work("once").wait(PATIENCE) == 0
    assert noted(folder) == [f"begin {customer}", f"begin {customer}", f"end {customer}"]


def test_c17_of_two_workers_one_is_killed_in_a_run_and_both_companies_runs_end_once(
    folder: Path, company: Company, other_company: Company, work: Work
) -> None:
    """The run of one company waits for a customer's lock, the other company's waits for nobody. Then the worker that waits dies."""
    runs, customers = {}, []
    for found in (company, other_company):
        with serving(found.id), transaction.atomic():
            a_ready_company(found)
            late = [a_late_payer(found, number) for number in ("10001", "10002")]
            customers.append(late[1])
            runs[found.id] = a_run(found).run or 0
            approve_run(company=found.id, run=runs[found.id], by=TESTS, at=MOMENT, confirmed=True)
    with transaction.atomic():
        locked_at_once(customers[0])
        first = work("wait")
        until(somebody_waits_for_a_lock)
        second = work("wait")
        until(lambda: stands(other_company, runs)[0] == "released")
        assert stands(company, runs) == ["approved"]
        first.kill()
        first.wait()
    let_time_pass()
    rescue()
    sweep(0)
    until(lambda: stands(company, runs)[0] == "released")
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0
    for found in (company, other_company):
        assert stands(found, runs) == ["released", "rendered", "rendered"]


def stands(company: Company, runs: dict[int, int]) -> list[str]:
    """As `released` says it, of a company's run, seen from a connection of its own."""

    def look() -> list[str]:
        try:
            with serving(company.id), transaction.atomic():
                return released(runs[company.id])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


def locked_at_once(customer: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select id from receivables_customer where id = %s for update nowait", [customer])


def free(customer: int) -> bool:
    try:
        with transaction.atomic():
            locked_at_once(customer)
    except OperationalError:
        return False
    return True


# ----------------------------------------------------------------------------------------------------- deadlocks


def crosswise(company: int, customers: list[int], take: Callable[[list[int]], object]) -> list[str]:
    """Two threads take the same customers in opposite orders, many times; what the database refused."""
    barrier, refused = Barrier(2), []

    def one(order: list[int]) -> None:
        try:
            for _ in range(ROUNDS):
                barrier.wait(PATIENCE)
                with serving(company), transaction.atomic():
                    take(order)
        except OperationalError as problem:
            refused.append(str(problem))
            barrier.abort()
        except BrokenBarrierError:
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, (customers, customers[::-1])))
    return refused


def one_by_one(customers: list[int]) -> None:
    """As nobody should: in the order in which they come."""
    for customer in customers:
        with connection.cursor() as cursor:
            cursor.execute("select id from receivables_customer where id = %s for no key update", [customer])


@pytest.fixture
def two(committed: str, company: Company) -> list[int]:
    with transaction.atomic():
        return [a_customer(company.id, number) for number in ("10001", "10002")]


def test_c21_locks_taken_in_one_order_never_wait_for_each_other(company: Company, two: list[int]) -> None:
    def take(customers: list[int]) -> object:
        return lock_customers(company=company.id, customers=customers)

    assert crosswise(company.id, two, take) == []


def test_c21_control_taken_as_they_come_they_do(company: Company, two: list[int]) -> None:
    refused = crosswise(company.id, two, one_by_one)
    assert refused
    assert "deadlock" in refused[0]
