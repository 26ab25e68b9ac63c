"""What a person does on the glass, in the words he reads there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from infra.phone import jpeg
from tests.browser.units import Person


def seen(page: Page) -> None:
    """Wait until what has just been opened takes taps: it takes none meant for what was there before."""
    expect(page.locator(".unseen").filter(visible=True)).to_have_count(0)


@dataclass
class Hands:
    """One person with one phone."""

    page: Page

    def button(self, words: str | re.Pattern[str], exact: bool = False) -> Locator:
        """Something to press, by what it says."""
        return self.page.get_by_role("button", name=words, exact=exact)

    def press(self, words: str | re.Pattern[str], exact: bool = False) -> None:
        """Press it, as soon as it takes taps: waiting here is quicker than the browser's own trying again."""
        seen(self.page)
        button = self.button(words, exact)
        expect(button).not_to_have_attribute("aria-disabled", "true")
        button.click()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until it stands there."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def heading(self, words: str | re.Pattern[str]) -> None:
        """Wait for the page with this title."""
        expect(self.page.get_by_role("heading", name=words, level=1)).to_be_visible()

    def at(self, place: str) -> None:
        """Wait until the address is that of a page."""
        expect(self.page).to_have_url(re.compile(f"/pages/{place}"))

    def rows(self) -> Locator:
        """The rows of the list in sight; pages below it on the stack are still in the document."""
        return self.page.locator(".cell").filter(visible=True)

    # --- login ---------------------------------------------------------------------------------------------------

    def pick_up(self, person: Person) -> None:
        """Take his phone in hand; nothing has been opened on it yet."""
        self.page.goto("/")
        self.page.evaluate("number => localStorage.setItem('standin.phone', number)", person.phone)
        self.page.reload()

    def enter(self, person: Person) -> None:
        """Take his phone, log in, and be at home."""
        self.pick_up(person)
        self.log_in(person)

    def log_in(self, person: Person) -> None:
        """One tap, and the number bound if this phone's WeChat was never here before: he is at home."""
        self.press("请先进行登录")
        sheet = self.page.get_by_role("dialog", name="绑定微信，登录")
        expect(sheet.or_(self.page.get_by_role("navigation", name="单位责任落实"))).to_be_visible()
        if sheet.is_visible():
            self.bind()
        self.at_home(person)

    def bind(self) -> None:
        """Agree and show the number."""
        sheet = self.page.get_by_role("dialog", name="绑定微信，登录")
        agree = sheet.get_by_role("checkbox")
        expect(agree).to_be_visible()
        if agree.get_attribute("aria-checked") == "false":
            agree.click()
        self.press("微信手机号一键登录")

    def at_home(self, person: Person) -> None:
        """Wait for home, with what it has to say."""
        expect(self.page.get_by_text(f"·{person.name}").first).to_be_visible()
        expect(self.page.get_by_role("navigation", name="单位责任落实")).to_be_visible()

    def root(self, words: str) -> None:
        """One of the three roots."""
        self.page.get_by_role("tablist", name="主导航").get_by_role("tab", name=re.compile(f"^{words}")).click()

    # --- a check ---------------------------------------------------------------------------------------------------

    def daily_list(self) -> None:
        """From home to today's list."""
        self.page.get_by_role("navigation", name="单位责任落实").get_by_role(
            "link", name=re.compile("^日管控(，|$)")
        ).click()
        self.heading("日管控")

    def open_target(self, name: str) -> None:
        """From the list to one of its targets."""
        self.button(re.compile(f"^{re.escape(name)}")).first.click()
        self.heading(re.compile("详情$"))
        expect(self.button(re.compile("开始巡查|接着查|仍停用|看巡查记录"))).to_be_visible()

    def begin(self) -> None:
        """In use: to the first item."""
        self.press(re.compile("^开始巡查"))
        self.press("开始逐项检查")
        self.at_item(1)

    def at_item(self, number: int) -> None:
        """Wait for an item."""
        expect(self.page.get_by_text(f"第 {number} 项", exact=True)).to_be_visible()

    def items(self) -> int:
        """How many the list has."""
        words = self.page.get_by_text(re.compile(r"^共 \d+ 项$")).inner_text()
        return int(re.sub(r"\D", "", words))

    def passes(self, first: int, last: int) -> None:
        """合格 from one item to another, each seen before it is judged."""
        for number in range(first, last + 1):
            self.at_item(number)
            self.press(re.compile("^A 合格"))

    def fails(self, number: int) -> None:
        """不合格: to its form."""
        self.at_item(number)
        self.press("B 不合格")
        self.heading(f"第 {number} 项·不合格")

    def photo(self, words: str = "photo") -> None:
        """Take a photo, large as phones make them."""
        with self.page.expect_file_chooser() as chooser:
            self.press(re.compile("^(拍照|整改后拍照|拍).*最多"))
        chooser.value.set_files({"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(words, (2400, 1800))})

    def photo_sent(self, count: int = 1) -> None:
        """Wait until the unit has found so many good."""
        expect(self.page.get_by_text("已上传", exact=True)).to_have_count(count)

    def write(self, label: str, words: str) -> None:
        """Type into a field."""
        self.page.get_by_role("group", name=label, exact=True).locator("textarea").fill(words)

    def pick(self, words: str) -> None:
        """Choose one of a few."""
        self.page.get_by_role("radio", name=re.compile(f"^{re.escape(words)}")).click()

    def sign(self) -> None:
        """Write with a finger."""
        canvas = self.page.locator("canvas")
        expect(canvas).to_be_visible()
        canvas.scroll_into_view_if_needed()
        seen(self.page)
        box = canvas.bounding_box()
        assert box
        # It is not detached: that would also end the browser's being offline.
        touch = self.page.context.new_cdp_session(self.page)
        points = [(40, 60), (80, 120), (120, 50), (160, 130), (200, 60), (240, 120)]
        for place, (x, y) in enumerate(points):
            kind = "touchMove" if place else "touchStart"
            touch.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": box["x"] + x, "y": box["y"] + y}]}
            )
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(self.page.get_by_role("img", name="手写签名区，已签名")).to_be_visible()

    def submit(self) -> None:
        """Hand it in."""
        self.press("提交", exact=True)

    def signed(self, name: str) -> None:
        """A whole check without a finding, from the list to all but the tap that hands it in."""
        self.open_target(name)
        self.begin()
        self.passes(1, self.items())
        self.press("立即提交，去签字")
        self.sign()

    def check_clean(self, name: str) -> None:
        """A whole check without a finding, from the list to the receipt's page."""
        self.signed(name)
        self.submit()

    def handed_in(self) -> list[str]:
        """What is handed in from here on, as sent."""
        sent: list[str] = []
        self.page.on(
            "request",
            lambda request: sent.append(request.post_data or "") if request.url.endswith("/v1/inspections") else None,
        )
        return sent
