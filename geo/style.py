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

HATCHES = ("", "..", "||", "--", "\\\\", "++", "oo", "xx")
"""How an area is hatched: the second sign of control beside its colour, so that a map printed
in black and white can be read. ``/`` is kept for contested."""

KINDS = {"city": "circle", "airport": "triangle", "crossing": "diamond", "base": "square"}
"""The shape of a place's marker, by kind; a kind of the study's own is a pentagon."""

OTHER_KIND = "pentagon"

GROUPS = {
    "capitals": "Capitals",
    "cities": "Cities",
    "bases": "Airports and bases",
    "crossings": "Border crossings",
    "others": "Other places",
}
"""The groups of places that a map shows or hides together, and what they are called."""

_GROUP_OF = {"airport": "bases", "base": "bases", "crossing": "crossings", "city": "cities"}

_KIND_LABELS = {"crossing": "border crossing", "base": "military base"}

FILL_STRENGTH = 0.85
"""How much of a control's colour an area takes, the rest being white: labels stay legible."""

CLAIMED_STRENGTH = 0.45
"""The same where only the gaining side asserts the change: paler."""

HATCH_STRENGTH = 0.4
"""The same in the lines of a hatch on the control's own colour."""


class Control(BaseModel):
    """Who holds a place, and how that is drawn.

    Attributes
    ----------
    id, label : str
        The word in the ledger, and the one on the screen.
    colour : str
        ``#rrggbb``.
    hatch : str
        Matplotlib's hatch signs (``///``, ``xx``, ``..``); the web draws the same lines. They
        lie on the control's own colour, and contested's on white.
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
    drawn = {control.hatch for control in named.values()}
    hatches = cycle([hatch for hatch in HATCHES if not hatch or hatch not in drawn])
    filled = {}
    for key, control in named.items():
        default = reserved.get(key)
        colour = control.colour or (default.colour if default else next(colours))
        marker = control.marker or (default.marker if default else next(markers))
        hatch = control.hatch or (default.hatch if default else next(hatches))
        looks = {"colour": colour, "marker": marker, "hatch": hatch}
        own = control.model_dump(exclude_defaults=True) | looks
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


def ground(control: Control, claimed: bool = False) -> str:
    """The colour an area is filled with; paler where only the gaining side claims it.

    Examples
    --------
    >>> ground(Control(id="contested", label="Contested", colour="#6B6B6B", hatch="///"))
    '#ffffff'
    """
    if control.id == CONTESTED:
        return "#ffffff"
    return tint(control.colour, CLAIMED_STRENGTH if claimed else FILL_STRENGTH)


def lines(control: Control, claimed: bool = False) -> str:
    """The colour of an area's hatch: on a colour of its own lighter lines, on white darker ones."""
    if control.id == CONTESTED:
        return tint(control.colour, CLAIMED_STRENGTH if claimed else 1)
    return tint(control.colour, HATCH_STRENGTH / 2 if claimed else HATCH_STRENGTH)


def shape(kind: str) -> str:
    """The shape of the marker for a kind of place."""
    return KINDS.get(kind, OTHER_KIND)


def kind_label(kind: str) -> str:
    """What a kind of place is called on the screen."""
    return _KIND_LABELS.get(kind, kind)


def group(kind: str, is_capital: bool) -> str:
    """Which of :data:`GROUPS` a place belongs to."""
    return "capitals" if is_capital else _GROUP_OF.get(kind, "others")
