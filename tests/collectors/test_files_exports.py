"""Exports of the tools that offices use, as each tool writes them, recognised by their columns and imported with their quirks."""

import sqlite3
from pathlib import Path

import pytest

from collectors import files
from tests.collectors.files_desk import (
    MID,
    WEIBO_UID,
    bring,
    make_database,
    one,
    write_csv,
    write_json,
    write_lines,
    write_xlsx,
)

CRAWLER = ["id", "bid", "正文", "头条文章url", "日期", "工具", "点赞数", "评论数", "转发数", "完整日期", "是否编辑过"]
LAST = (
    "SELECT p.ext_id, p.kind, p.text, datetime(p.published_at, 'unixepoch', '+8 hours'), p.likes, p.comments, p.shares, "
    "a.name, p.floors FROM posts p JOIN accounts a ON a.id = p.account_id ORDER BY p.id DESC LIMIT 1"
)
LAST_COMMENT = (
    "SELECT c.ext_id, p.ext_id, c.parent_ext, c.author_name, datetime(c.published_at, 'unixepoch', '+8 hours'), c.text, c.likes, "
    "c.region FROM comments c LEFT JOIN posts p ON p.id = c.post_id ORDER BY c.id DESC LIMIT 1"
)


@pytest.fixture
def db() -> sqlite3.Connection:
    return make_database()


