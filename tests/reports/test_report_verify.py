"""Whoever changes a number of a report, a fact behind it or a filter of it is found, and the number is named."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from xml.sax.saxutils import escape, unescape

import pytest

from matrix.comment import Comment
from matrix.post import Post, PostKind, Reach
from matrix.report import Brief, Note, ReportKind, Said
from matrix.run import Batch
from reports.report import compose, to_docx
from reports.verify import Finding, ReportFileError, refuses, verify
from storage import batches, cutoffs
from storage.database import create_database, writing
from tests.sample import RING, fill

FRIDAY = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
RECORD = "customXml/item9.xml"


class City:
    """The sample city, a weekly report of it, and the file."""

    def __init__(self) -> None:
        self.db = create_database(":memory:")
        self.ids = fill(self.db, FRIDAY)
        self.scope = (self.ids["临江市"],)
        with writing(self.db):
            self.cut = cutoffs.close(self.db, int(FRIDAY.timestamp()))
        brief = Brief(ReportKind.WEEKLY, 0, self.cut - 7 * 86400, self.cut, self.cut, notes=(Note("建议", "请在3日内答复。"),))
        self.composed = compose(self.db, self.scope, brief)
        self.word = to_docx(self.composed)

    def check(self, word: bytes | None = None, now: int | None = None) -> list[Finding]:
        return verify(self.db, self.scope, word or self.word, now)

    def key_of(self, meaning: str) -> str:
        return next(figure.key for figure in self.composed.figures if figure.meaning == meaning)


@pytest.fixture(scope="module")
def city():
    made = City()
    yield made
    made.db.close()


def edited(word: bytes, name: str, edit: Callable[[str], str]) -> bytes:
    """The file with one part written anew."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(word)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info.filename)
            if info.filename == name:
                text = content.decode()
                content = edit(text).encode()
                assert content.decode() != text
            new.writestr(info.filename, content)
    return target.getvalue()


def broken(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if refuses([finding])]


def test_an_untouched_report_holds_and_says_what_a_person_wrote(city: City) -> None:
    found = city.check()
    assert broken(found) == []
    assert [finding.said for finding in found if finding.kind == Said.BY_HAND] == ["3"]
    assert {finding.key for finding in found if finding.kind == Said.HOLDS} == {one.key for one in city.composed.figures}


def test_one_changed_number_in_the_text_is_named_with_its_place(city: City) -> None:
    figure = next(one for one in city.composed.figures if one.meaning == "24小时回复率")
    other = figure.text.replace("3/7", "7/7")
    (one,) = broken(
        city.check(edited(city.word, "word/document.xml", lambda text: text.replace(f">{figure.text}<", f">{other}<", 1)))
    )
    assert (one.key, one.kind, one.said, one.now) == (figure.key, Said.CHANGED, other, figure.text)
    assert one.what.startswith("“诉求与回复”第2段印作")


def test_one_changed_cell_of_a_table_is_named(city: City) -> None:
    word = edited(city.word, "word/document.xml", lambda text: text.replace(">1202<", ">9202<", 1))
    (one,) = broken(city.check(word))
    assert "第1行“阅读”印作“9202”，记录为“1202”" in one.what


def test_a_number_typed_into_the_body_has_no_source_and_dates_need_none(city: City) -> None:
    word = edited(
        city.word, "word/document.xml", lambda text: text.replace(">本期发出舆情预警<", ">3月5日另有85%的诉求、本期发出舆情预警<")
    )
    (one,) = broken(city.check(word))
    assert (one.key, one.said) == ("", "85%")


def test_a_number_that_was_taken_out_is_missed(city: City) -> None:
    key = city.key_of("网民评论")
    word = edited(city.word, "word/document.xml", lambda text: text.replace(f'"F_{key}_1"', '"other"'))
    assert key in {one.key for one in broken(city.check(word))}


def test_an_exchanged_picture_is_found(city: City) -> None:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(city.word)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info.filename)
            new.writestr(info.filename, content + b"x" if info.filename == "word/media/image1.png" else content)
    assert [one.said for one in broken(city.check(target.getvalue()))] == ["图片"]


