"""The timeline page: the map with its slider, the day in words, what changed and who says so."""

from datetime import date, timedelta

import altair as alt
import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit_folium import st_folium

from geo import dates, measures, snapshot, style, webmap, words
from pages import shared
from pages.shared import Asked

MAP_SHARE = [7, 3]
MANY = 12
"""More first reports than this on one day are folded away: the state a study opens with."""

_HATCHED = Markup(
    "background:repeating-linear-gradient(45deg,#fff 0 2px,{0} 2px 4px);border:1px solid {0}"
)
_FILLED = Markup("background:{0}")


def _day(asked: Asked) -> date:
    """The day shown: the reader's last, else the address's, else the study's first view."""
    settings = asked.study.settings
    if "day" not in st.session_state:
        try:
            wished = date.fromisoformat(st.query_params.get("day", ""))
        except ValueError:
            wished = settings.opens_on
        st.session_state["day"] = wished
        st.session_state["turn"] = 0
    return min(max(st.session_state["day"], settings.start), settings.end)


def _go(day: date) -> None:
    """Ask the map for a day of the page's own choice."""
    st.session_state["day"] = day
    st.session_state["turn"] += 1


def _swatch(control: style.Control) -> Markup:
    look = _HATCHED if control.hatch else _FILLED
    edge = ";border:1px solid #7b8591" if control.id == style.UNKNOWN else ""
    return Markup('<i class="cm-swatch" style="{}{}"></i>').format(
        look.format(control.colour), edge
    )


def _heading(asked: Asked, day: date) -> Markup:
    timeline = asked.timeline
    notes = []
    if timeline.known_on:
        notes.append(f"as known on {dates.in_words(timeline.known_on)}")
    if timeline.sources is not None:
        notes.append(_whose(asked))
    if timeline.is_silent(day):
        notes.append(words.silence(timeline))
    return Markup('<h1 class="cm-day">{} <b>{}</b></h1><p class="cm-notes">{}</p>').format(
        dates.weekday(day), dates.in_words(day), " · ".join(notes) or asked.study.settings.title
    )


def _whose(asked: Asked) -> str:
    sources = asked.study.sources
    chosen = sorted(asked.timeline.sources or ())
    if len(chosen) == 1:
        return f"{sources.loc[chosen[0], 'publisher']} alone"
    return f"{len(chosen)} of {len(sources)} sources"


def _balance(asked: Asked, day: date) -> Markup:
    """Three bars: how many areas, how much ground, how many people each side holds."""
    found = shared.balances(asked)
    today = measures.on_day(found, day)
    controls, (_, many) = asked.study.controls, asked.study.settings.area_unit
    keys = Markup(" ").join(
        Markup('<span class="cm-key">{}<b>{}</b> {}</span>').format(
            _swatch(controls[control]), f"{int(row.areas):,}", controls[control].label
        )
        for control, row in today.iterrows()
    )
    totals: dict[measures.Unit, str] = {
        "areas": f"{found['areas'].total:,.0f} {many}",
        "km2": f"{found['km2'].total:,.0f} km²",
        "people": f"{found['people'].total / 1e6:,.1f} million people",
    }
    bars = Markup("").join(
        _bar(asked, today, unit, total) for unit, total in totals.items() if found[unit].total
    )
    return Markup(
        '<div class="cm-balance"><div class="cm-keys">{} <span class="cm-soft">of {} {}</span>'
        "</div>{}</div>"
    ).format(keys, f"{found['areas'].total:,.0f}", many, bars)


def _bar(asked: Asked, today: pd.DataFrame, unit: measures.Unit, total: str) -> Markup:
    controls = asked.study.controls
    parts = Markup("").join(
        Markup('<i style="width:{:.2f}%;{}" title="{}: {}"></i>').format(
            share * 100,
            (_HATCHED if controls[control].hatch else _FILLED).format(controls[control].colour),
            controls[control].label,
            words.share(share),
        )
        for control, share in today[f"{unit}_share"].items()
    )
    told = ", ".join(
        f"{controls[control].label} {words.share(share)}"
        for control, share in today[f"{unit}_share"].items()
    )
    return Markup(
        '<div class="cm-barrow"><div class="cm-bar" role="img" aria-label="{}">{}</div>'
        '<span class="cm-soft">{}</span></div>'
    ).format(f"{told} of {total}", parts, total)