def test_weibo_crawler_csv_named_after_the_uid_with_tabs_short_rows_and_the_cap(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = write_csv(
        tmp_path / f"{WEIBO_UID}.csv",
        [
            [*CRAWLER, "是否原创", "源用户id", "源微博id"],
            [f"{MID}\t", "x", "停水<br />通知", "", "2026-02-01", "微博", 5, 6, 1000000, "2026-02-01 08:00:00", "False", "True"],
            [f"{MID + 1}\t", "y", "转发微博", "", "2026-02-02", "", 1, 2, 3, "", "False", "False", "17", f"{MID}\t"],
        ],
    )
    assert files.recognise(path).recipe == "weibo-crawler"
    assert bring(db, path).outcome == "ok"
    assert one(db, LAST)[:3] == (str(MID + 1), "repost", "转发微博")
    first = one(db, LAST.replace("DESC", "ASC"))
    assert first == (str(MID), "original", "停水\n通知", "2026-02-01 08:00:00", 5, 6, 1000000, "临江发布", "shares")


def test_a_weibo_crawler_file_under_another_name_needs_the_account(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = write_csv(tmp_path / "导出.csv", [CRAWLER, [f"{MID}\t", "x", "通知", "", "2026-02-01", "", 1, 1, 1, "", ""]])
    assert "请指定账号" in files.recognise(path).needs[0]
    report = bring(db, path)
    assert (report.outcome, report.rows_bad) == ("failed", 1)
    assert "没有说明是哪个账号" in report.faults[0].reason
    assert bring(db, path, constants={"账号名称": "临江发布"}).rows_new == 1


WEIBO = {
    "id": MID,
    "bid": "x",
    "user_id": int(WEIBO_UID),
    "screen_name": "临江发布",
    "text": "停水通知",
    "created_at": "2026-02-01",
    "full_created_at": "2026-02-01 08:00:00",
    "attitudes_count": 5,
    "comments_count": 6,
    "reposts_count": 7,
}


def test_weibo_crawler_json(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = write_json(
        tmp_path / "a.json", {"user": {"id": WEIBO_UID}, "weibo": [WEIBO, WEIBO | {"id": MID + 1, "retweet": {"id": 9}}]}
    )
    assert files.recognise(path).recipe == "weibo-crawler-json"
    assert bring(db, path).rows_new == 2
    assert one(db, LAST)[1] == "repost"
    assert one(db, LAST.replace("DESC", "ASC"))[3:8] == ("2026-02-01 08:00:00", 5, 6, 7, "临江发布")


def test_weibo_crawler_sqlite_brings_posts_comments_reposts_and_followers(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = tmp_path / "weibodata.db"
    with sqlite3.connect(path) as made:
        made.executescript(
            "CREATE TABLE user(id, nick_name, follower_count, follow_count);"
            "CREATE TABLE weibo(id, bid, user_id, screen_name, text, created_at, attitudes_count, comments_count, reposts_count);"
            "CREATE TABLE comments(id, bid, weibo_id, root_id, user_id, created_at, user_screen_name, text, pic_url, like_count);"
            "CREATE TABLE reposts(id, bid, weibo_id, user_id, created_at, user_screen_name, text, like_count);"
            f"INSERT INTO user VALUES('{WEIBO_UID}', '临江发布', 1234, 5);"
            f"INSERT INTO weibo VALUES('{MID}', 'x', '{WEIBO_UID}', '临江发布', '通知', '2026-02-01', 1, 2, 3);"
            f"INSERT INTO comments VALUES('{MID + 1}', 'x', '{MID}', '', '88', '2026-02-01 08:01', '甲', '几点', '', 4);"
            f"INSERT INTO comments VALUES('{MID + 2}', 'x', '{MID}', '{MID + 1}', '{WEIBO_UID}', "
            "'Sun Feb 01 08:09:02 +0800 2026', '临江发布', '今晚', '', 0);"
            f"INSERT INTO reposts VALUES('{MID + 3}', 'x', '{MID}', '89', 'Sun Feb 01 09:00:00 +0800 2026', '乙', '扩散', 0);"
        )
    report = bring(db, path)
    assert (report.outcome, report.saved.posts_new, report.saved.comments_new) == ("ok", 1, 3)
    reply = one(db, "SELECT parent_ext, author_is_official, author_key FROM comments WHERE text = '今晚'")
    assert reply == (str(MID + 1), 1, WEIBO_UID)
    assert one(db, "SELECT channel, post_id FROM comments WHERE text = '扩散'") == ("mention", None)
    assert one(db, "SELECT followers FROM accounts WHERE name = '临江发布'") == (1234,)
    assert one(db, "SELECT author_key LIKE 'u%' AND author_key NOT LIKE '%88%' FROM comments WHERE text = '几点'") == (1,)


NOTE = {
    "note_id": str(MID),
    "content": "停水通知",
    "create_time": 1769904000,
    "create_date_time": "2026-02-01 08:00:00+08:00",
    "liked_count": "5",
    "comments_count": "6",
    "shared_count": "100万+",
    "last_modify_ts": 1770000000000,
    "note_url": f"https://m.weibo.cn/detail/{MID}",
    "nickname": "临江发布",
}
REPLY = {
    "comment_id": str(MID + 1),
    "create_time": 1769904060,
    "create_date_time": "2026-02-01 08:01:00+08:00",
    "note_id": str(MID),
    "content": "几点来水",
    "comment_like_count": "3",
    "last_modify_ts": 1770000000000,
    "nickname": "甲",
    "parent_comment_id": str(MID + 1),
}


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "xlsx"])
def test_media_crawler_in_every_form_old_schema(tmp_path: Path, db: sqlite3.Connection, form: str) -> None:
    note = NOTE | {"user_id": WEIBO_UID, "ip_location": "福建"}
    reply = REPLY | {"user_id": "88", "ip_location": "来自福建"}
    for name, record in (("contents", note), ("comments", reply)):
        path = tmp_path / f"{name}.{form}"
        if form == "csv":
            write_csv(path, [list(record), list(record.values())])
        elif form == "xlsx":
            write_xlsx(path, [list(record), list(record.values())])
        elif form == "json":
            write_json(path, [record])
        else:
            write_lines(path, [record])
        assert files.recognise(path).recipe == f"mediacrawler-{name}"
        assert bring(db, path).outcome == "ok"
    assert one(db, LAST)[3:] == ("2026-02-01 08:00:00", 5, 6, 1000000, "临江发布", "shares")
    assert one(db, LAST_COMMENT) == (str(MID + 1), str(MID), None, "甲", "2026-02-01 08:01:00", "几点来水", 3, "福建")
    assert one(db, "SELECT counts_at FROM posts") == (1770000000,)


def test_media_crawler_new_schema_hides_the_account_so_the_user_names_it(tmp_path: Path, db: sqlite3.Connection) -> None:
    note = write_lines(tmp_path / "a.jsonl", [NOTE | {"creator_hash": "ab12", "nickname": "临*布"}])
    assert "请指定账号" in files.recognise(note).needs[0]
    assert bring(db, note, constants={"平台账号ID": WEIBO_UID}).rows_new == 1
    assert bring(db, write_lines(tmp_path / "b.jsonl", [REPLY | {"creator_hash": "cd34"}])).rows_new == 1


def test_crawl4weibo_with_comments_inside_posts(tmp_path: Path, db: sqlite3.Connection) -> None:
    comment = {
        "id": MID + 1,
        "text": "几点来水",
        "created_at": "Sun Feb 01 08:01:00 +0800 2026",
        "source": "来自福建",
        "user_id": 88,
        "user_screen_name": "甲",
        "like_counts": 3,
        "reply_id": None,
    }
    post = {
        "id": str(MID),
        "user_id": WEIBO_UID,
        "text": "停水通知",
        "created_at": "2026-02-01T08:00:00+08:00",
        "reposts_count": 7,
        "comments_count": 6,
        "attitudes_count": 5,
        "is_original": True,
        "comments": [comment],
    }
    path = write_json(tmp_path / "a.json", [post])
    assert files.recognise(path).recipe == "crawl4weibo"
    report = bring(db, path)
    assert (report.saved.posts_new, report.saved.comments_new) == (1, 1)
    assert one(db, LAST_COMMENT)[1] == str(MID)
    alone = write_json(tmp_path / "b.json", [comment | {"id": MID + 2}])
    assert files.recognise(alone).recipe == "crawl4weibo-comments"
    assert bring(db, alone, constants={"所属内容ID": str(MID)}).rows_new == 1


def test_weibospider_lines_with_an_older_and_a_newer_look(tmp_path: Path, db: sqlite3.Connection) -> None:
    tweet = {
        "_id": str(MID),
        "mblogid": "x",
        "created_at": "2026-02-01 08:00:00",
        "content": "停水通知",
        "reposts_count": 1,
        "comments_count": 2,
        "attitudes_count": 3,
        "url": f"https://weibo.com/{WEIBO_UID}/LqlZNhJFm",
        "crawl_time": 1770000000,
        "is_retweet": False,
    }
    newer = write_lines(tmp_path / "b.jsonl", [tweet | {"attitudes_count": 9, "crawl_time": 1770003600}])
    older = write_lines(tmp_path / "a.jsonl", [tweet])
    for path in (newer, older):
        assert files.recognise(path).recipe == "weibospider"
        assert bring(db, path).outcome == "ok"
    assert one(db, LAST)[:5] == (str(MID), "original", "停水通知", "2026-02-01 08:00:00", 9)
    said: dict[str, object] = {
        "_id": MID + 1,
        "created_at": "2026-02-01 08:01:00",
        "like_counts": 1,
        "ip_location": "来自福建",
        "content": "几点",
    }
    said |= {"comment_user": {"_id": "88", "nick_name": "甲"}, "reply_comment": {"_id": MID + 5, "text": "前"}}
    path = write_lines(tmp_path / "c.jsonl", [said])
    assert files.recognise(path).recipe == "weibospider-comments"
    assert "所属内容ID" in files.recognise(path).needs[0]
    assert bring(db, path, constants={"所属内容ID": str(MID)}).rows_new == 1
    assert one(db, LAST_COMMENT)[2:4] == (str(MID + 5), "甲")


def test_wechat_content_analysis_keys_articles_as_the_interface_does(tmp_path: Path, db: sqlite3.Connection) -> None:
    header = ["内容标题", "发表时间", "总阅读人数", "总阅读次数", "总分享人数", "总分享次数", "送达人数", "内容url"]
    link = "http://mp.weixin.qq.com/s?__biz=Mz==&mid=2650177668&idx=1&sn=ab"
    path = write_xlsx(tmp_path / "total.xlsx", [["数据明细"], [], header, ["停水通知", 20260201, 94, 163, 7, 10, 2112, link]])
    assert files.recognise(path).recipe == "wechat-articles"
    assert bring(db, path, constants={"账号名称": "临江微讯"}).outcome == "ok"
    assert one(db, "SELECT ext_id, kind, title, reads, shares FROM posts") == (
        "gh_0123456789ab:2650177668_1",
        "article",
        "停水通知",
        94,
        7,
    )
