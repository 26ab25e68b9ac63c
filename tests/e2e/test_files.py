"""Files over HTTP: a photo bears what the server knows of it, and one that never came is given up by the sweep."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from infra.phone import until
from infra.stack import clock
from tests.e2e.conftest import StartStack
from tests.e2e.crew import crew_of, first_open

pytestmark = pytest.mark.e2e


def test_a_photo_bears_its_caption_and_a_file_that_never_came_is_given_up(
    start_stack: StartStack, tmp_path: Path
) -> None:
    own = start_stack(tmp_path / "state")
    own.wait_ready()
    officer = crew_of(own.origin, "use").officer
    target = first_open(officer)["target"]
    plain, told = officer.photo(), officer.photo(target=target)
    pictures = [
        Image.open(BytesIO(officer.download(officer.get(f"/v1/files/{file}")["url"]))) for file in (plain, told)
    ]
    assert [picture.width for picture in pictures] == [1280, 1280]
    assert 960 < pictures[0].height < pictures[1].height, "the second has a line more"

    asked = officer.post("/v1/uploads", {"kind": "photo", "content_type": "image/jpeg", "size": 9})["file"]
    clock.set_ahead(own.state, "pump", timedelta(minutes=31))
    status = until(lambda: officer.get(f"/v1/uploads/{asked}"), lambda it: it["verdict"] != "pending", 30)
    assert (status["verdict"], status["reason"][:11]) == ("refused", "没有收到可以核验的文件")
    assert officer.get(f"/v1/uploads/{plain}")["verdict"] == "verified"
