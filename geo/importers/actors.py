"""ACLED's actors → who gained a place, and the control that is his.

ACLED's codebook says that the order of an event's two actors has no meaning (*Event
aggregation*), so who gained is read from the kind of event and of actor, and where those do
not tell, from nothing: the row is left out and said. Rows in, a control and a reason out.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from geo import style
from geo.importers.refusal import TableError, refuse
from geo.importers.slugs import slug
from geo.problems import ERROR, Problem

OVERTAKEN = "Non-state actor overtakes territory"
REGAINED = "Government regains territory"
TRANSFERRED = "Non-violent transfer of territory"
KINDS = (OVERTAKEN, REGAINED, TRANSFERRED)
"""The sub-event types after which territory has another holder (codebook, *Battles* and
*Strategic developments*)."""

STATE = {"1", "state forces"}
UNARMED = {"5", "6", "7", "rioters", "protesters", "civilians"}
"""Inter codes, in figures (until 2024) and in words (since)."""

GOVERNMENT = "government"

_FORCES = re.compile(r"(?:Military|Police) Forces of (?:the )?(?P<state>.+?) \((?P<years>[\d-]+)\)")
_YEARS = re.compile(r"\s*\(\d{4}-(?:\d{4})?\).*")
_SEVERAL = re.compile(r"\band/or\b", re.I)


class Actors(BaseModel):
    """A mapping file for ACLED's actors.

    Attributes
    ----------
    control : dict of str to str
        From an actor's name to the id of a control.
    gains : dict of str to str
        From an event's id to the id of the control that gained.
    actor1_gains : bool
        Where nothing else tells who gained, take it to be the first actor.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    control: dict[str, str] = {}
    gains: dict[str, str] = {}
    actor1_gains: bool = False


def read(path: Path | None) -> Actors:
    """Read a mapping file.

    Raises
    ------
    geo.importers.refusal.TableError
    """
    if path is None:
        return Actors()
    try:
        found = Actors.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        for control in (*found.control.values(), *found.gains.values()):
            style.Control(id=control, label=control)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse(path.name, f"not TOML: {error}", "TOML, saved as UTF-8") from None
    except ValidationError as refused:
        raise TableError([_problem(path, dict(error)) for error in refused.errors()]) from None
    return found


def _problem(path: Path, error: dict[str, Any]) -> Problem:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return Problem(
            ERROR, path.name, None, key, f"no key “{key}”", "control, gains, actor1_gains"
        )
    right = "[control] with “actor” = “id”, an id of small letters, digits, - and _"
    return Problem(ERROR, path.name, None, key, error["msg"], right)


class Gain(NamedTuple):
    """Who gained, and how that is known.

    Attributes
    ----------
    actor : str
        As ACLED names him; blank where the row is left out.
    why : str
        Blank where the row says it; else what was guessed, or why it is left out.
    """

    actor: str
    why: str = ""


def gainer(row: Any, actor1_gains: bool) -> Gain:
    """Who holds the place after an event.

    Parameters
    ----------
    row : named tuple
        ``kind`` (one of :data:`KINDS`), ``actor1, inter1, actor2, inter2, country``.
    actor1_gains : bool
    """
    sides = [
        (actor, inter.lower())
        for actor, inter in ((row.actor1, row.inter1), (row.actor2, row.inter2))
        if actor and inter.lower() not in UNARMED
    ]
    states = [actor for actor, inter in sides if is_state(actor, inter, row.country)]
    if row.kind == REGAINED:
        able = states
    elif row.kind == OVERTAKEN:
        able = [actor for actor, _ in sides if actor not in states]
    else:
        able = [actor for actor, _ in sides]
    if len(able) == 1:
        return Gain(able[0])
    if able and actor1_gains:
        return Gain(able[0], "the first actor is taken to have gained, as the mapping file says")
    if not able:
        what = "state force" if row.kind == REGAINED else "armed actor"
        return Gain("", f"“{row.kind}”, and no {what} among its actors")
    said = " or ".join(f"“{actor}”" for actor in able)
    return Gain("", f"“{row.kind}”: {said} may have gained, and their order has no meaning")


def is_state(actor: str, inter: str, country: str) -> bool:
    """Whether an actor is a force of the state in which the event happened.

    Foreign ones have the code 8; tables without codes are read by the actor's name.
    """
    if inter:
        return inter.lower() in STATE
    found = _FORCES.match(actor)
    return found is not None and (not country or found["state"].lower() == country.lower())


def regime(actor: str) -> str:
    """The state and its years, where an actor is a force of one: ``Mali (2012-2013)``."""
    found = _FORCES.match(actor)
    return f"{found['state']} ({found['years']})" if found else ""


def label(actor: str) -> str:
    """An actor without its years and units: ``Taliban``."""
    return _YEARS.sub("", actor) or actor


def controls(gains: pd.DataFrame, mapping: Actors) -> tuple[dict[str, str], dict[str, str]]:
    """The control of each actor that gained something.

    Parameters
    ----------
    gains : pandas.DataFrame
        ``actor``, and ``state`` (whether as a force of the country's own state).
    mapping : Actors

    Returns
    -------
    ids : dict of str to str
        By actor; blank for those that are nobody in particular. Forces of the only regime are
        ``government``; of several, each regime has an id of its own, since ACLED parts them
        so that one which overthrew another is not taken for it.
    labels : dict of str to str
        By id.
    """
    mine = {actor for actor in gains["actor"][gains["state"]] if regime(actor)}
    regimes = sorted({regime(actor) for actor in mine})
    ids: dict[str, str] = {}
    labels: dict[str, str] = {}
    for actor in sorted(set(gains["actor"])):
        if actor in mapping.control:
            key, called = mapping.control[actor], label(actor)
        elif actor.lower().startswith("unidentified") or _SEVERAL.search(actor):
            key, called = "", ""
        elif actor in mine and len(regimes) == 1:
            key, called = GOVERNMENT, "Government"
        elif actor in mine:
            key, called = f"{GOVERNMENT}-{slug(regime(actor))}", f"Government: {regime(actor)}"
        else:
            key, called = _letter_first(slug(label(actor))), label(actor)
        # A report cannot say that nothing is known.
        key = "" if key == style.UNKNOWN else key
        ids[actor] = key
        if key:
            labels.setdefault(key, "Government" if key == GOVERNMENT else called)
    return ids, labels


def _letter_first(key: str) -> str:
    return key if key[0].isalpha() else f"x{key}"