def _since_yesterday(asked: Asked, day: date) -> str:
    """What each side won and lost since the day before."""
    settings = asked.study.settings
    if day == settings.start:
        return "The study's first day."
    found = shared.balances(asked)
    before = day - timedelta(days=1)
    held = found["areas"].held
    moved = held.loc[pd.Timestamp(day)] - held.loc[pd.Timestamp(before)]
    people = found["people"].held
    swing = people.loc[pd.Timestamp(day)] - people.loc[pd.Timestamp(before)]
    parts = []
    for control, count in moved[moved != 0].astype(int).items():
        unit = settings.area_unit[abs(count) != 1]
        share = abs(swing[control]) / (found["people"].total or 1)
        note = f" ({words.share(share)} of the population)" if share else ""
        sign = "+" if count > 0 else "−"
        label = words.control_label(asked.timeline, control)
        parts.append(f"{label} {sign}{abs(count)} {unit}{note}")
    since = f"Since {dates.in_words(before, year=False)}: "
    return since + ("; ".join(parts) or f"no {settings.area_unit[0]} changed hands") + "."


def _changes(asked: Asked, day: date) -> Markup:
    """“On this day”: each change, how sure it is, and the evidence of its sources."""
    timeline = asked.timeline
    today = timeline.changes_on(day)
    head = Markup('<h2 class="cm-h2">On this day{}</h2>').format(
        f" · {len(today)} change{'' if len(today) == 1 else 's'}" if len(today) else ""
    )
    head += Markup('<p class="cm-soft">{}</p>').format(_since_yesterday(asked, day))
    if today.empty:
        return head + _nothing(asked, day)
    areas = asked.study.areas.set_index("area_id")["name"]
    places = asked.study.places.set_index("place_id")
    fresh = today["previous"] == style.UNKNOWN

    def written(rows: pd.DataFrame) -> Markup:
        capital = places["is_capital"].reindex(rows["place_id"]).fillna(False).to_numpy(bool)
        ids = pd.concat([rows["place_id"][capital], rows["place_id"][~capital]])
        return Markup("").join(
            _change(asked, number, places.loc[place], areas) for number, place in ids.items()
        )

    if fresh.sum() <= MANY:
        return head + written(today)
    opening = Markup("<details><summary>First known state of {} places</summary>{}</details>")
    return head + written(today[~fresh]) + opening.format(int(fresh.sum()), written(today[fresh]))


def _nothing(asked: Asked, day: date) -> Markup:
    timeline = asked.timeline
    if timeline.is_silent(day):
        silence = words.silence(timeline)
        text = f"{silence[:1].upper()}{silence[1:]}: nothing is drawn for this day."
        return Markup('<p class="cm-soft">{}</p>').format(text)
    days = timeline.changes["day"]
    later = days[days > pd.Timestamp(day)]
    text = "No change reported."
    if not later.empty:
        text += f" The next is on {dates.in_words(later.min().date(), year=False)} (Shift + →)."
    return Markup('<p class="cm-soft">{}</p>').format(text)


def _change(asked: Asked, number: int, place: pd.Series, areas: pd.Series) -> Markup:
    timeline, controls = asked.timeline, asked.study.controls
    row = timeline.changes.loc[number]
    behind = timeline.reports[timeline.reports["change"] == number]
    where = areas.get(place["area_id"], "")
    aside = f"{'capital of ' if place['is_capital'] else ''}{where}" if where else ""
    return Markup(
        '<article class="cm-change">{}<div><b>{}</b> <span class="cm-soft">{}</span>'
        "<div>{} → <b>{}</b></div><div>{}</div>"
        "<details><summary>{}</summary>{}</details></div></article>"
    ).format(
        _swatch(controls[row["control"]]),
        place["name"],
        aside,
        controls[row["previous"]].label,
        controls[row["control"]].label,
        words.how_sure(timeline, number),
        _publishers(asked, behind),
        Markup("").join(_evidence(asked, report) for _, report in behind.iterrows()),
    )


def _publishers(asked: Asked, behind: pd.DataFrame) -> str:
    names = list(dict.fromkeys(asked.study.sources["publisher"].loc[behind["source_id"]]))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return " · ".join(names[:3]) + more


def _evidence(asked: Asked, report: pd.Series) -> Markup:
    source = asked.study.sources.loc[report["source_id"]]
    title = source["title"] or source["publisher"]
    named = title
    if source["url"].lower().startswith(("https://", "http://")):
        link = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
        named = Markup(link).format(source["url"], title)
    published = f", {source['published']}" if source["published"] else ", undated"
    said = [f"“{report['when']}”", f"confidence {report['confidence']}"]
    if report["claimant"]:
        said.insert(0, f"says {report['claimant']}")
    if report["locator"]:
        said.append(report["locator"])
    return Markup(
        '<div class="cm-evidence"><p dir="auto">{}</p><p class="cm-soft" dir="auto">{}{}: {}</p>'
        '<p class="cm-soft">{}</p></div>'
    ).format(report["evidence"], source["publisher"], published, named, " · ".join(said))


