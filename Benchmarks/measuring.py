"""What is measured, how, and what is said of it."""

import os
import pathlib
import resource
import signal
import statistics
import sys
import threading
import time
from typing import Callable, ContextManager, NamedTuple, Optional


class Row(NamedTuple):
    work: str
    command: list[str]  # its first word is a name that programs.py finds
    status: int = 0
    cores: Optional[int] = None  # how many it may use; None: all
    rounds: Optional[int] = None  # no more: it takes seconds, and always as many


class Goal(NamedTuple):
    """What a figure of gatecheck's may be at most: as many times that of another, else milliseconds or megabytes.

    Of what is beyond that of another so much more is free."""
    work: str
    figure: str  # one of Sample
    most: float
    beside: str = ""  # a program that does the same work, or other work
    program: str = "gatecheck"
    free: float = 0


class Group(NamedTuple):
    """Rows that need the same inputs and servers."""
    rows: list[Row]
    goals: list[Goal]
    # Makes them in the folder, for as long as the rows run, and gives what stands for {words} of the rows.
    prepare: Callable[[pathlib.Path], ContextManager[dict[str, str]]]


class Sample(NamedTuple):
    wall: float  # milliseconds
    cpu: float  # milliseconds, user and system
    memory: float  # megabytes, the peak


Samples = dict[tuple[str, str], list[Sample]]  # by work and program


def expanded(row: Row, names: dict[str, str]) -> Row:
    """With the names filled in, and `*` at the end of a word as a shell would."""
    command: list[str] = []
    for word in row.command:
        for name, value in names.items():
            word = word.replace(name, value)
        command += sorted(map(str, pathlib.Path(word[:-2]).iterdir())) if word.endswith("/*") else [word]
    return row._replace(command=command)


def end_of(pid: int) -> tuple[int, resource.struct_rusage]:
    """Its exit status, and what it used. It does not outlive an interruption."""
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    return os.waitstatus_to_exitcode(status), usage


def measure(row: Row, path: str, environment: dict[str, str]) -> Sample:
    # A pipe takes what it prints: grep ends at the first hit where that is /dev/null.
    reader, writer = os.pipe()
    drain = threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(reader, 1 << 20), b"")], daemon=True)
    drain.start()
    streams = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 2)]
    streams += [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader), (os.POSIX_SPAWN_CLOSE, writer)]
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[: row.cores])
    start = time.perf_counter_ns()
    pid = os.posix_spawn(path, row.command, {**os.environ, **environment}, file_actions=streams)
    os.close(writer)
    code, usage = end_of(pid)
    wall = (time.perf_counter_ns() - start) / 1e6
    os.sched_setaffinity(0, all_cores)
    drain.join()
    os.close(reader)
    if code != row.status:
        sys.exit(f"{' '.join(row.command)[:200]}: exit status {code}, expected {row.status}")
    return Sample(wall, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024)


def of(samples: list[Sample], figure: str) -> float:
    """The shortest time, the highest peak."""
    return (max if figure == "memory" else min)(getattr(sample, figure) for sample in samples)


def print_rows(rows: list[Row], samples: Samples) -> None:
    print("| work | program | wall min ms | median ms | CPU min ms | median ms | peak MB | wall min, gatecheck = 1 |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        program = row.command[0]
        taken = samples[row.work, program]
        wall, cpu = ([getattr(sample, figure) for sample in taken] for figure in ("wall", "cpu"))
        ours = samples.get((row.work, "gatecheck"))
        ratio = f"{min(wall) / of(ours, 'wall'):.2f}" if ours else ""
        print(f"| {row.work} | {program} | {min(wall):.2f} | {statistics.median(wall):.2f} | {min(cpu):.2f} "
              f"| {statistics.median(cpu):.2f} | {of(taken, 'memory'):.1f} | {ratio} |")


def print_goals(goals: list[Goal], samples: Samples) -> bool:
    """Whether all that were measured are kept."""
    title = {"wall": "wall min", "cpu": "CPU min", "memory": "peak"}
    unit = {"wall": "ms", "cpu": "ms", "memory": "MB"}
    first = {work: taken for (work, _), taken in reversed(samples.items())}  # of each work the first program
    kept, lines = True, []
    for goal in goals:
        ours = samples.get((goal.work, goal.program))
        if not ours:
            continue
        peer = samples.get((goal.work, goal.beside)) or first.get(goal.beside)
        said, mark = "not measured", ""
        if peer or not goal.beside:
            value = (of(ours, goal.figure) - goal.free) / (of(peer, goal.figure) if peer else 1)
            said = f"{value:.2f}" if peer else f"{value:.1f}"
            if value > goal.most:
                kept, mark = False, "too much"
        what = f"{title[goal.figure]}, {'times ' + goal.beside if goal.beside else unit[goal.figure]}"
        what += f", beyond {goal.free:g} {unit[goal.figure]}" if goal.free else ""
        lines.append(f"| {goal.work} | {what} | {said} | {goal.most:g} | {mark} |")
    if lines:
        print("\n| work | figure | is | at most | |\n|---|---|---:|---:|---|", *lines, sep="\n")
    return kept
