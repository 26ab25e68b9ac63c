"""What is written beneath a picture: it is read, nothing is covered, and nothing false is ever shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from imaging import caption
from imaging.caption import LEAST_WIDTH, MISSING, captioned, fitted, printable
from imaging.examine import examine
from tean.domain.pictures import Examined
from tests.fakes.pictures import corners, file_of, jpeg, opened, scene, stroke

LINES = ("上传 2026-11-23 09:00  A01 张示一", "DT-01 1 号客梯")
FONT = caption._font(40)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
RARE = (
    "亓仉仝佴佘冼冮区单员哈哿啜妫娥宓尉庹归彧忻怀恽惕愔扈抄挲揭敖昝晁曌朴桓檀殳汲沐泮洑浥淦澹濮炔爨牟犇珮"
    "璩瓯甯畀皋盍眭睢祁禚种突竺笪簋粘糜纪绺缑羿翀耆胥臧芈苌苗荔莘萨葭蔺蕲蘧虞蚁衮褚觋訾詹谌谯豁贲赟赫逄逯"
    "邗邸邰郄郇郏郐郗郜鄂鄢酆酱钊铎锺镡闾阙阚靳鞠颉骉骞鬻魁鲍麴麻黾黹龛䶮㛃㭎𬱖𨱏𬘡𫖯𬀩𫍯"
)


def gb2312() -> Iterator[str]:
    """Every character that a simplified text can be expected to have."""
    for first in range(0xB0, 0xF8):
        for second in range(0xA1, 0xFF):
            yield bytes((first, second)).decode("gb2312", errors="ignore")


def below(found: Image.Image, height: int) -> Image.Image:
    """What was written, in grey."""
    return found.crop((0, height, found.width, found.height)).convert("L")


def extremes(grey: Image.Image) -> tuple[int, int]:
    """The darkest and the lightest there is."""
    return min(grey.tobytes()), max(grey.tobytes())


def test_every_common_character_and_surname_can_be_written() -> None:
    wanted = "".join(gb2312())
    assert len(wanted) == 6763
    assert printable(wanted, caption._font(12)) == wanted
    assert printable(SURNAMES + RARE, FONT) == SURNAMES + RARE


@pytest.mark.parametrize("text", [LINES[0], "/-_()（）·，、“”№℃ⅠⅡ　①"])
def test_what_stands_in_codes_and_names_can_be_written(text: str) -> None:
    assert printable(text, FONT) == text


@pytest.mark.parametrize("odd", ["\U0002b820", "\U00031350", "\u200b", "\u202e", "ذ", "😀", "\x07"])
def test_what_cannot_be_written_is_seen_to_be_missing(odd: str) -> None:
    assert printable(f"欧{odd}阳", FONT) == f"欧{MISSING}阳"


def test_nothing_of_a_picture_is_covered() -> None:
    found = captioned(scene(), LINES)
    assert found.crop((0, 0, 640, 480)).tobytes() == scene().tobytes()
    assert found.height > 480


@pytest.mark.parametrize("seen", ["white", "black", "red"])
def test_letters_are_light_on_dark_whatever_was_photographed(seen: str) -> None:
    band = below(captioned(Image.new("RGB", (1600, 1200), seen), LINES), 1200)
    darkest, lightest = extremes(band)
    assert (darkest < 48, lightest) == (True, 255)
    assert 0.02 < sum(band.histogram()[160:]) / (band.width * band.height) < 0.2


@pytest.mark.parametrize("size", [(2560, 1440), (1440, 2560), (640, 480), (2560, 32), (32, 2560), (33, 32)])
def test_letters_are_as_large_as_the_picture_is_wide(size: tuple[int, int]) -> None:
    found = captioned(Image.new("RGB", size), LINES)
    width = max(size[0], LEAST_WIDTH)
    assert found.width == width
    written = below(found, size[1]).point(lambda value: 255 * (value > 160)).getbbox()
    assert written
    left, top, right, bottom = written
    assert 0.07 * width <= bottom - top <= 0.085 * width, (
        "two lines of letters, each a thirtieth as high as that is wide"
    )
    assert left > 0
    assert right < width
    assert top > 0
    assert bottom < found.height - size[1]


def test_a_narrow_picture_stands_in_the_middle_of_what_is_written() -> None:
    found = captioned(scene(64, 64), LINES)
    assert found.crop((208, 0, 272, 64)).tobytes() == scene(64, 64).tobytes()


def test_a_name_that_is_too_long_ends_in_dots_within_the_picture() -> None:
    long = "A01 " + "欧阳" * 60
    assert fitted(long, FONT, 400) == "A01 欧阳欧阳欧阳欧…"
    assert FONT.getlength(fitted(long, FONT, 400)) <= 400
    found = captioned(scene(), (long, long))
    right = below(found, 480).crop((found.width - 8, 0, found.width, found.height - 480))
    assert extremes(right)[1] < 48


def test_what_fits_is_written_whole() -> None:
    assert fitted(LINES[0], FONT, FONT.getlength(LINES[0])) == LINES[0]
    assert fitted(LINES[0], FONT, FONT.getlength(LINES[0]) - 1).endswith("…")
    assert fitted(LINES[0], FONT, 0) == "…"


def test_a_photo_is_kept_with_its_lines_and_so_is_its_thumbnail() -> None:
    plain, found = examine(jpeg(1600, 1200)), examine(jpeg(1600, 1200), LINES)
    assert isinstance(plain, Examined)
    assert isinstance(found, Examined)
    picture, thumbnail = opened(found.content), opened(found.thumbnail)
    assert picture.size == (found.width, found.height) == (1600, plain.height + 174)
    assert thumbnail.size == (480, 412) != opened(plain.thumbnail).size
    for one, height in ((picture, 1200), (thumbnail, 360)):
        assert extremes(below(one, height + 4))[1] > 200
        assert corners(one.crop((0, 0, one.width, height))) == ("red", "green", "blue", "blue")


def test_beneath_a_transparent_picture_the_lines_are_read_too() -> None:
    found = examine(file_of(stroke(), "PNG"), LINES)
    assert isinstance(found, Examined)
    picture = opened(found.content)
    assert (picture.mode, picture.getpixel((599, 0))) == ("RGBA", (0, 0, 0, 0))
    assert picture.getpixel((599, 230)) == (0x1F, 0x23, 0x29, 255)


def test_without_lines_a_picture_is_kept_as_it_is() -> None:
    assert examine(jpeg(), ()) == examine(jpeg())
    assert captioned(scene(), ()).size == (640, 480)


SAME = """
import hashlib, sys
from imaging.examine import examine
from tests.fakes.pictures import jpeg
found = examine(jpeg(1600, 1200), ("上传 2026-11-23 09:00  A01 张示一", "DT-01 1 号客梯"))
print(hashlib.sha256(found.content + found.thumbnail).hexdigest())
"""


def test_the_same_bytes_with_the_same_lines_give_the_same_copy_in_every_process() -> None:
    said = {
        subprocess.run([sys.executable, "-X", "utf8", "-c", SAME], capture_output=True, check=True).stdout
        for _ in range(2)
    }
    assert len(said) == 1
    assert examine(jpeg(), LINES) == examine(jpeg(), LINES) != examine(jpeg(), LINES[:1])


def test_a_fault_of_our_own_is_raised_and_says_nothing_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an answer it would be the last word on a good photo; raised, the photo is judged again."""

    def broken() -> str:
        raise OSError("cannot open resource")

    monkeypatch.setattr(caption, "sans_path", broken)
    with pytest.raises(OSError, match="cannot open resource"):
        examine(jpeg(640, 480), LINES)
