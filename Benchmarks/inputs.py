"""How inputs are made."""

import contextlib
import os
import pathlib
import sys
from typing import Callable, ContextManager, Iterator

from measuring import end_of


def apart(write: Callable[..., None], *arguments: object) -> None:
    """In a process of its own: what this one has in memory would count as the peak of those that it starts."""
    pid = os.fork()
    if pid == 0:
        try:
            write(*arguments)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    if end_of(pid)[0] != 0:
        sys.exit(f"{write.__module__}.{write.__name__} failed")


def written(write: Callable[[pathlib.Path], None]) -> Callable[[pathlib.Path], ContextManager[dict[str, str]]]:
    """Where nothing but files is needed."""
    @contextlib.contextmanager
    def prepare(work: pathlib.Path) -> Iterator[dict[str, str]]:
        apart(write, work)
        yield {}

    return prepare


def upstreams(kind: str, names: list[str]) -> str:
    """An apisix.yaml with an upstream for each."""
    lines = [f"  - {{id: u{number}, type: roundrobin, service_name: '{name}', discovery_type: {kind}}}\n"
             for number, name in enumerate(names)]
    return "upstreams:\n" + "".join(lines) + "#END\n"
