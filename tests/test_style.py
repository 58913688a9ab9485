"""One table of styles: the study decides, and what it leaves out is filled the same way."""

import pytest
from pydantic import ValidationError

from geo.style import MARKERS, PALETTE, Control, shape, styles, tint


def test_the_legend_is_in_the_studys_order_and_ends_in_contested_and_unknown():
    declared = [Control(id="south", label="South"), Control(id="north", label="North")]
    assert list(styles(declared)) == ["south", "north", "contested", "unknown"]


def test_a_study_may_put_contested_anywhere_in_its_legend():
    declared = [Control(id="contested", label="Fought over"), Control(id="north", label="North")]
    found = styles(declared)
    assert list(found) == ["contested", "north", "unknown"]
    assert found["contested"].label == "Fought over"
    assert (found["contested"].hatch, found["contested"].marker) == ("///", "cross")


def test_what_a_study_declares_stands():
    declared = Control(
        id="north", label="North", colour="#123456", hatch="xx", marker="ring", definition="Up."
    )
    assert styles([declared])["north"] == declared


def test_what_a_study_leaves_out_is_filled():
    found = styles([Control(id="north", label="North"), Control(id="south", label="South")])
    assert [found[c].colour for c in ("north", "south")] == [PALETTE[0], PALETTE[1]]
    assert [found[c].marker for c in ("north", "south")] == [MARKERS[0], MARKERS[1]]
    assert all(control.colour and control.marker for control in found.values())


def test_a_filled_colour_is_never_one_that_the_study_uses():
    declared = [
        Control(id="north", label="North"),
        Control(id="south", label="South", colour=PALETTE[0]),
    ]
    assert styles(declared)["north"].colour == PALETTE[1]


def test_nor_one_that_the_study_writes_in_small_letters():
    declared = [
        Control(id="north", label="North"),
        Control(id="south", label="South", colour=PALETTE[0].lower()),
    ]
    assert styles(declared)["north"].colour == PALETTE[1]


def test_no_two_sides_share_a_colour_while_the_palette_lasts():
    declared = [
        Control(id="a", label="A"),
        Control(id="b", label="B", colour=PALETTE[0]),
        Control(id="c", label="C", colour=PALETTE[1]),
        Control(id="d", label="D", colour=PALETTE[2]),
        Control(id="e", label="E", colour=PALETTE[3]),
        Control(id="f", label="F"),
        Control(id="g", label="G"),
    ]
    colours = [styles(declared)[key].colour for key in "abcdefg"]
    assert len(set(colours)) == len(colours)


def test_unknown_never_looks_like_a_side():
    found = styles([Control(id=c, label=c) for c in "abcdefg"])
    assert found["unknown"].colour not in {found[c].colour for c in "abcdefg"}
    assert found["unknown"].marker == "open"


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "The North"},
        {"id": ""},
        {"label": "  "},
        {"colour": "red"},
        {"colour": "#12345"},
        {"hatch": "<>"},
        {"marker": "star"},
        {"color": "#123456"},
    ],
)
def test_a_control_that_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValidationError):
        Control(**{"id": "north", "label": "North"} | wrong)


def test_a_tint_is_the_colour_on_white_paper():
    assert tint("#0072B2", 1) == "#0072b2"
    assert tint("#0072B2", 0) == "#ffffff"
    assert tint("#0072B2", 0.5) == "#80b8d8"


def test_a_kind_of_the_studys_own_has_a_shape_too():
    known = ["city", "airport", "crossing", "base"]
    assert [shape(k) for k in known] == ["circle", "triangle", "diamond", "square"]
    assert shape("dam") == "pentagon"
