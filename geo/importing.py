"""The commands ``controlmap import …``: other people's tables become a study.

One command for each kind of table. A table that cannot be taken is a list of problems and
status 1; a question that cannot be answered is one line and status 2.
"""

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="Make a study of other people's tables.",
)


@app.callback()
def _common() -> None: ...
