"""A timeline → how far each source agrees with the rest: on who holds a place, and on the day.

The rest are sources of another origin: a paper that prints an agency's news does not confirm
the agency. What a source tells is compared change by change, as the timeline has them.
"""

import pandas as pd

from geo.changes import WEIGHTS
from geo.timeline import Timeline

COLUMNS = ["reports", "places", "agrees", "alone", "disputed", "apart", "most"]

_DAY = "datetime64[D]"


def agreement(timeline: Timeline) -> pd.DataFrame:
    """What each source contributes, and how often and how closely the rest confirm it.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
        Its reports are compared; of the ledger, only what was known by its day is counted.

    Returns
    -------
    pandas.DataFrame
        By ``source_id``, in the study's order: ``reports`` and ``places`` it speaks of
        (numbers), ``agrees`` (changes that another origin tells, too), ``alone`` (changes
        that no other origin tells), ``disputed`` (its reports that the curators set aside),
        ``apart`` and ``most`` (days between the day it gives a change and the day the rest
        give it: the median and the greatest; missing where no change has both).
    """
    known = _known(timeline)
    told = timeline.reports.dropna(subset="change").copy()
    told["change"] = told["change"].astype(int)
    origins = told.groupby("change")["origin"].nunique()
    claims = told.drop_duplicates(["source_id", "change"])
    shared = claims["change"].map(origins) > 1
    days = _apart(told)
    by_source = known.groupby("source_id")
    return (
        pd.DataFrame(
            {
                "reports": by_source.size(),
                "places": by_source["place_id"].nunique(),
                "agrees": claims[shared].groupby("source_id").size(),
                "alone": claims[~shared].groupby("source_id").size(),
                "disputed": known[known["verdict"] == "disputed"].groupby("source_id").size(),
                "apart": days.groupby(level="source_id").median(),
                "most": days.groupby(level="source_id").max(),
            },
            index=timeline.study.sources.index,
        )
        .fillna(dict.fromkeys(COLUMNS[:5], 0))
        .astype(dict.fromkeys(COLUMNS[:5], int))
    )


def _known(timeline: Timeline) -> pd.DataFrame:
    """The ledger, as far as it was known."""
    reports = timeline.study.reports
    if timeline.known_on is None:
        return reports
    known_on = timeline.study.known_on[reports.index]
    return reports[known_on <= pd.Timestamp(timeline.known_on)]


def _apart(told: pd.DataFrame) -> pd.Series:
    """Days between a source's own day and that of the rest, by source and change.

    On each side exact days decide by the greatest weight, each origin with one vote a day,
    and a tie goes to the earlier, as in :mod:`geo.changes`; where a side has no exact day,
    its wider dated reports do. Sightings date nothing.
    """
    dated = told[told["form"] != "by"]
    votes = pd.DataFrame(
        {
            "source_id": dated["source_id"],
            "change": dated["change"],
            "origin": dated["origin"],
            "exact": (dated["form"] == "day").astype(int),
            "day": dated["named"].to_numpy(_DAY).astype(int),
            "weight": dated["confidence"].map(WEIGHTS).to_numpy(int),
        }
    )
    own = _elected(votes, ["source_id", "change"])
    asked = votes[["source_id", "change", "origin"]].drop_duplicates()
    pairs = asked.merge(votes.drop(columns="source_id"), on="change", suffixes=("", "_other"))
    rest = pairs[pairs["origin"] != pairs["origin_other"]]
    theirs = _elected(
        rest.drop(columns="origin").rename(columns={"origin_other": "origin"}),
        ["source_id", "change"],
    )
    return (own - theirs).abs().dropna()


def _elected(votes: pd.DataFrame, whose: list[str]) -> pd.Series:
    """The day that the votes of each elect, as a number."""
    ballot = votes.groupby([*whose, "exact", "day", "origin"], as_index=False)["weight"].max()
    count = ballot.groupby([*whose, "exact", "day"], as_index=False)["weight"].sum()
    order = count.sort_values(
        [*whose, "exact", "weight", "day"], ascending=[True] * len(whose) + [False, False, True]
    )
    return order.drop_duplicates(whose).set_index(whose)["day"]
