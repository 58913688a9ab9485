"""An export of ACLED's events → a study: who took which place, when, and who says so.

Of ACLED's events three kinds say that territory has another holder; each becomes a report.
Old and new layouts are read by the names of their columns. Rules are those of the ACLED
Codebook (2023 and later, https://acleddata.com/knowledge-base/codebook/): *Spatial precision
codes*, *Time precision codes*, *Battles*, *Strategic developments*. Nothing of ACLED's comes
with controlmap.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import dates
from geo.importers import actors, sheets, slugs
from geo.importers import areas as boundaries
from geo.importers.actors import KINDS, Actors
from geo.importers.draft import Draft, Finding
from geo.importers.mapping import AreaColumns
from geo.importers.placing import locate
from geo.importers.refusal import refuse

NEEDED = "event_id_cnty event_date event_type actor1 location latitude longitude".split()
OPTIONAL = (
    "sub_event_type time_precision inter1 actor2 inter2 country admin1 admin2 admin3 "
    "geo_precision source notes timestamp"
).split()

REACH = timedelta(days=3)
"""Either way of a date of precision 2: the middle of the week it stands for."""

KIND = "town"
"""Of every place: ACLED codes to named places, and does not say of which kind."""

CREDIT = (
    "Events: ACLED (Armed Conflict Location & Event Data), acleddata.com; its terms of use and "
    "attribution policy apply to all that is made of them."
)
ABOUT = (
    "Imported from an ACLED export. ACLED’s “Non-state actor overtakes territory”, “Government "
    "regains territory” and “Non-violent transfer of territory” became reports; nothing else "
    "was read. The order of an event's actors has no meaning in ACLED, so who gained follows "
    "from the kind of event and of actors; where those leave it open the row was left out, "
    "unless a mapping file says who gained. A date of precision 2 became the seven days about "
    "it, one of precision 3 its month. Locations of precision 3 stand for a region and have low "
    "confidence. A source is known on the day ACLED last uploaded the row, which may be later "
    "than the row was first public. What a place was before its first report stays unknown: "
    "that it was taken does not say for certain from whom.\n\n"
    "ACLED's terms restrict passing on its data: read them before this study leaves your hands."
)

_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T].*)?|(\d\d?)[ /.-](\w+)[ /.-](\d{4}|\d\d)")
_MONTHS = [dates.in_words(date(2021, month, 1)).split()[1].lower() for month in range(1, 13)]


def draft(
    paths: list[Path],
    areas: Path,
    mapping: Path | None = None,
    title: str = "",
    notes: bool = False,
) -> Draft:
    """Make a study of ACLED's changes of territory.

    Parameters
    ----------
    paths : list of pathlib.Path
        Exports, as CSV.
    areas : pathlib.Path
        Boundaries (:func:`geo.importers.areas.read`).
    mapping : pathlib.Path, optional
        Which actor is which control (:class:`geo.importers.actors.Actors`).
    title : str
    notes : bool
        Take ACLED's own notes as evidence.

    Raises
    ------
    geo.importers.refusal.TableError
    """
    chosen = actors.read(mapping)
    found, findings = boundaries.read(areas, AreaColumns())
    table = sheets.read(paths, NEEDED, OPTIONAL)
    for file, rows in table.groupby("file", sort=False):
        findings.append(Finding("read", str(file), None, "", f"{len(rows)} events", len(rows)))
    table = table.assign(kind=_kind(table), known=_known(table["timestamp"]))
    for step in (_newest, _of_territory, _dated, _placed, partial(_held, chosen=chosen), _current):
        table, said = step(table)
        findings += said
        if table.empty:
            _refuse_empty(paths[0].name, said)
    labels = dict(zip(table["control"], table["label"], strict=True))
    places, of_row, said = _places(table, found)
    findings += said
    sources = _sources(table)
    reports = _reports(table.assign(place_id=of_row), notes)
    days, _ = dates.parse_whens(reports["when"])
    countries = sorted(set(table["country"]) - {""})
    return Draft(
        settings={
            "title": title or f"{_listed(countries)}: territory that changed hands",
            "start": days["first"].min().date(),
            "end": days["last"].max().date(),
            "opens_on": days["last"].max().date(),
            "area_rule": "majority",
            "credit": CREDIT,
            "control": [{"id": key, "label": label} for key, label in sorted(labels.items())],
        },
        areas=found,
        places=places,
        reports=reports,
        sources=sources,
        about=ABOUT,
        findings=findings,
    )


def _refuse_empty(file: str, said: list[Finding]) -> None:
    why = f"; the last was left out since {said[-1].text}" if said else ""
    right = f"rows with one of {', '.join(KINDS)}, and who gained"
    raise refuse(file, f"no row is left to import{why}", right)


def _listed(countries: list[str]) -> str:
    return ", ".join(countries[:3]) + (" and others" if len(countries) > 3 else "") or "ACLED"


def _kind(table: pd.DataFrame) -> pd.Series:
    """The sub-event type. Until 2018 it was an event type: ``Battle-Government regains …``."""
    kind = table["sub_event_type"].where(table["sub_event_type"] != "", table["event_type"])
    bare = kind.str.replace(r"^Battle\s*[-–]\s*", "", regex=True)
    known = {name.lower(): name for name in KINDS}
    return bare.str.lower().map(known).fillna(bare)


def _known(stamps: pd.Series) -> pd.Series:
    """The day of an upload, from Unix seconds or a date; None where there is neither."""
    told = {text: _upload(text) for text in stamps.unique()}
    return stamps.map(told).astype(object)


def _upload(text: str) -> date | None:
    if re.fullmatch(r"\d{9,10}", text):
        return datetime.fromtimestamp(int(text), UTC).date()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _dropped(rows: pd.DataFrame, why: Callable[..., str]) -> list[Finding]:
    return [
        Finding("dropped", row.file, row.row, "", f"{row.event_id_cnty}: {why(row)}")
        for row in rows.itertuples()
    ]


def _newest(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Versions of each event, the oldest first; ``last`` says which one ACLED stands by.

    Versions without a day of upload cannot be put in order by it: the later in the files
    counts.
    """
    asked = [column for column in table if column not in ("file", "row")]
    again = table.duplicated(asked)
    said = _dropped(table[again], lambda row: "the same row as one above")
    table = table[~again]
    order = table["known"].map(lambda day: day.toordinal() if day else 0)
    table = table.assign(order=order).sort_values(["order", "file", "row"], kind="stable")
    return table.assign(last=~table.duplicated("event_id_cnty", keep="last")).sort_index(), said


