"""Studies at hand, and a reader's own: checked, seen by that reader alone, gone with them."""

import zipfile
from io import BytesIO

import pytest
from playwright.sync_api import FrameLocator, expect

from geo import serving, starting
from tests import pages, tiny
from tests.browser import MAP, Reader
from tests.test_hostile import planted

STARTER = ("my-study.zip", starting.as_zip(), "application/zip")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder of further studies: one folder, one .zip, one that is broken, and no study."""
    starting.new(tmp_path / "valley")
    (tmp_path / "tiny.zip").write_bytes(tiny.files().zipped("tiny/"))
    broken = starting.new(tmp_path / "broken")
    (broken / "reports.csv").write_text("report_id\nr1", encoding="utf-8")
    (tmp_path / "photos").mkdir()
    monkeypatch.setenv(serving.STUDIES, str(tmp_path))
    return tmp_path


def cards(app):
    return [e.proto.body for e in app.get("html") if "cm-h3" in e.proto.body]


def uploaded(app, file=STARTER):
    app.file_uploader(key="upload").set_value(file)
    return app.run(timeout=60)


def test_the_studies_at_hand_are_named_with_their_days(shelf):
    app = pages.run("studies")
    titles = ["Afghanistan, summer 2021", "My study", "Tiny", "My study"]
    assert [body.split(">")[1].split("<")[0] for body in cards(app)] == titles
    assert "1 June 2024 to 30 June 2024" in cards(app)[1]
    assert list(serving.studies()) == ["afghanistan-2021", "broken", "tiny", "valley"]


def test_one_of_them_opens_on_its_own_day(shelf):
    app = pages.run("studies")
    app.button(key="open-valley").click().run()
    assert "Friday <b>14 June 2024</b>" in pages.html(app, "<h1")
    assert pages.address(app) == {"study": "valley", "day": "2024-06-14"}


def test_an_address_names_a_registered_study(shelf):
    app = pages.run(study="tiny", day="2021-08-05")
    assert "5 August 2021" in pages.html(app, "<h1")
    assert pages.address(app)["study"] == "tiny"


def test_going_to_another_study_forgets_what_was_asked_of_the_last(shelf):
    app = pages.run(study="valley", sources="herald_0615", known_on="2024-06-20", day="2024-06-16")
    app.switch_page("pages/studies.py").run()
    app.button(key="open-tiny").click().run()
    assert pages.address(app) == {"study": "tiny", "day": "2021-08-10"}
    assert not app.exception


def test_a_registered_study_with_errors_says_so_and_leaves_the_others_open(shelf):
    app = pages.run(study="broken")
    assert app.header[0].value == "“broken” cannot be shown yet"
    app.switch_page("pages/studies.py").run()
    assert "broken" in app.sidebar.warning[0].value
    app.button(key="open-valley").click().run()
    assert "14 June 2024" in pages.html(app, "<h1")


def test_a_study_that_nobody_has(shelf):
    app = pages.run(study="atlantis")
    assert "No study “atlantis” is at hand" in app.warning[0].value


def test_an_upload_with_mistakes_is_told_all_of_them():
    files = tiny.files()
    files.reports.loc[0, "control"] = "purple"
    files.reports.loc[1, "when"] = "yesterday"
    files.sources.loc[0, "url"] = "ftp://example.org"
    app = uploaded(pages.run("studies"), ("theirs.zip", files.zipped(), "application/zip"))
    assert app.error[0].value.startswith("Two errors must be mended first")
    errors, warnings = (table.value for table in app.dataframe[:2])
    assert errors[["file", "row", "column"]].to_numpy().tolist() == [
        ["reports.csv", "2", "control"],
        ["reports.csv", "3", "when"],
    ]
    assert warnings["wrong"].tolist() == [
        "“ftp://example.org” is no web address and is shown as text"
    ]
    assert not [button for button in app.button if button.key == "see"]


def test_a_hostile_upload_is_refused_with_a_reason():
    content = BytesIO(tiny.files().zipped())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("../../dashboard.py", "print('mine')")
    app = uploaded(pages.run("studies"), ("../x<b>.zip", content.getvalue(), "application/zip"))
    assert "“../../dashboard.py” leads out of the .zip" in app.error[0].value.replace("\\", "")
    assert not app.exception


def test_an_upload_of_boundaries_alone_is_told_what_makes_a_study_of_them():
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("districts/districts.shp", "any")
    app = uploaded(pages.run("studies"), ("d.zip", content.getvalue(), "application/zip"))
    (error,) = (error.value.replace("\\", "") for error in app.error)
    assert error.startswith("“districts.shp” has outlines or points, and no study.toml beside it.")
    assert "controlmap new FOLDER begins one for them" in error


def test_a_sound_upload_is_counted_and_seen_on_the_map():
    app = uploaded(pages.run("studies"))
    assert app.success[0].value.replace("\\", "") == (
        "“My study”, 1 June 2024 to 30 June 2024: two areas, three places, seven reports, "
        "three sources, six changes."
    )
    app.button(key="see").click().run()
    assert "14 June 2024" in pages.html(app, "<h1")
    assert pages.address(app) == {"study": "uploaded", "day": "2024-06-14"}


PAGES = ["compare", "trends", "reports", "sources", "export", "method", "studies"]


@pytest.fixture(scope="module")
def own():
    """A session that looks at its own upload."""
    app = uploaded(pages.run("studies"))
    return app.button(key="see").click().run()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_of_the_uploaded_study(own, page):
    own.switch_page(f"pages/{page}.py").run()
    assert not own.exception
    assert "My study" in own.sidebar.get("html")[0].proto.body
    assert pages.address(own)["study"] == "uploaded"


def test_nobody_else_comes_to_it_and_it_goes_with_its_session(own):
    other = pages.run(study="uploaded")
    assert "went with its session" in other.warning[0].value
    assert "Afghanistan" in other.sidebar.get("html")[0].proto.body


def bare(**left_out: str) -> bytes:
    """The starter with other content in some files, and without those that have none."""
    content = BytesIO()
    with zipfile.ZipFile(BytesIO(starting.as_zip())) as made, zipfile.ZipFile(content, "w") as new:
        for name in made.namelist():
            short = name.partition("/")[2]
            if left_out.get(short, "…"):
                text = left_out.get(short) or made.read(name).decode()
                new.writestr(short, text)
    return content.getvalue()


def header(name: str) -> str:
    return (starting.STARTER / name).read_text(encoding="utf-8").splitlines()[0]


SETTINGS = (starting.STARTER / "study.toml").read_text(encoding="utf-8")
BY_AREA = SETTINGS.replace('area_rule = "capital"', 'area_rule = "reported"')
AREA_REPORT = "r1,XV-N,league,2024-06-13,herald_0615,,,high,used,,,"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"reports.csv": header("reports.csv"), "sources.csv": header("sources.csv")}
            | {"study.toml": SETTINGS.replace("lead_", "# lead_")},
            id="no report yet",
        ),
        pytest.param(
            {"study.toml": BY_AREA, "places.geojson": ""}
            | {"reports.csv": f"{header('reports.csv')}\n{AREA_REPORT}\n"},
            id="no places",
        ),
    ],
)
def test_every_page_can_show_a_study_that_is_hardly_begun(files):
    app = uploaded(pages.run("studies"), ("mine.zip", bare(**files), "application/zip"))
    app.button(key="see").click().run()
    for page in ["timeline", *PAGES]:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page


def map_of(reader: Reader, name: str, content: bytes) -> FrameLocator:
    """Upload a study as a reader would, and go on to its map."""
    upload = {"name": name, "mimeType": "application/zip", "buffer": content}
    reader.page.set_input_files("input[type=file]", [upload])
    reader.page.get_by_role("button", name="See it on the map").click()
    return reader.page.frame_locator(MAP)


def test_the_scripts_of_an_upload_are_text(visit, tmp_path):
    folder = planted(tmp_path / "hostile")
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in folder.glob("*.*"):
            archive.write(file, file.name)
    reader = visit("studies")
    shown = map_of(reader, "hostile.zip", content.getvalue())
    expect(shown.locator("output.controlmap-day")).to_have_text("13 August 2021")
    assert not any(frame.evaluate("window.pwned") for frame in reader.page.frames)


def test_the_one_who_uploads_sees_the_map_and_nothing_of_it_is_served(visit):
    reader = visit("studies")
    shown = map_of(reader, "my-study.zip", STARTER[1])
    expect(shown.locator("output.controlmap-day")).to_have_text("14 June 2024")
    expect(shown.locator("path.controlmap-area")).to_have_count(2)
    assert not [one for one in reader.asked if one.endswith(".json") and "published" in one]
    reader.page.keyboard.press("ArrowRight")
    expect(reader.heading).to_have_text("15 June 2024")
    reader.page.reload()
    expect(reader.page.get_by_text("went with its session")).to_be_visible()
