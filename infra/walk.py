"""``make walk``: one whole day over HTTP, for three people of each unit kind, each step told in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from infra import demo
from infra.phone import Phone, Refused, clean_answers, inspection, until

ROLES = ("officer", "director", "principal")


def say(words: str) -> None:
    """One step, one line."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def walk(origin: str, people: Iterable[Any]) -> None:
    """Play the day in every unit that has an officer, a director and a principal."""
    for unit, phones in _crews(origin, people).items():
        say(f"\n■ {unit}")
        if missing := [role for role in ROLES if role not in phones]:
            say(f"  这个单位缺少 {'、'.join(missing)}，跳过。")
            continue
        Day(*(phones[role] for role in ROLES)).play()


def _crews(origin: str, people: Iterable[Any]) -> dict[str, dict[str, Phone]]:
    """One phone per unit and role, switched to that membership."""
    crews: dict[str, dict[str, Phone]] = {}
    for person in people:
        phone = Phone(origin, person.phone)
        for membership in phone.login()["memberships"]:
            crew = crews.setdefault(membership["unit_name"], {})
            if membership["role"] in ROLES and membership["role"] not in crew:
                crew[membership["role"]] = held = Phone(origin, person.phone)
                held.login()
                held.switch(membership["unit"], membership["role"])
    return crews


class Day:
    """A day of an officer, a director and a principal of one unit."""

    def __init__(self, officer: Phone, director: Phone, principal: Phone) -> None:
        self.officer, self.director, self.principal = officer, director, principal

    def play(self) -> None:
        """From login to record."""
        self._introduce()
        todos = self._todos()
        still_open = [todo for todo in todos if todo["state"] == "open" and not todo.get("suspended")]
        say(f"  {_post(self.officer)}的待办：今天共 {len(todos)} 项，还有 {len(still_open)} 项没查。")
        for number, todo in enumerate(still_open):
            self._inspect(todo, faulty=number == 0)
        self._direct()
        self._rectify()
        self._read(todos)

    def _introduce(self) -> None:
        for phone in (self.officer, self.director, self.principal):
            session = phone.get("/v1/session")
            menu = " ".join(entry["title"] for entry in session["menu"])
            say(f"  {session['name']}（{session['words']}）登录，看到菜单：{menu}")

    def _todos(self) -> list[dict[str, Any]]:
        today = self.officer.get("/v1/todos")["today"]
        rows = until(lambda: list(self.officer.pages("/v1/todos")), bool)
        return [row for row in rows if row["due"] == today]

    def _inspect(self, todo: dict[str, Any], *, faulty: bool) -> None:
        task = self.officer.get(f"/v1/tasks/{todo['duty']}/{todo['due']}/{todo['target']}")
        answers = clean_answers(task)
        item = task["checklist"]["items"][0]
        if faulty:
            answers[0] |= {"result": "fail", "handling": "pending", "photos": [self.officer.photo(item["code"])]}
        receipt = self.officer.post("/v1/inspections", inspection(task, self.officer.sign(), answers))
        say(f"  {task['target']['name']}：查了 {len(answers)} 项，签名提交，{_outcome(receipt)}。")
        say(f"    记录号 {receipt['number']}")
        if faulty:
            say(f"    不合格：{item['text']} → 隐患“{item['hazard']}”，已上报。")

    def _direct(self) -> None:
        waiting = list(self.director.pages("/v1/hazards", state="reported"))
        say(f"  {_post(self.director)}看到 {len(waiting)} 条待下达的隐患。")
        deadline = (date.fromisoformat(self.officer.get("/v1/todos")["today"]) + timedelta(days=3)).isoformat()
        for hazard in waiting:
            self.director.post(
                f"/v1/hazards/{hazard['hazard']}/order",
                {"seen": _seen(hazard), "measures": "当天安排整改，完成后拍照确认。", "deadline": deadline},
            )
            say(f"  下达整改措施：{hazard['target_name']}，{hazard['sentence']}，期限 {deadline}。")

    def _rectify(self) -> None:
        for hazard in list(self.officer.pages("/v1/hazards", state="ordered")):
            step = self.officer.post(
                f"/v1/hazards/{hazard['hazard']}/rectification",
                {"seen": _seen(hazard), "result": "已整改，现场复查合格。", "photos": [self.officer.photo("done")]},
            )
            say(f"  确认完成整改：{hazard['target_name']}，第 {step['version']} 步，已整改。")

    def _read(self, todos: list[dict[str, Any]]) -> None:
        for phone in (self.officer, self.director, self.principal):
            targets = list(phone.pages("/v1/targets"))
            page = phone.get(f"/v1/targets/{todos[0]['target']}/records")
            latest = page["items"][0]
            detail = phone.get(f"/v1/targets/{todos[0]['target']}/records/{latest['record']}")
            say(f"  {_post(phone)}能看 {len(targets)} 个对象的记录。")
        say(f"  最近一条是《{detail['title']}》，{len(detail['items'])} 项，{detail['person_name']}。")
        link = self.principal.get(f"/v1/files/{detail['signature']}") if detail.get("signature") else None
        if link:
            size = len(self.principal.download(link["url"]))
            say(f"  {_post(self.principal)}打开签名：{size} 字节，链接十分钟内有效。")


def _post(phone: Phone) -> str:
    return str(phone.session["membership"]["words"])


def _seen(hazard: dict[str, Any]) -> dict[str, Any]:
    return {"version": hazard["version"], "grade": hazard["grade"]}


def _outcome(receipt: dict[str, Any]) -> str:
    stamps = {"zero_risk": "零风险", "no_new_hazard": "无新增隐患"}
    return stamps.get(receipt.get("stamp", ""), f"{receipt['fails']} 项不合格")


def main() -> None:
    """Walk through the running stack at the address given (default: where ``make run`` opens it)."""
    origin = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8600"
    try:
        walk(origin, demo.people())
    except Refused as refusal:
        sys.exit(f"走到这里被拒绝：{refusal}")
    except OSError:
        sys.exit(f"{origin} 没有响应，请先在另一个终端运行 make run。")


if __name__ == "__main__":
    main()
