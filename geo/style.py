"""A study's controls → one table of styles: web, print and charts read it.

The colours in ``study.toml`` decide; what it leaves out is filled here, so that every kind
of drawing shows one control the same way. Nothing else in :mod:`geo` is needed for that.
"""

from itertools import cycle
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

CONTESTED = "contested"
UNKNOWN = "unknown"

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#56B4E9", "#CC79A7", "#E69F00", "#F0E442")
"""Okabe and Ito's colours, told apart with the common colour-vision deficiencies.
Source: M. Okabe, K. Ito, *Color Universal Design* (2008)."""

Marker = Literal["full", "half", "dot", "ring", "cross", "open", ""]
MARKERS: tuple[Marker, ...] = ("full", "half", "dot", "ring")
"""How a place's marker is filled: the second sign of control beside its colour. ``cross`` and
``open`` are kept for contested and unknown."""

KINDS = {"city": "circle", "airport": "triangle", "crossing": "diamond", "base": "square"}
"""The shape of a place's marker, by kind; a kind of the study's own is a pentagon."""

OTHER_KIND = "pentagon"

_KIND_LABELS = {"crossing": "border crossing", "base": "military base"}

FILL_STRENGTH = 0.85
"""How much of a control's colour an area takes, the rest being white: labels stay legible."""

CLAIMED_STRENGTH = 0.45
"""The same where only the gaining side asserts the change: paler."""


class Control(BaseModel):
    """Who holds a place, and how that is drawn.

    Attributes
    ----------
    id, label : str
        The word in the ledger, and the one on the screen.
    colour : str
        ``#rrggbb``.
    hatch : str
        Matplotlib's hatch signs (``///``, ``xx``, ``..``); the web draws the same lines.
    marker : str
        One of :data:`MARKERS`, ``cross`` or ``open``.
    definition : str
        One sentence: what counts as this control.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
    label: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    colour: Annotated[str, StringConstraints(pattern=r"^(#[0-9A-Fa-f]{6})?$")] = ""
    hatch: Annotated[str, StringConstraints(pattern=r"^[-/\\|+x.o]*$")] = ""
    marker: Marker = ""
    definition: str = ""


_RESERVED = (
    Control(
        id=CONTESTED,
        label="Contested",
        colour="#6B6B6B",
        hatch="///",
        marker="cross",
        definition="Fighting inside, and no side holds it.",
    ),
    Control(
        id=UNKNOWN,
        label="Unknown",
        colour="#FFFFFF",
        hatch="",
        marker="open",
        definition="No usable report yet: never the same as any side's control.",
    ),
)


def styles(declared: list[Control]) -> dict[str, Control]:
    """Fill in what a study leaves out.

    Parameters
    ----------
    declared : list of Control
        As in ``study.toml``, in the order of the legend.

    Returns
    -------
    dict of str to Control
        By id, in the order of the legend, every field filled; ``contested`` and
        ``unknown`` stand last when the study does not name them.

    Examples
    --------
    >>> list(styles([Control(id="north", label="North")]))
    ['north', 'contested', 'unknown']
    """
    reserved = {control.id: control for control in _RESERVED}
    named = {control.id: control for control in declared}
    named = named | {key: control for key, control in reserved.items() if key not in named}
    taken = {control.colour.upper() for control in named.values()}
    colours = cycle([colour for colour in PALETTE if colour not in taken] or PALETTE)
    markers = cycle(MARKERS)
    filled = {}
    for key, control in named.items():
        default = reserved.get(key)
        colour = control.colour or (default.colour if default else next(colours))
        marker = control.marker or (default.marker if default else next(markers))
        own = control.model_dump(exclude_defaults=True) | {"colour": colour, "marker": marker}
        filled[key] = (default or control).model_copy(update=own)
    return filled


def tint(colour: str, strength: float) -> str:
    """A colour mixed with white, as it would look painted on paper with that strength.

    Examples
    --------
    >>> tint("#0072B2", 0.5)
    '#80b8d8'
    """
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    mixed = (round(255 - (255 - channel) * strength) for channel in channels)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def shape(kind: str) -> str:
    """The shape of the marker for a kind of place."""
    return KINDS.get(kind, OTHER_KIND)


def kind_label(kind: str) -> str:
    """What a kind of place is called on the screen."""
    return _KIND_LABELS.get(kind, kind)
