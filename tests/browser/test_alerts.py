"""An alert in a real browser: it appears while one looks, is opened and confirmed."""

from contextlib import closing
from datetime import UTC, datetime

from playwright.sync_api import expect

from storage.batches import bump_version
from storage.database import open_writer, writing
from tests import serving
from tests.browser.conftest import Open
from tests.browser.test_console_seen import DONE, visit
from tests.pages.two_scopes import ids_of
from tests.storage import alert_city


def test_an_alert_appears_without_a_reload_and_is_confirmed(tab: Open, consoles: dict[str, serving.Served]) -> None:
    page = tab("sample", "zhuguan")
    visit(page, "/alerts", "舆情预警")
    page.wait_for_selector("text=监测程序还没有运行过")
    page.evaluate("window.sameDocument = true")
    now = int(datetime.now(UTC).timestamp())
    with closing(open_writer(consoles["sample"].path)) as db, writing(db):
        unit = ids_of(db)["青山县"]
        series = alert_city.add_series(db, "单位", "青山县", unit, now - 40 * 86400)
        alert_city.insert(db, "surge_steps", b5=now // 300, at=now, comments_upto=0)
        alert = alert_city.add_alert(db, series, unit, "青山县评论激增", now - 60, now, level=3)
        alert_city.add_counts(db, alert, series, now - 6 * 3600, now, 40, range(20, 30))
        bump_version(db)
    expect(page.locator('[data-testid="stMain"]')).to_contain_text("红色预警", timeout=9000)
    assert page.evaluate("window.sameDocument"), "the page was not loaded anew"
    page.click('button:has-text("查看和处置")')
    page.wait_for_selector('h3:has-text("青山县评论激增")')
    page.wait_for_selector(DONE)
    assert f"alert={alert}" in page.url
    page.click('button:has-text("确认")')
    page.wait_for_selector("text=✓ 已确认")
    with closing(open_writer(consoles["sample"].path)) as db, writing(db):
        db.execute("UPDATE alerts SET state = '结束', closed_at = last_high_at")
        bump_version(db)
