#!/usr/bin/env python3
"""Measures whole processes: gatecheck's release build beside kubectl, curl, dig and others.

    make bench                          build and measure
    Benchmarks/run.py [--rounds N] [--only WORD] [--cluster]

The rows stand in groups/, a file a group, with what each needs; only what is asked for is prepared. With --cluster also
on a Kubernetes API server of its own with 5,000 services, from Tests/cluster.

In each round every program runs once, so that a busy moment of the machine hits all alike: within one run the
ratios hold, single milliseconds do not. What is missing is named and left out. The peers are installed from PyPI into a
folder of the user's cache, once. The inputs, 2 GB in the folder of temporary files, go with the run, the servers too,
whatever ends it. Needs Python 3.9 with venv, and nothing besides its standard library. GATECHECK_BINARY is another
gatecheck to measure.
"""

import argparse
import contextlib
import os
import pathlib
import signal
import sys
import tempfile

from groups import cluster, doctor, growth, lint, logs, names, nodes, registries
from measuring import Group, Row, expanded, measure, print_goals, print_rows
from programs import ROOT, Missing, Program, find

GROUPS = [module.GROUP for module in (lint, nodes, logs, growth, registries, names, doctor)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures gatecheck beside its peers.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", metavar="WORD", help="only rows with this word in them")
    parser.add_argument("--cluster", action="store_true", help="also ask a Kubernetes API server")
    options = parser.parse_args()
    os.chdir(ROOT)
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    groups = GROUPS + [cluster.GROUP, doctor.CLUSTER] * options.cluster
    programs: dict[str, Program] = {}
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows = [row for group in groups for row in prepared(group, options.only, work, programs, stack)]
        if not rows:
            sys.exit("there is nothing to measure")
        samples = {(row.work, row.command[0]): [] for row in rows}
        for number in range(options.rounds):
            for row in rows:
                if row.rounds is None or number < row.rounds:
                    samples[row.work, row.command[0]].append(measure(row, *programs[row.command[0]]))
    print_rows(rows, samples)
    if not print_goals([goal for group in groups for goal in group.goals], samples):
        sys.exit("something takes more than it may")


def prepared(
    group: Group, only: str, work: pathlib.Path, programs: dict[str, Program], stack: contextlib.ExitStack
) -> list[Row]:
    """The rows that are asked for and can be run, with their names filled in."""
    rows = [row for row in group.rows if only in f"{row.work} {row.command}"]
    for name in {row.command[0]: None for row in rows if row.command[0] not in programs}:
        with naming_what_is_missing():
            programs[name] = find(name)
    rows = [row for row in rows if row.command[0] in programs]
    if not rows:
        return []
    with naming_what_is_missing():
        names = {"{work}": str(work), **stack.enter_context(group.prepare(work))}
        return [expanded(row, names) for row in rows]
    return []


@contextlib.contextmanager
def naming_what_is_missing():
    try:
        yield
    except Missing as error:
        print(f"left out: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
