"""Why a table is not taken: problems as a study's own, and what would help."""

from geo.problems import ERROR, Problem


class TableError(Exception):
    """A table that cannot become a study.

    Attributes
    ----------
    problems : list of geo.problems.Problem
        What is wrong, where, and what would be right.
    mapping : str
        A mapping file that would help, or lines of one; blank where none does.
    advice : str
        What to do with it.
    """

    def __init__(self, problems: list[Problem], mapping: str = "", advice: str = "") -> None:
        # All are arguments of the exception, so that it comes whole from another process.
        super().__init__(problems, mapping, advice)
        self.problems = problems
        self.mapping = mapping
        self.advice = advice

    def __str__(self) -> str:
        first = self.problems[0]
        return f"{len(self.problems)} problem(s); the first: {first.file}: {first.wrong}"


def refuse(
    file: str, wrong: str, right: str, column: str = "", row: int | None = None
) -> TableError:
    """One problem, to be raised."""
    return TableError([Problem(ERROR, file, row, column, wrong, right)])
