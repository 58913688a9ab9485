"""The command ``controlmap``: all that the engine answers, from a shell.

A thin face: typer reads the options (:mod:`geo.options`), they are held against the study
(:mod:`geo.asked`), the engine answers, and the answer is printed (:mod:`geo.terminal`) or
written. Whatever is heavy is imported by the command that needs it, so that help comes at
once. A refusal is one line and status 2; a study with errors is a table of them and status 1.
"""

import gc
import signal
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from geo import asked, importing, options
from geo.asked import Refusal

if TYPE_CHECKING:
    from geo.timeline import Timeline

INTERRUPTED = 130
"""The status of a command stopped by Ctrl-C, as shells have it."""

TERMINATED = 143
"""The same for one that was told to end: it takes away what it has half made."""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Who held what, on which day, and who says so.",
    epilog=(
        "A day is written 2021-08-13.\n\n"
        "controlmap control --on 2021-08-13 --format csv\n\n"
        "controlmap snapshot my-study --on 2021-08-13 --known-on 2021-08-20 -o map.png"
    ),
)
app.add_typer(importing.app, name="import")


def main(arguments: list[str] | None = None) -> int:
    """Run a command and answer its exit status."""
    # What is imported and read stays to the end; looking for garbage among it meanwhile
    # takes a tenth of the time to a first picture. _timeline takes it up again.
    gc.disable()
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        status = app(
            (sys.argv[1:] if arguments is None else arguments) or ["--help"],
            prog_name="controlmap",
            standalone_mode=False,
        )
    except typer.TyperException as error:
        print(f"controlmap: {asked.in_one_line(error)}", file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)
        gc.enable()
    if status == INTERRUPTED:
        print("controlmap: stopped; nothing was written", file=sys.stderr)
    return status if isinstance(status, int) else 0


@app.callback()
def _common(version: options.Version = False) -> None: ...


def _timeline(
    study: Path | None,
    sources: tuple[str, ...] | None,
    known_on: date | None,
    claimants: list[str] | None,
) -> "Timeline":
    """The study through the eyes asked for; one with errors ends the command."""
    from geo import terminal, words
    from geo.study import StudyError

    try:
        timeline = asked.look(asked.read(study), sources, known_on, claimants)
    except StudyError as error:
        terminal.show_problems(error.problems)
        raise typer.Exit(1) from None
    if timeline.undated:
        left_out = words.number(timeline.undated, "report")
        terminal.say(f"{left_out} of unknown date of publication left out")
    gc.freeze()
    gc.enable()
    return timeline


@app.command()
def new(folder: options.NewFolder, force: options.Force = False) -> None:
    """Write a small working study to start from."""
    from geo import starting, terminal

    with asked.writing(folder):
        starting.new(folder, force)
    terminal.say(
        f"wrote {folder}: a made-up valley with two districts; its README.md says the rest"
    )
    terminal.say(f"controlmap check {folder} tells what is wrong or odd")


