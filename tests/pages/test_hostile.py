"""Two hundred hostile texts go through import, screen, CSV, Excel and Word without execution, breakage or loss."""

import csv
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from collectors.files import FileError, open_tables
from matrix.account import Platform
from matrix.export import KINDS
from matrix.masking import mask_text
from matrix.post import Post
from matrix.run import Batch
from reports import tables
from reports.cells import LONGEST, clean
from reports.export_table import table
from storage import batches, export_rows, organizations
from storage.database import open_database, open_writer
from tests import hostile, sample, serving
from tests.collectors.files_desk import bring, make_database
from tests.pages.conftest import Open, words_of

TEXTS = hostile.texts()
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [{}]><worksheet>&l9;</worksheet>'
ACTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def test_there_are_two_hundred_of_them_each_with_its_mark() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 200
    assert all(hostile.mark(number) in text for number, text in enumerate(TEXTS))


def as_csv(path: Path, rows: list[list[str]]) -> Path:
    target = StringIO(newline="")
    csv.writer(target).writerows(rows)
    path.write_bytes(target.getvalue().encode("utf-8", "surrogatepass"))
    return path


def as_xlsx(path: Path, rows: list[list[str]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, clean(cell)) for cell in row]  # no program can write more into a sheet
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    book.save(path)
    return path


@pytest.mark.parametrize(("write", "ending"), [(as_csv, "csv"), (as_xlsx, "xlsx")])
def test_an_import_keeps_them_all_apart(tmp_path: Path, write: Callable[[Path, list[list[str]]], Path], ending: str) -> None:
    rows = [["账号名称", "内容ID", "发布时间", "正文"]]
    rows += [["临江发布", f"h{number}", "2026-02-01 08:00", text] for number, text in enumerate(TEXTS)]
    with closing(make_database()) as db:
        report = bring(db, write(tmp_path / f"hostile.{ending}", rows), constants={"平台": "微博"})
        held = dict(db.execute("SELECT ext_id, text FROM posts").fetchall())
    assert report.saved.posts_new == len(held) == 200, report.faults
    for number, text in enumerate(TEXTS):
        kept = held[f"h{number}"]
        assert hostile.mark(number) in kept, number
        assert letters(kept) == letters(clean(text) if write is as_xlsx else text), number


def letters(text: str) -> str:
    """What can be read of a text: letters, digits and marks, whatever happens to blanks and signs that nobody sees."""
    return "".join(sign for sign in text if sign.isalnum())


def test_both_files_give_them_back_and_none_acts() -> None:
    frame = pd.DataFrame({"内容": TEXTS, "编号": [str(49 * 10**17 + number) for number in range(200)]}, dtype=object)
    written = list(csv.reader(StringIO(tables.to_csv(frame).decode("utf-8-sig"), newline="")))[1:]
    sheet = load_workbook(BytesIO(tables.to_xlsx({"表": frame}, {}))).worksheets[0]
    assert len(written) == sheet.max_row - 1 == 200
    for text, row, cells in zip(TEXTS, written, sheet.iter_rows(min_row=2), strict=True):
        assert row[0].removeprefix("'") in (clean(text), clean(text).removeprefix("'"))
        assert not row[0].startswith(ACTS)
        assert (cells[0].value, cells[0].data_type != "f") == (clean(text).replace("_x0", "_x005F_x0"), True)
        assert len(clean(text)) <= LONGEST
        assert cells[1].value == row[1].removeprefix("'")


def test_word_takes_them_masked() -> None:
    document = Document()
    for text in TEXTS:
        document.add_paragraph(clean(mask_text(text)))
    content = BytesIO()
    document.save(content)
    told = [paragraph.text for paragraph in Document(BytesIO(content.getvalue())).paragraphs]
    assert len(told) == 200
    for number, text in enumerate(told):
        assert hostile.mark(number) in text
    assert letters("".join(told)) == letters("".join(clean(mask_text(text)) for text in TEXTS))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample city, in which 临江发布 published them all."""
    path, now = serving.make_world(tmp_path_factory.mktemp("hostile"), True), datetime.now(UTC)
    posts = tuple(Post(f"h{number}", now - timedelta(minutes=number), clean(text)) for number, text in enumerate(TEXTS))
    with closing(open_writer(path)) as db:
        found = "SELECT id FROM accounts WHERE name = '临江发布' AND platform = ?"
        (account,) = db.execute(found, (int(Platform.WEIBO),)).fetchone()
        for start in range(0, 200, 50):
            batches.save(db, account, int(Platform.WEIBO), Batch(now, posts=posts[start : start + 50]), sample.RING, now)
    return {"hostile": path}


@pytest.mark.parametrize(
    ("page", "query"), [("pages/report/export.py", {"take": "发布"}), ("pages/matrix/publishing.py", {"what": "搜索"})]
)
def test_pages_draw_them(look: Open, page: str, query: dict[str, str]) -> None:
    for words in ("标", "标014标"):
        tester = look("hostile", "zhuguan", page, period="近7天", q=words, take_words=words, **query)
        assert not tester.exception
        assert hostile.mark(14) in words_of(tester) or words == "标"


def test_the_export_of_them_is_what_was_published(worlds: dict[str, Path]) -> None:
    with closing(open_database(worlds["hostile"])) as db:
        wanted = export_rows.ids(db, organizations.roots(db), "发布", words="标")
        made = [table(raw, "发布", KINDS["发布"].usual, True) for raw in export_rows.portions(db, "发布", wanted)]
    told = pd.concat(made)["正文"].tolist()
    assert {number for number in range(200) for text in told if hostile.mark(number) in text} == set(range(200))


def test_bombs_are_refused_in_a_sentence_with_bounded_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    laughs = tmp_path / "laughs.xlsx"
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    with zipfile.ZipFile(laughs, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", LAUGHS.format(entities))
    tracemalloc.start()
    for path, sentence in ((bomb, "解开后过大|已损坏"), (laughs, "XML实体|已损坏")):
        with pytest.raises(FileError, match=sentence):
            [row for one in open_tables(path) for row in one.rows()]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 << 20
