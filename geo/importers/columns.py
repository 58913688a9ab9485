"""The columns of a table → the part each plays, by the names that tables give them.

What a mapping file names is taken as it is; the rest is guessed from the header, and said.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from geo.importers import daywords
from geo.importers.daywords import Undecided
from geo.importers.draft import Finding
from geo.importers.mapping import COLUMNS, Mapping
from geo.importers.naming import folded
from geo.importers.refusal import TableError
from geo.problems import ERROR, Problem

USUAL = {
    "id": "id placeid settlementid locationid siteid townid villageid cityid localityid pcode "
    "placecode settlementcode code geonameid uid uuid key adm4pcode adm3pcode adm2pcode "
    "districtid districtcode areaid areacode",
    "name": "name placename settlement settlementname town townname city cityname village "
    "villagename place location locationname locality localityname site sitename nom nombre "
    "nameen",
    "lat": "lat latitude y ycoord latdd latitud breite latwgs84",
    "lon": "lon lng long longitude x xcoord londd longdd longitud laenge lonwgs84",
    "area": "area areaid areaname adm4 adm3 adm3en adm3name admin3 adm2 adm2en adm2name admin2 "
    "district districtname county raion municipality adm1 adm1en adm1name admin1 province "
    "provincename governorate oblast region departement department provincia",
    "kind": "kind placetype settlementtype featureclass",
    "day": "day date obsdate observationdate datadate reportdate asof asofdate datum fecha "
    "jour data timestamp dag tag weekof weekending weekbeginning weekstarting",
    "status": "status control controlstatus controlledby controller statusofcontrol heldby "
    "holder whocontrols controlstate side kontrolle controle",
}
"""What columns are usually called, folded (:func:`folded`), the likeliest first."""

NEAR = 88
"""How like a usual name a header must be, of 100, to be taken for it."""

SAID = {"lat": "latitude", "lon": "longitude"}


def find(
    header: Sequence[str], mapping: Mapping, file: str
) -> tuple[dict[str, str], list[Finding]]:
    """The column of each role that a table has.

    Parameters
    ----------
    header : sequence of str
    mapping : geo.importers.mapping.Mapping
    file : str
        What findings are about.

    Raises
    ------
    geo.importers.refusal.TableError
        When the mapping names a column that the table does not have.
    """
    named = {role: getattr(mapping, role) for role in COLUMNS}
    strangers = {role: name for role, name in named.items() if name and name not in header}
    if strangers:
        raise TableError(
            [
                Problem(
                    ERROR, file, 1, role, f"there is no column “{name}”", _nearest(name, header)
                )
                for role, name in strangers.items()
            ]
        )
    found = {role: name for role, name in named.items() if name}
    guessed = {}
    for guess in (_usual, _like_usual):
        for role in COLUMNS:
            if named[role] is None and role not in found:
                free = [name for name in header if name and name not in found.values()]
                if name := guess(role, free):
                    found[role] = guessed[role] = name
    findings = [
        Finding("guessed", file, 1, guessed[role], _taken(guessed[role], role))
        for role in COLUMNS
        if role in guessed
    ]
    return {role: found[role] for role in COLUMNS if role in found}, findings


def _taken(name: str, role: str) -> str:
    return f"“{name}” is taken for the column of {SAID.get(role, role)}"


def _nearest(name: str, header: Sequence[str]) -> str:
    near = process.extractOne(name, header, scorer=fuzz.ratio, score_cutoff=60)
    return f"did you mean “{near[0]}”?" if near else f"one of {', '.join(filter(None, header))}"


def _usual(role: str, names: Sequence[str]) -> str:
    by_fold = {folded(name): name for name in reversed(names)}
    return next((by_fold[each] for each in USUAL[role].split() if each in by_fold), "")


def _like_usual(role: str, names: Sequence[str]) -> str:
    """A column with nearly a usual name; none for ids, which decide what one place is."""
    if role == "id":
        return ""
    for name in names:
        fold, usual = folded(name), USUAL[role].split()
        # A short name is like too many others.
        if len(fold) > 5 and process.extractOne(fold, usual, scorer=fuzz.ratio, score_cutoff=NEAR):
            return name
    return ""


def days(header: Sequence[str], taken: Sequence[str], format: str | None) -> dict[str, int]:
    """The columns of a wide table that are days, with their ordinals; none where fewer than two.

    Raises
    ------
    geo.importers.daywords.Undecided
        When they are days, but which ones cannot be told.
    """
    free = [name for name in header if name not in taken and any(map(str.isdigit, name))]
    if not format:
        try:
            format = daywords.guess(free)
        except daywords.Ambiguous:
            raise
        except Undecided:
            return {}
    found = {name: daywords.read(name, format) for name in free}
    read = {name: day.toordinal() for name, day in found.items() if day}
    return read if len(read) > 1 else {}
