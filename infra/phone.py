"""A person with a phone, as the API sees him: plain HTTPS calls, files straight to storage."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from PIL import Image, ImageDraw
from urllib3 import BaseHTTPResponse, PoolManager, Timeout

VERDICT_PATIENCE = 20.0
"""Seconds a file may take from arrival to verdict before the phone gives up."""


class Refused(Exception):
    """The API said no; ``problem`` is its one shape."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('sentence')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return str(self.problem.get("code"))


@dataclass
class Phone:
    """One phone in one hand. ``number`` is what WeChat (here its stand-in) knows of it."""

    origin: str
    number: str
    token: str | None = None
    session: dict[str, Any] = field(default_factory=dict)
    http: PoolManager = field(default_factory=lambda: PoolManager(timeout=Timeout(10), retries=False))

    def login(self) -> dict[str, Any]:
        """Open the mini-program: the phone-number code is only asked for the first time."""
        try:
            answer = self.post("/v1/login", {"code": self.wechat()["code"]})
        except Refused as refusal:
            if refusal.code != "login.phone_needed":
                raise
            answer = self.post("/v1/login", self.wechat())
        return self._hold(answer)

    def switch(self, unit: str, role: str) -> dict[str, Any]:
        """Act in another membership."""
        return self._hold(self.post("/v1/session/membership", {"unit": unit, "role": role}))

    def wechat(self) -> dict[str, str]:
        """What WeChat on this phone hands to a mini-program: ``code`` and ``phone_code``, each good once."""
        codes: dict[str, str] = self._json(self.send("POST", "/wechat/login", {"phone": self.number}))
        return codes

    def _hold(self, answer: dict[str, Any]) -> dict[str, Any]:
        self.token, self.session = answer["token"], answer
        return answer

    def get(self, path: str, **query: str) -> Any:
        """A checked GET."""
        return self._json(self.send("GET", path + ("?" + urlencode(query) if query else "")))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A checked POST."""
        return self._json(self.send("POST", path, body or {}))

    def send(self, method: str, path: str, body: Any = None) -> BaseHTTPResponse:
        """The bare call, refused or not."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        return self.http.request(method, self.origin + path, body=data, headers=headers)

    @staticmethod
    def _json(response: BaseHTTPResponse) -> Any:
        answer = json.loads(response.data)
        if response.status >= 400:
            raise Refused(response.status, answer)
        return answer

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Every item of a paged list."""
        page = self.get(path, **query)
        yield from page["items"]
        while page.get("next"):
            page = self.get(path, **query | {"cursor": page["next"]})
            yield from page["items"]

    def upload(self, kind: str, data: bytes, content_type: str = "image/jpeg", target: str | None = None) -> str:
        """Send a file as wx.uploadFile does and return its id, without waiting for the verdict."""
        asked = {"kind": kind, "content_type": content_type, "size": len(data), "target": target}
        policy = self.post("/v1/uploads", asked)
        self.send_file(policy, data, content_type)
        return str(policy["file"])

    def send_file(self, policy: dict[str, Any], data: bytes, content_type: str) -> None:
        """The multipart POST to storage, the file as its last field."""
        fields = [*policy["fields"].items(), ("file", ("photo", data, content_type))]
        response = self.http.request("POST", policy["url"], fields=fields)
        if response.status not in (200, 201, 204):
            raise Refused(response.status, {"code": "storage.refused", "sentence": response.data.decode()[:300]})

    def verdict(self, file: str) -> dict[str, Any]:
        """Ask until the worker has judged the file."""
        status: dict[str, Any] = until(lambda: self.get(f"/v1/uploads/{file}"), lambda it: it["verdict"] != "pending")
        return status

    def photo(self, words: str = "photo", target: str | None = None) -> str:
        """Take a photo (of a target), send it, wait until it is verified."""
        return self._verified(self.upload("photo", jpeg(words), target=target))

    def sign(self) -> str:
        """Sign on the glass, send it, wait until it is verified."""
        return self._verified(self.upload("signature", signature(), "image/png"))

    def _verified(self, file: str) -> str:
        status = self.verdict(file)
        if status["verdict"] != "verified":
            raise Refused(400, {"code": "file.refused", "sentence": status.get("reason", "")})
        return file

    def download(self, url: str) -> bytes:
        """The bytes behind a short-lived link."""
        response = self.http.request("GET", url)
        if response.status != 200:
            raise Refused(response.status, {"code": "storage.refused", "sentence": "no such file behind this link"})
        return response.data


def until(ask: Callable[[], Any], enough: Callable[[Any], bool], patience: float = VERDICT_PATIENCE) -> Any:
    """Ask again and again until the answer is enough; TimeoutError names the last one."""
    end = time.monotonic() + patience
    while not enough(answer := ask()):
        if time.monotonic() > end:
            raise TimeoutError(f"still {answer} after {patience} s")
        time.sleep(0.1)
    return answer


def jpeg(words: str = "photo", size: tuple[int, int] = (1280, 960)) -> bytes:
    """A real JPEG photo."""
    image = Image.new("RGB", size, "#cfd8d3")
    draw = ImageDraw.Draw(image)
    for step in range(0, size[0], 40):
        draw.line([(step, 0), (size[0] - step, size[1])], fill=(step % 255, 120, 90), width=3)
    draw.text((40, 40), words, fill="#14532d")
    return _bytes(image, "JPEG")


def signature() -> bytes:
    """A real PNG of a handwritten stroke on a transparent ground."""
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    points = [(20 + step * 28, 120 + (60 if step % 2 else -60)) for step in range(20)]
    ImageDraw.Draw(image).line(points, fill=(20, 20, 20, 255), width=6)
    return _bytes(image, "PNG")


def _bytes(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def clean_answers(task: dict[str, Any]) -> list[dict[str, Any]]:
    """合格 for every item of an opened task."""
    return [{"item": item["code"], "result": "pass"} for item in task["checklist"]["items"]]


def inspection(task: dict[str, Any], signature: str, answers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The submission of an opened task."""
    return {
        "target": task["target"]["target"],
        "duty": task["duty"],
        "due": task["due"],
        "state": "in_use",
        "checklist": task["checklist"]["sha256"],
        "answers": answers,
        "signature": signature,
    } | more
