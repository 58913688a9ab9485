"""How much of a stranger's study is read before it is refused.

They hold for what is uploaded, and for every .zip. Each can be set for a server in its
environment: ``CONTROLMAP_MAX_ROWS=50000``.
"""

import os
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "CONTROLMAP_MAX_"
"""How the environment variables begin that set a limit."""


class Limits(BaseModel):
    """The limits, with what they are unless set.

    Attributes
    ----------
    upload_mb : int
        Of a .zip, as it comes.
    unpacked_mb : int
        Of all files in it together.
    files : int
        In a .zip.
    cell : int
        Characters of a cell of a table; 131,072 at most, which is Python's own limit.
    rows : int
        Of a table, and features of a layer.
    corners : int
        Of all outlines of a layer together.
    days : int
        Of a study.
    memory_mb : int
        Of the process that reads an upload.
    seconds : int
        For which it may run.
    """

    model_config = ConfigDict(frozen=True)

    upload_mb: Annotated[int, Field(ge=1)] = 50
    unpacked_mb: Annotated[int, Field(ge=1)] = 200
    files: Annotated[int, Field(ge=1)] = 200
    cell: Annotated[int, Field(ge=100, le=131_072)] = 100_000
    rows: Annotated[int, Field(ge=1)] = 300_000
    corners: Annotated[int, Field(ge=10)] = 2_000_000
    days: Annotated[int, Field(ge=1)] = 20_000
    memory_mb: Annotated[int, Field(ge=1_024)] = 4_096
    seconds: Annotated[int, Field(ge=5)] = 60


def setting(name: str) -> str:
    """The environment variable that sets a limit.

    Examples
    --------
    >>> setting("rows")
    'CONTROLMAP_MAX_ROWS'
    """
    return f"{PREFIX}{name.upper()}"


def at_hand() -> Limits:
    """The limits that the environment sets, the usual ones for all others.

    Raises
    ------
    ValueError
        When a variable holds no such number.
    """
    said = {name: os.environ.get(setting(name)) for name in Limits.model_fields}
    try:
        return Limits.model_validate({name: text for name, text in said.items() if text})
    except ValidationError as refused:
        error = refused.errors()[0]
        name = setting(str(error["loc"][0]))
        raise ValueError(f"{name} is “{error['input']}”: {error['msg']}") from None
