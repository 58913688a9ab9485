"""Starting the dashboard for a study, and what a page is told about that start.

The command line says which study, and with what in the address; the dashboard, which
Streamlit runs, asks for both here. They pass through the environment, since that is all that
reaches a script of Streamlit's.
"""

import os
import runpy
import socket
import sys
from pathlib import Path
from urllib.parse import urlencode

from geo import study

STUDY = "CONTROLMAP_STUDY"
"""The environment variable that names the study to show; the bundled one without it."""

STUDIES = "CONTROLMAP_STUDIES"
"""The environment variable that names a folder of further studies."""

_ADDRESS = "CONTROLMAP_ADDRESS"

HOST, PORT = "127.0.0.1", 8501
"""Where the dashboard answers, unless told: to this machine alone."""

_HERE = Path(__file__).resolve().parent
_EVERYWHERE = ("0.0.0.0", "::")


def study_at_hand() -> Path:
    """The study that the dashboard shows."""
    return Path(os.environ.get(STUDY) or study.BUNDLED)


def studies() -> dict[str, Path]:
    """The studies that readers may open, by the id that an address names them by.

    First the one that the dashboard shows, then the bundled one, then those of the folder in
    :data:`STUDIES`: each folder in it that has a ``study.toml``, and each .zip. Of two with one
    id the first stands.
    """
    further = Path(os.environ.get(STUDIES) or os.devnull)
    inside = sorted(further.iterdir()) if further.is_dir() else []
    found = [one for one in inside if (one / "study.toml").is_file() or one.suffix == ".zip"]
    by_id: dict[str, Path] = {}
    for path in (study_at_hand(), study.BUNDLED, *found):
        by_id.setdefault(path.stem if path.suffix == ".zip" else path.resolve().name, path)
    return by_id


def address_at_hand(port: int) -> str:
    """Where a browser finds the dashboard: as it was started, else at a port of this machine."""
    return os.environ.get(_ADDRESS) or f"http://localhost:{port}"


def script() -> Path:
    """The dashboard's script: within this package in a wheel, beside it in a checkout."""
    packed = _HERE / "app" / "dashboard.py"
    return packed if packed.exists() else _HERE.parent / "dashboard.py"


def free_port(host: str, port: int | None = None) -> int:
    """A port that nobody else answers at: the one asked for, or the first from :data:`PORT` on.

    Raises
    ------
    OSError
        When the one asked for is taken, or the host is not this machine's.
    """
    wished = [port] if port else range(PORT, PORT + 100)
    refused = OSError("no port is free")
    for one in wished:
        try:
            [family, *_, place], *_ = socket.getaddrinfo(host, one, type=socket.SOCK_STREAM)
            with socket.socket(family) as trial:
                if os.name == "posix":  # a port just left is free; elsewhere this means shared
                    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(place)
            return one
        except OSError as error:
            refused = error
    raise refused


Query = dict[str, str | list[str]]


def address(host: str, port: int, query: Query) -> str:
    """Where a browser finds the dashboard.

    Examples
    --------
    >>> address("0.0.0.0", 8501, {"sources": "clarin_0813"})
    'http://localhost:8501/?sources=clarin_0813'
    """
    name = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + (
        f"?{urlencode(query, doseq=True, safe=',')}" if query else ""
    )


def serve(
    path: Path, host: str, port: int, query: Query, browser: bool, further: Path | None = None
) -> None:
    """Run the dashboard until it is stopped.

    Parameters
    ----------
    path : pathlib.Path
        The study.
    host, port
        Where it answers.
    query : dict of str
        The sources, claimants and the known-on day that the browser opens with.
    browser : bool
        Whether to open one.
    further : pathlib.Path, optional
        A folder of further studies.
    """
    if further:
        os.environ[STUDIES] = str(further.resolve())
    os.environ[STUDY] = str(path.resolve())
    os.environ[_ADDRESS] = address(host, port, query)
    flags = ["--server.address", host, "--server.port", str(port)]
    flags += [] if browser else ["--server.headless", "true"]
    # In this process, which has the heavy imports behind it: whoever stops it stops the
    # server. Streamlit itself finds the options in the folder of the script.
    sys.argv = ["streamlit", "run", str(script()), *flags]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