def record_with(word: bytes, edit: Callable[[dict], None]) -> bytes:
    """The file with a record that somebody has changed together with nothing else."""

    def change(text: str) -> str:
        head, _, rest = text.partition('">')
        body, _, tail = rest.rpartition("</report>")
        whole = json.loads(unescape(body))
        edit(whole)
        return f'{head}">{escape(json.dumps(whole, ensure_ascii=False))}</report>{tail}'

    return edited(word, RECORD, change)


@pytest.mark.parametrize(
    ("meaning", "name", "value"),
    [("48小时回复率", "hours", 24), ("发布", "measure", "originals"), ("收到诉求", "since", 0), ("超期未更新账号", "days", 3)],
)
def test_one_changed_filter_is_named(city: City, meaning: str, name: str, value: object) -> None:
    def edit(whole: dict) -> None:
        next(one for one in whole["figures"] if one["meaning"] == meaning)["params"][name] = value

    found = broken(city.check(record_with(city.word, edit)))
    assert any(meaning in one.what for one in found)  # 发布 are all originals here: the number alone would not tell


def test_a_record_that_was_changed_with_its_number_is_found_by_asking_again(city: City) -> None:
    figure = next(one for one in city.composed.figures if one.meaning == "收到诉求")

    def edit(whole: dict) -> None:
        next(one for one in whole["figures"] if one["key"] == figure.key)["text"] = "8件"

    found = [one for one in broken(city.check(record_with(city.word, edit))) if one.now == figure.text]
    assert {one.key for one in found} == {figure.key}


def changed(db: sqlite3.Connection, sql: str) -> None:
    with writing(db):
        db.execute(sql)


def test_one_changed_fact_refuses_and_what_came_later_only_informs() -> None:
    city = City()
    later = FRIDAY + timedelta(hours=5)
    account = city.ids["1:临江发布"] if "1:临江发布" in city.ids else next(iter(city.ids.values()))
    post = Post("late", FRIDAY - timedelta(hours=3), "新的通告。", "通告", kind=PostKind.ORIGINAL, reach=Reach(later, reads=9))
    said = Comment("late1", "late", FRIDAY - timedelta(hours=2), "天气不错", "u5", "市民")
    batches.save(city.db, account, 1, Batch(later, posts=(post,), comments=(said,)), RING, later)
    owner, ext_id, at, platform = city.db.execute(
        "SELECT account_id, ext_id, published_at, platform FROM posts WHERE published_at < ? AND reads IS NOT NULL "
        "ORDER BY reads DESC, id LIMIT 1", (int(FRIDAY.timestamp()),)
    ).fetchone()  # fmt: skip
    edited = Post(ext_id, datetime.fromtimestamp(at, UTC), "改后的正文", "改后的标题")
    batches.save(city.db, owner, platform, Batch(later, posts=(edited,)), RING, later)
    found = city.check(now=int(later.timestamp()) + 60)
    assert broken(found) == []
    assert city.key_of("传播较广的内容") in {one.key for one in found if one.kind == Said.MORE}
    assert city.key_of("发布") in {one.key for one in found if one.kind == Said.MORE}
    changed(
        city.db,
        "UPDATE responses SET first_at = NULL, first_seen_at = NULL WHERE comment_id = (SELECT min(comment_id) FROM responses)",
    )
    names = {one.key for one in broken(city.check())}
    assert city.key_of("已响应") in names
    assert city.key_of("发布") not in names
    city.db.close()


def test_a_reader_of_another_unit_cannot_check_it(city: City) -> None:
    (one,) = broken(verify(city.db, (city.ids["青山县"],), city.word))
    assert "权限范围" in one.what


def zipped(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        zipped(**{"word__document.xml": b"<a/>"}),
        zipped(**{"word__document.xml": b"0" * (61 * 1024 * 1024)}),
        zipped(**{"word__document.xml": BOMB, "customXml__item1.xml": BOMB + b"urn:matrix-console:report"}),
    ],
    ids=["nothing", "text", "no report", "zip bomb", "xml bomb"],
)
def test_what_is_no_report_gets_a_sentence(city: City, content: bytes) -> None:
    with pytest.raises(ReportFileError, match=r"[\u4e00-\u9fff]。$"):
        verify(city.db, city.scope, content)