def _current(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Leave out versions of an event that ACLED's last one of it takes back.

    A report can only correct one on the same place; of an event that has moved, or is now of
    another kind, the last version alone counts.
    """
    key = ["event_id_cnty", "location", "lat", "lon"]
    stands = pd.MultiIndex.from_frame(table.loc[table["last"], key])
    old = ~pd.MultiIndex.from_frame(table[key]).isin(stands)
    why = "a later version of it is elsewhere, of another kind or left out"
    return table[~old], _dropped(table[old], lambda _: why)


def _of_territory(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    other = ~table["kind"].isin(KINDS)
    said = [
        Finding("dropped", str(file), int(rows["row"].iloc[0]), "", f"“{kind}” moves nothing", n)
        for (file, kind), rows in table[other].groupby(["file", "kind"], sort=False)
        if (n := len(rows))
    ]
    return table[~other], said


def _dated(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Give each row its ``when``."""
    days = {text: day for text in table["event_date"].unique() if (day := read_day(text))}
    no_day = ~table["event_date"].isin(list(days))
    _refuse_month_first(table[no_day])
    said = _dropped(table[no_day], lambda row: f"“{row.event_date}” is no day such as 2021-08-13")
    table = table[~no_day]
    vague = table["time_precision"]
    odd = ~vague.isin(["", "1", "2", "3"])
    said += _dropped(table[odd], lambda row: f"“{row.time_precision}” is no time precision (1-3)")
    table = table[~odd]
    blank = table[table["time_precision"] == ""]
    said += [
        Finding("guessed", row.file, row.row, "time_precision", "blank; taken for an exact day")
        for row in blank.itertuples()
    ]
    when = [
        _when(days[row.event_date], row.time_precision, row.known) for row in table.itertuples()
    ]
    return table.assign(when=pd.Series(when, table.index, dtype=object)), said


def read_day(text: str) -> date | None:
    """A day as ACLED's exports and spreadsheets write it: the day before the month.

    Examples
    --------
    >>> read_day("13-Aug-21") == read_day("13/08/2021") == read_day("13 August 2021")
    True
    """
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
    if not month.isdigit():
        named = [at for at, name in enumerate(_MONTHS, 1) if name.startswith(month.lower())]
        if len(month) < 3 or len(named) != 1:
            return None
        month = str(named[0])
    # ACLED's first year is 1997.
    century = "" if len(year) == 4 else "19" if year >= "97" else "20"
    try:
        return date(int(century + year), int(month), int(day))
    except ValueError:
        return None


def _refuse_month_first(bad: pd.DataFrame) -> None:
    turned = bad[bad["event_date"].str.fullmatch(r"(0?\d|1[0-2])/(1[3-9]|2\d|3[01])/\d{2,4}")]
    if len(turned):
        row = turned.iloc[0]
        wrong = f"“{row['event_date']}” has the month first; so may days that read either way"
        right = "days as ACLED exports them: 2021-08-13, or 13/08/2021"
        raise refuse(row["file"], wrong, right, "event_date", int(row["row"]))


def _when(day: date, precision: str, known: date | None) -> str:
    """A day and its precision as EDTF; a week ends on the day ACLED told of it, at the latest."""
    if precision == "3":
        return f"{day:%Y-%m}"
    if precision != "2":
        return day.isoformat()
    first, last = day - REACH, day + REACH
    if known and first < known < last:
        last = known
    return f"{first}/{last}"


def _placed(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    at = table[["latitude", "longitude"]].apply(pd.to_numeric, errors="coerce").round(4)
    off = ~(at["latitude"].between(-90, 90) & at["longitude"].between(-180, 180))
    off |= table["location"] == ""
    said = _dropped(
        table[off],
        lambda row: f"“{row.location}” at “{row.latitude}”, “{row.longitude}” is no place",
    )
    table = table.assign(lat=at["latitude"], lon=at["longitude"])[~off]
    said += [
        Finding(
            "noticed", row.file, row.row, "geo_precision",
            f"{row.event_id_cnty}: “{row.location}” stands for a region; low confidence",
        )
        for row in table[table["geo_precision"] == "3"].itertuples()
    ]  # fmt: skip
    return table, said


def _held(table: pd.DataFrame, chosen: Actors) -> tuple[pd.DataFrame, list[Finding]]:
    """Give each row its ``actor``, its ``control`` and the ``label`` of that."""
    stated = _map(table["event_id_cnty"], chosen.gains)
    gains = [actors.gainer(row, chosen.actor1_gains) for row in table.itertuples()]
    table = table.assign(actor=[gain.actor for gain in gains], why=[gain.why for gain in gains])
    open_ = (table["actor"] == "") & (stated == "")
    hint = "; [gains] of a mapping file can say who"
    said = _dropped(table[open_], lambda row: row.why + hint)
    table, stated = table[~open_], stated[~open_]
    said += [
        Finding("guessed", row.file, row.row, "actor1", f"{row.event_id_cnty}: {row.why}")
        for row in table[(table["why"] != "") & (stated == "")].itertuples()
    ]
    state = [
        actors.is_state(actor, inter1 if actor == actor1 else inter2, country)
        for actor, actor1, inter1, inter2, country in zip(
            *(table[name] for name in ("actor", "actor1", "inter1", "inter2", "country")),
            strict=True,
        )
    ]
    gained = pd.DataFrame({"actor": table["actor"], "state": np.array(state, dtype=bool)})
    ids, labels = actors.controls(gained[stated == ""], chosen)
    control = stated.where(stated != "", _map(table["actor"], ids))
    for key in stated[stated != ""]:
        labels.setdefault(key, key.capitalize())
    nobody = control == ""
    said += _dropped(
        table[nobody],
        lambda row: f"“{row.actor}” is nobody in particular; [control] of a mapping file can say",
    )
    by = table[stated == ""]["actor"].value_counts()
    said += [
        Finding(
            "read" if actor in chosen.control else "guessed", "", None, "",
            f"“{actor}” is the control “{ids[actor]}”", int(by[actor]),
        )
        for actor in ids if ids[actor]
    ]  # fmt: skip
    return table.assign(control=control, label=_map(control, labels))[~nobody], said


def _map(cells: pd.Series, told: dict[str, str]) -> pd.Series:
    """What each cell stands for; blank where that is not told."""
    return pd.Series([told.get(cell, "") for cell in cells], cells.index, dtype=object)


def _places(
    table: pd.DataFrame, areas: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.Series, list[Finding]]:
    """Each name with its coordinates is a place; the rows' ``place_id`` beside them."""
    key = ["location", "lat", "lon"]
    spots = table.sort_values("event_id_cnty").drop_duplicates(key).sort_values(key)
    spots = gpd.GeoDataFrame(
        spots.assign(name=spots["location"]),
        geometry=gpd.points_from_xy(spots["lon"], spots["lat"], crs=4326),
    ).reset_index(drop=True)
    area = pd.Series("", spots.index, dtype=object)
    said = []
    for file, rest in spots.groupby("file", sort=False):
        area[rest.index], more = locate(rest, areas, file=str(file), rows=rest["row"])
        said += more
    ids = slugs.unique(spots, ["name", "admin1", "admin2", "admin3"], key, areas["area_id"])
    for name, rest in spots[spots["name"].duplicated(keep=False)].groupby("name"):
        row = rest.iloc[0]
        text = f"“{name}” lies in {len(rest)} positions, each taken for a place of its own"
        said.append(Finding("noticed", row["file"], int(row["row"]), "location", text))
    places = gpd.GeoDataFrame(
        {
            "place_id": ids,
            "name": spots["name"],
            "alt_names": "",
            "kind": KIND,
            "area_id": area,
            "is_capital": False,
            "population": pd.array([pd.NA] * len(spots), dtype="Int64"),
        },
        geometry=spots.geometry,
    )
    known = pd.Series(ids.to_numpy(), index=pd.MultiIndex.from_frame(spots[key]))
    of_row = known.loc[list(table[key].itertuples(index=False, name=None))]
    return places, pd.Series(of_row.to_numpy(), index=table.index), said


def _published(table: pd.DataFrame) -> pd.Series:
    return table["known"].map(lambda day: day.isoformat() if day else "")


def _source_ids(table: pd.DataFrame) -> pd.Series:
    """A source is what ACLED names as one, as it stood in the data on a day of upload."""
    day = _published(table).where(_published(table) != "", "undated")
    return "acled-" + day + "-" + table["source"].map(lambda text: slugs.digest(text)[:6])


def _sources(table: pd.DataFrame) -> pd.DataFrame:
    names = table["source"].map(_names)
    after = names.str.join(", ")
    sources = pd.DataFrame(
        {
            "source_id": _source_ids(table),
            "publisher": "ACLED",
            "origin": names.map(lambda listed: listed[0] if listed else ""),
            "kind": "dataset",
            "reliability": "",
            "title": "ACLED event data" + after.where(after == "", ", after " + after),
            "url": "https://acleddata.com",
            "published": _published(table),
            "retrieved": "",
            "language": "en",
        }
    )
    return sources.drop_duplicates("source_id").sort_values("source_id", ignore_index=True)


def _names(source: str) -> list[str]:
    """The sources of a row: ACLED puts a semicolon between them."""
    return list(dict.fromkeys(name for part in source.split(";") if (name := part.strip())))


def _reports(table: pd.DataFrame, notes: bool) -> pd.DataFrame:
    ids = [
        f"{slugs.slug(row.event_id_cnty)}-"
        + slugs.digest(row.place_id, row.control, row.when, row.source, row.timestamp)[:6]
        for row in table.itertuples()
    ]
    table = table.assign(report_id=ids).sort_values("order", kind="stable")
    # A later version of an event corrects the one before it.
    before = table.groupby("event_id_cnty")["report_id"].shift().fillna("")
    reports = pd.DataFrame(
        {
            "report_id": table["report_id"],
            "place_id": table["place_id"],
            "control": table["control"],
            "when": table["when"],
            "source_id": _source_ids(table),
            "claimant": "",
            "claimant_side": "",
            "confidence": np.where(table["geo_precision"] == "3", "low", "medium"),
            "verdict": "used",
            "evidence": [_evidence(row, notes) for row in table.itertuples()],
            "locator": [_locator(row) for row in table.itertuples()],
            "supersedes": before,
        }
    )
    return reports.sort_values(["when", "report_id"], ignore_index=True)


def _evidence(row: Any, notes: bool) -> str:
    if notes and row.notes:
        return row.notes
    where = ", ".join(dict.fromkeys(filter(None, (row.location, row.admin1))))
    return f"ACLED has “{row.kind}” at {where}, by {row.actor or row.control}."


def _locator(row: Any) -> str:
    vague = {"geo": row.geo_precision, "time": row.time_precision}
    said = [f"{name} precision {code}" for name, code in vague.items() if code]
    return ", ".join([f"event {row.event_id_cnty}", *said])