@app.command()
def dashboard(
    study: options.Study = None,
    studies: options.Studies = None,
    port: options.Port = None,
    address: options.Host = "127.0.0.1",
    browser: options.Browser = True,
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """Open the map in a browser."""
    from geo import serving, terminal

    _timeline(study, sources, known_on, claimants)
    if studies and not studies.is_dir():
        raise Refusal(f"--studies: {studies} is no folder")
    try:
        port = serving.free_port(address, port)
    except OSError as error:
        where = f"{address}, port {port}" if port else address
        raise Refusal(f"the dashboard cannot answer at {where}: {error.strerror}") from error
    query: serving.Query = {"sources": ",".join(sources)} if sources else {}
    query |= {"claimants": claimants} if claimants else {}
    query |= {"known_on": known_on.isoformat()} if known_on else {}
    terminal.say(f"the dashboard is at {serving.address(address, port, query)}")
    serving.serve(asked.place(study), address, port, query, browser, studies)


@app.command()
def check(
    study: options.Study = None,
    format: options.Format = "table",
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """List what is wrong or odd in a study."""
    from geo import checks, problems, terminal, words
    from geo.study import StudyError

    try:
        found = asked.read(study)
    except StudyError as error:
        told = error.problems
    else:
        timeline = asked.look(found, sources, known_on, claimants)
        told = found.warnings + checks.check_changes(timeline.changes, timeline.reports)
    errors = sum(problem.level == problems.ERROR for problem in told)
    counts = [words.number(errors, "error"), words.number(len(told) - errors, "warning")]
    terminal.show(problems.to_frame(told), format, notes=[", ".join(counts)])
    if errors:
        raise typer.Exit(1)


@app.command()
def control(
    on: options.On,
    study: options.Study = None,
    of: options.Of = "areas",
    format: options.Format = "table",
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """Say who holds what at the end of a day."""
    from geo import tables, terminal
    from geo.dates import in_words
    from geo.print.captions import Captions

    timeline = _timeline(study, sources, known_on, claimants)
    asked.within(timeline, on=on)
    captions = Captions(timeline)
    title = f"{timeline.study.settings.title}: situation as of {in_words(on)}"
    notes = [note for note in (" ".join(captions.basis), captions.silence(on)) if note]
    terminal.show(tables.control_table(timeline, on, of), format, title, notes)


@app.command()
def changes(
    study: options.Study = None,
    first: options.First = None,
    last: options.Last = None,
    format: options.Format = "table",
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """List what changed hands, when, and who says so."""
    from geo import tables, terminal, words
    from geo.print.captions import Captions

    timeline = _timeline(study, sources, known_on, claimants)
    asked.period(timeline, first, last)
    table = tables.changes_table(timeline, first, last)
    title = f"{timeline.study.settings.title}: {words.number(len(table), 'change')}"
    terminal.show(table, format, title, [" ".join(Captions(timeline).basis)])


@app.command()
def snapshot(
    on: options.On,
    to: options.Picture,
    study: options.Study = None,
    beside: options.Beside = None,
    preset: options.Preset = None,
    size: options.Size = None,
    dpi: options.Dpi = None,
    bounds: options.Bounds = None,
    hide: options.Hide = None,
    alt_text: options.AltText = False,
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """Draw a day, or two side by side, as a picture for a report."""
    from geo import snapshot, terminal
    from geo.files import replacing
    from geo.print.captions import Captions
    from geo.print.page import FORMATS

    format = asked.suffix(to, FORMATS)
    paper = asked.paper(preset, size, dpi)
    timeline = _timeline(study, sources, known_on, claimants)
    asked.within(timeline, on=on, with_=beside)
    asked.different(on, beside)
    drawn = {**paper._asdict(), "format": format, "view": asked.view(timeline, bounds, hide)}
    with asked.writing(to), replacing(to) as part:
        part.write_bytes(
            snapshot.beside(timeline, on, timeline, beside, **drawn)
            if beside
            else snapshot.render(timeline, on, **drawn)
        )
    if alt_text:
        captions = Captions(timeline)
        told = captions.alt_text_beside(on, captions, beside) if beside else captions.alt_text(on)
        terminal.answer(f"{terminal.plain(told)}\n")
    terminal.say(f"wrote {to}")


@app.command()
def animate(
    to: options.Film,
    study: options.Study = None,
    first: options.First = None,
    last: options.Last = None,
    only_changes: options.OnlyChanges = False,
    speed: options.Speed = None,
    preset: options.Preset = None,
    size: options.Size = None,
    dpi: options.Dpi = None,
    bounds: options.Bounds = None,
    hide: options.Hide = None,
    quiet: options.Quiet = False,
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """Draw day after day as a film, or as numbered pictures."""
    from geo import animation, terminal, words

    if to.suffix:
        asked.suffix(to, tuple(suffix.removeprefix(".") for suffix in animation.SUFFIXES))
    paper = asked.paper(preset, size, dpi)
    timeline = _timeline(study, sources, known_on, claimants)
    asked.period(timeline, first, last)
    view = asked.view(timeline, bounds, hide)
    days = animation.days_of(timeline, first, last, only_changes)
    with asked.writing(to), terminal.progress(quiet) as progress, terminal.stopping() as cancelled:
        try:
            animation.animate(
                timeline,
                days,
                to,
                paper=paper,
                view=view,
                speed=speed or animation.SPEED,
                progress=progress,
                cancelled=cancelled,
            )
        except animation.Cancelled:
            raise KeyboardInterrupt from None
    terminal.say(f"wrote {to}: {words.number(len(days), 'day')}")


@app.command()
def html(
    to: options.Page,
    study: options.Study = None,
    on: options.OpensOn = None,
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """Write the map with its slider as one page that needs nothing else."""
    from geo import terminal, webmap
    from geo.files import replacing

    asked.suffix(to, ("html",))
    timeline = _timeline(study, sources, known_on, claimants)
    asked.within(timeline, on=on)
    page = webmap.page(timeline, on or timeline.study.settings.opens_on)
    with asked.writing(to), replacing(to) as part:
        part.write_bytes(page.encode())
    terminal.say(f"wrote {to}")


@app.command()
def export(
    to: options.Data,
    study: options.Study = None,
    on: options.OnlyOn = None,
    what: options.What = "control",
    of: options.Units = None,
    hxl: options.Hxl = False,
    sources: options.Sources = None,
    known_on: options.KnownOn = None,
    claimants: options.Claimants = None,
) -> None:
    """Write the data behind the map to a file."""
    from geo import exports, terminal

    asked.suffix(to, tuple(exports.FORMATS))
    timeline = _timeline(study, sources, known_on, claimants)
    asked.within(timeline, on=on)
    with asked.writing(to):
        exports.write(timeline, to, on, what, of, hxl)
    terminal.say(f"wrote {to}")
