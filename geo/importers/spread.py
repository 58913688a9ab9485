"""Work on the chunks of a table: on this machine's cores, or on a cluster.

Two functions do it, wherever they run: one makes a part of a chunk, one makes a part of
several. As the second minds neither order nor grouping, parts are merged as they come, and
one that is lost with its machine is made again.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from itertools import count, islice
from typing import Any, TypeVar

from geo.importers.refusal import refuse

Part = TypeVar("Part")
Item = TypeVar("Item")

TOGETHER = 8
"""How many parts are merged at a time."""

FEW = 3
"""Chunks that are sooner read than a process for them is started."""

ANSWERS = "10s"
"""How long a scheduler may take to answer."""

WAIT = 60
"""Seconds until a cluster must have a worker: some begin as they are asked for."""


def over(
    chunks: Sequence[Item],
    make: Callable[[Item], Part],
    merge: Callable[[list[Part]], Part],
    scheduler: str = "",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Part:
    """Make a part of every chunk, and one of all parts.

    Parameters
    ----------
    chunks : sequence
        Plain values that can be sent elsewhere; one at least.
    make, merge : callable
        Functions of a module. `merge` is commutative and associative.
    scheduler : str
        Where a Dask scheduler answers: ``tcp://10.0.0.1:8786``. Its workers need this
        package, and the files at the same paths.
    workers : int, optional
        How many processes of this machine; as many as there are cores if left out, or none
        for a few chunks.
    progress : callable, optional
        Told after each chunk how many are read, and of how many; not on a cluster.
    """
    if scheduler:
        return _on_cluster(chunks, make, merge, scheduler)
    if workers is None:
        workers = 1 if len(chunks) <= FEW else min(_cores(), len(chunks))
    return _here(chunks, make, merge, workers, progress or (lambda *_: None))


def _cores() -> int:
    """How many this process may use, a container's limits minded."""
    import loky

    return loky.cpu_count()


def _here(
    chunks: Sequence[Item],
    make: Callable[[Item], Part],
    merge: Callable[[list[Part]], Part],
    workers: int,
    progress: Callable[[int, int], None],
) -> Part:
    parts: list[Part] = []
    done = count()

    def add(part: Part) -> None:
        progress(next(done) + 1, len(chunks))
        parts.append(part)
        if len(parts) == TOGETHER:
            parts[:] = [merge(parts)]

    if workers == 1:
        for chunk in chunks:
            add(make(chunk))
        return merge(parts)

    import loky

    pool = loky.ProcessPoolExecutor(workers)
    try:
        # No more than a few are under way: a part that waits to be merged takes memory.
        rest = iter(chunks)
        waiting: set[Future[Part]] = {pool.submit(make, c) for c in islice(rest, 2 * workers)}
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {pool.submit(make, chunk) for chunk in islice(rest, len(ready))}
            for future in ready:
                add(future.result())
    finally:
        pool.shutdown(kill_workers=True)
    return merge(parts)


def _on_cluster(
    chunks: Sequence[Item],
    make: Callable[[Item], Part],
    merge: Callable[[list[Part]], Part],
    scheduler: str,
) -> Part:
    client = _client(scheduler)
    from distributed import KilledWorker  # it is there, or there were no client

    try:
        level: list[Any] = client.map(make, list(chunks), pure=False)
        while len(level) > 1:
            groups = [level[at : at + TOGETHER] for at in range(0, len(level), TOGETHER)]
            level = [client.submit(merge, group, pure=False) for group in groups]
        return merge([level[0].result()])
    except (OSError, CancelledError, KilledWorker) as error:
        right = "a scheduler that stays, and workers that do not all fail"
        raise refuse(scheduler, f"the cluster went away: {error}", right) from None
    finally:
        client.close()


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        right = "pip install 'controlmap[cluster]'"
        raise refuse(scheduler, "a scheduler needs Dask, which is not installed", right) from None
    try:
        client = Client(scheduler, timeout=ANSWERS, set_as_default=False)
    except (OSError, ValueError) as error:
        right = "the address that dask scheduler says: tcp://10.0.0.1:8786"
        raise refuse(scheduler, f"no scheduler answers: {error}", right) from None
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        client.close()
        raise refuse(scheduler, "the scheduler has no workers", "one at least") from None
    return client