def _chart(asked: Asked, day: date) -> alt.LayerChart:
    """Control over the whole period, in areas, with a mark on the day shown.

    Days are positions on a plain scale: a browser's own time zone can move no bar.
    """
    controls = asked.study.controls
    held = shared.balances(asked)["areas"].held
    days = held.index
    present = [control for control in controls if held[control].any()]
    changed = (held != held.shift()).any(axis=1) | (days == days[-1])
    tall = held.loc[changed, present].reset_index(drop=True)
    tall.insert(0, "at", [i for i, flag in enumerate(changed) if flag])
    tall = tall.melt("at", var_name="control", value_name="areas")
    tall["rank"] = tall["control"].map({control: i for i, control in enumerate(present)})
    months = {str(i): d.strftime("%b") for i, d in enumerate(days) if d.day == 1}
    axis = alt.Axis(
        values=[int(i) for i in months],
        labelExpr=f"({pd.Series(months).to_json()})[datum.value]",
        title=None,
        grid=False,
    )
    x = alt.X("at:Q", axis=axis, scale=alt.Scale(domain=[0, len(days) - 1], nice=False))
    area = (
        alt.Chart(tall)
        .mark_area(interpolate="step-after", stroke="#ffffff", strokeWidth=0.4)
        .encode(
            x=x,
            y=alt.Y("areas:Q", stack="zero", axis=None),
            order="rank:O",
            color=alt.Color(
                "control:N",
                scale=alt.Scale(domain=present, range=[controls[c].colour for c in present]),
                legend=None,
            ),
        )
    )
    at = (day - asked.study.settings.start).days
    mark = alt.Chart(pd.DataFrame({"at": [at]})).mark_rule(size=2.5, color="#10151c").encode(x=x)
    halo = alt.Chart(pd.DataFrame({"at": [at]})).mark_rule(size=5, color="#ffffff").encode(x=x)
    every = pd.DataFrame({"at": range(len(days)), "day": [dates.in_words(d.date()) for d in days]})
    pick = alt.selection_point("day", fields=["at"], nearest=True, on="click", empty=False)
    reach = (
        alt.Chart(every)
        .mark_rule(size=6, opacity=0)
        .encode(x=x, tooltip=alt.Tooltip("day:N", title="Go to"))
        .add_params(pick)
    )
    return alt.layer(area, halo, mark, reach).properties(height=84).configure_view(stroke=None)


def _clicked(asked: Asked) -> None:
    picked = st.session_state["chart"]["selection"]["day"]
    if picked:
        _go(asked.study.settings.start + timedelta(days=int(picked[0]["at"])))


def _stepped(key: str) -> None:
    said = st.session_state.get(key) or {}
    if "day" in said:
        st.session_state["day"] = date.fromisoformat(said["day"])


@st.fragment
def _view(asked: Asked) -> None:
    """All that follows the day. Only the panels are drawn anew: the map keeps its frame."""
    day = _day(asked)
    st.query_params["day"] = day.isoformat()
    timeline = asked.timeline
    head = st.container(key="head")
    left, middle, right = head.columns([5, 7, 2], vertical_alignment="center")
    left.html(_heading(asked, day))
    middle.html(_balance(asked, day))
    right.download_button(
        "Snapshot",
        data=lambda: snapshot.render(timeline, day),
        file_name=snapshot.file_name(asked.study, day),
        mime="image/png",
        icon=":material/photo_camera:",
        on_click="ignore",
        width="stretch",
        help="This day as a picture for a report (PNG, 1600 × 1200)",
    )
    beside = st.columns(MAP_SHARE)
    with beside[0]:
        _map(asked, day)
    with beside[1].container(height=webmap.HEIGHT, border=True, key="on-this-day"):
        st.html(_changes(asked, day))
    many = asked.study.settings.area_unit[1]
    st.caption(f"{many.capitalize()} under each control through the period. Click to go to a day.")
    st.altair_chart(
        _chart(asked, day),
        on_select=lambda: _clicked(asked),
        selection_mode="day",
        key="chart",
        width="stretch",
    )


def _map(asked: Asked, day: date) -> None:
    at = shared.map_addresses(asked)
    key = f"map-{asked.study.digest}"
    world = webmap.build_map(at["study"], at["leaflet"], at["web"])
    theme = st.context.theme.type or "light"
    # The day stands in the message only when the page asks for it: a message that stays the
    # same goes over the wire as its hash.
    first = st.session_state.setdefault("asked-day", {})
    turn = st.session_state["turn"]
    first.setdefault(turn, day)
    st_folium(
        world,
        key=key,
        height=webmap.HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=webmap.update(at["timeline"], first[turn], turn, theme),
        on_change=lambda: _stepped(key),
    )


_view(shared.ask())
