"""What answers of the WeChat interfaces become, on recordings in their wire shape with invented content."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors import wechat_parse as parse
from collectors.wechat_text import mend, plain_text
from matrix.comment import Followers
from matrix.post import PostKind, Reach
from tests.collectors.wechat_desk import recording

AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


def test_a_published_message_gives_an_article_for_each_of_its_parts() -> None:
    items = parse.rows(recording("batchget.json"), "item")
    first, second = parse.parse_published(items[0])
    assert (first.key, first.article_id, first.title) == ("2650300001_1", "TESTarticleONE", "关于渡口停航的通告 & 提示")
    assert first.text == "因上游泄洪，青石渡口即日起停航。\n恢复时间另行通知。[抱拳]"
    assert (first.created_at, first.updated_at, first.is_deleted) == (1772499600, 1772499612, False)
    assert (second.key, second.text, second.is_deleted) == ("2650300001_2", "完成 60%。", True)
    post = parse.post_of("wxTEST", first, edited=False)
    assert (post.ext_id, post.kind, post.edited_at) == ("wxTEST:2650300001_1", PostKind.ARTICLE, None)
    assert post.url.startswith("http://mp.weixin.qq.com/s?__biz=")


def test_times_on_the_item_are_read_as_well_as_times_in_its_content() -> None:
    items = parse.rows(recording("batchget.json"), "item")
    (article,) = parse.parse_published(items[1])
    assert (article.created_at, article.updated_at) == (1772413200, 1772413200)


def test_a_short_link_gives_no_key_and_a_link_without_idx_counts_by_position() -> None:
    items = parse.rows(recording("batchget.json"), "item")
    assert parse.parse_published(items[2])[0].key == ""
    assert parse.parse_published(recording("getarticle.json"), "TESTarticleTWO")[0].key == "2650300002_1"


def test_totals_are_the_last_day_and_days_are_differences() -> None:
    first, without, titled = parse.parse_totals(recording("totals.json"), AT)
    assert (first.key, first.published_on) == ("2650300000_1", date(2026, 3, 1))
    assert parse.whole_of(first.stated, AT) == Reach(AT, 150, 9, 12, 4)
    assert parse.daily_of(first) == [
        Reach(AT, 100, 7, 10, 3, stat_day="2026-03-01"),
        Reach(AT, 50, 2, 2, 1, stat_day="2026-03-02"),
    ]
    assert parse.whole_of(without.stated, AT) is None and parse.daily_of(without) == []
    assert titled.title == "镇里的新书屋" and "mid=2650300000" in titled.url


def test_a_day_after_a_gap_is_not_given_the_reads_of_two_days() -> None:
    (_, _, titled) = parse.parse_totals(recording("totals.json"), AT)
    assert parse.daily_of(titled) == []
    assert parse.whole_of(titled.stated, AT) == Reach(AT, 30, 1, 1, 0)


def test_reads_of_a_day_are_read_and_broken_rows_passed_over() -> None:
    assert parse.parse_reads(recording("reads.json"), AT) == [("2650300000_1", Reach(AT, 50, stat_day="2026-03-02"))]


def test_comments_and_the_accounts_reply_are_two_comments() -> None:
    found = list(parse.parse_comments(recording("comments.json"), "wxTEST:1_1", "wxTEST"))
    assert [mark for mark, _, _ in found] == ["3", "1"]
    _, comment, reply = found[0]
    assert (comment.ext_id, comment.post_ext, comment.text) == ("wxTEST:1_1:3", "wxTEST:1_1", "渡口什么时候恢复？🙏")
    assert (comment.author_id, comment.author_is_official) == ("oTESTinvented000000000000003", False)
    assert reply is not None
    assert (reply.ext_id, reply.parent_ext, reply.root_ext) == ("wxTEST:1_1:3:reply", comment.ext_id, comment.ext_id)
    assert (reply.author_id, reply.author_is_official) == ("wxTEST", True)
    assert reply.published_at == datetime.fromtimestamp(1772505600, UTC)
    assert found[1][1].author_id == "" and found[1][2] is None


def test_followers_are_summed_over_sources_unless_the_sum_is_given() -> None:
    found = parse.parse_followers(recording("usersummary.json"), recording("usercumulate.json"), AT)
    assert found == [
        Followers(AT, 45014, 17, 3, "2026-03-01"),
        Followers(AT, 45020, 8, 2, "2026-03-02"),
        Followers(AT, 45000, None, None, "2026-02-28"),
    ]


@pytest.mark.parametrize(
    ("key", "parts"),
    [("2650300001_1", (2650300001, 0)), ("2650300001_8", (2650300001, 7)), ("2650300001", None), ("1_0", None), ("a_1", None)],
)
def test_the_index_of_comments_is_one_less_than_the_suffix(key: str, parts: tuple[int, int] | None) -> None:
    assert parse.key_parts(key) == parts


def test_text_survives_the_way_into_the_database() -> None:
    assert mend("\ud83d\ude4f好\ud83d\0") == "🙏好\ufffd"
    assert mend(None) == mend({}) == mend(True) == ""
    assert plain_text("<p>一</p>\u200b<br><p> 二&nbsp;&amp; 三</p><style>p{}</style>") == "一\n二 & 三"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["item", "content", "news_item", "list", "msgid", "ref_date", "detail_list", "comment", "reply", "url"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_shape_of_an_answer_makes_a_parser_fall(value: object) -> None:
    body = value if isinstance(value, dict) else {"list": value, "item": value, "comment": value}
    parse.parse_totals(body, AT)
    parse.parse_reads(body, AT)
    list(parse.parse_comments(body, "p", "a"))
    parse.parse_followers(body, body, AT)
    for item in parse.rows(body, "item"):
        parse.parse_published(item)


@example("<![;")
@example("<![CDATA[甲]]>乙")
@given(st.text(alphabet="<>/p&;#x!-[]'\" =a中\u200b\n", max_size=200))
def test_no_markup_makes_the_reader_of_text_fall(html: str) -> None:
    text = plain_text(html)
    assert "\n\n" not in text
    text.encode("utf-8")
