"""What is deployed: exactly what functions need, compiled, for Lambda's machine, the same to the byte every time."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from infra.manifest import API, load
from infra.package.__main__ import check_interpreter
from infra.package.build import SUMS
from tean.domain.errors import Unavailable
from tests.package import making
from tests.package.making import PYTHON, ROOT, STAGES, copy_tree, make_package

MANIFEST = load()
ARCHIVES = ("functions.zip", "layers/core.zip", "layers/imaging.zip")
CORE = {
    "annotated_types", "boto3", "botocore", "dateutil", "jmespath", "jwt", "pydantic", "pydantic_core", "pynamodb",
    "s3transfer", "schemas", "six.py", "tean", "typing_extensions.py", "typing_inspection", "tzdata", "urllib3",
    "__pycache__",
}  # fmt: skip
MOST_BYTES = 50_000_000
"""Of the API function and its layers, unpacked."""
ELF_MACHINES = {"x86_64": 62, "arm64": 183}
NEWEST_GLIBC = 34
"""What Amazon Linux 2023 has: 2.34."""

COMPILED = """
import json, marshal, pathlib, sys
from importlib.util import MAGIC_NUMBER

def names(code):
    yield code.co_filename
    for each in code.co_consts:
        if hasattr(each, "co_filename"):
            yield from names(each)

said = {}
for file in pathlib.Path(sys.argv[1]).rglob("*.pyc"):
    data = file.read_bytes()
    said[str(file.relative_to(sys.argv[1]))] = [
        data[:4] == MAGIC_NUMBER, int.from_bytes(data[4:8], "little"), sorted(set(names(marshal.loads(data[16:]))))
    ]
print(json.dumps(said))
"""
"""For the deployed Python: of each compiled file whether it is its own, its flags, and the sources it names."""


@pytest.fixture
def package(packages: Path) -> Path:
    return packages / "dev"


@pytest.fixture(scope="module")
def unpacked(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archives as Lambda unpacks them: ``task``, ``core``, ``imaging``."""
    folder = tmp_path_factory.mktemp("unpacked")
    for archive, name in zip(ARCHIVES, ("task", "core", "imaging"), strict=True):
        with ZipFile(packages / "dev" / archive) as zipped:
            zipped.extractall(folder / name)
    return folder


def entries(package: Path, archive: str) -> list[str]:
    with ZipFile(package / archive) as zipped:
        return zipped.namelist()


def tops(package: Path, archive: str) -> set[str]:
    return {name.removeprefix("python/").partition("/")[0] for name in entries(package, archive)}


def test_another_clean_copy_gives_the_same_bytes_whatever_lies_about_in_it(packages: Path, tmp_path: Path) -> None:
    root = tmp_path / "another-place"
    copy_tree(root)
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    for leftover in ("functions/chalicelib/leftover.py", "layers/core/tean/__pycache__/bootstrap.cpython-312.pyc"):
        (root / leftover).parent.mkdir(exist_ok=True)
        (root / leftover).write_text("left = 'over'\n")
    done = make_package(root, ["prod"])
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = packages / "prod", root / "build" / "prod"
    assert (second / SUMS).read_text() == (first / SUMS).read_text()
    assert [file.name for file in sorted(second.rglob("*")) if file.is_file()] == [
        file.name for file in sorted(first.rglob("*")) if file.is_file()
    ]
    assert "functions.zip" in done.stdout


def test_stages_differ_in_their_templates_alone(packages: Path) -> None:
    dev, prod = ((packages / stage / SUMS).read_text().splitlines() for stage in STAGES)
    assert sorted(line.split()[1] for line in set(dev) ^ set(prod)) == ["page.yaml", *["template.yaml"] * 2]


def test_the_sums_are_those_of_the_files(package: Path) -> None:
    assert (package / SUMS).read_text().splitlines() == [
        f"{sha256((package / name).read_bytes()).hexdigest()}  {name}"
        for name in (*ARCHIVES, "page.yaml", "template.yaml")
    ]


def test_everything_the_template_names_lies_beside_it(package: Path) -> None:
    template = yaml.safe_load((package / "template.yaml").read_text(encoding="utf-8"))
    named = {
        found["Properties"][key]
        for found in template["Resources"].values()
        for key in ("CodeUri", "ContentUri")
        if key in found["Properties"]
    }
    assert named == set(ARCHIVES)


def test_core_holds_what_functions_import_and_nothing_else(package: Path) -> None:
    assert tops(package, "layers/core.zip") == CORE
    assert [name for name in entries(package, "layers/core.zip") if re.search(r"(^|/)(tests?|bin)/", name)] == []


def test_only_the_file_workers_layer_opens_pictures(package: Path) -> None:
    assert tops(package, "layers/imaging.zip") == {"PIL", "pillow.libs", "pylopdf_fonts_zh_cn", "imaging"}


def test_of_the_fonts_only_the_one_that_is_written_with_is_shipped(package: Path) -> None:
    fonts = [
        name.rpartition("/")[2] for name in entries(package, "layers/imaging.zip") if name.endswith((".otf", ".ttf"))
    ]
    assert fonts == ["NotoSansSC-Regular.otf"]


def test_the_code_is_the_app_and_chalices_router(package: Path) -> None:
    assert tops(package, "functions.zip") == {"app.py", "chalicelib", "chalice", "__pycache__"}
    assert {name for name in entries(package, "functions.zip") if name.startswith("chalice/")} == {
        "chalice/__init__.py",
        "chalice/app.py",
        "chalice/__pycache__/__init__.cpython-312.pyc",
        "chalice/__pycache__/app.cpython-312.pyc",
    }


def test_of_aws_only_the_services_that_are_called_are_described(package: Path) -> None:
    data = "python/botocore/data/"
    described = {name.removeprefix(data).partition("/")[0] for name in entries(package, "layers/core.zip")
                 if name.startswith(data)}  # fmt: skip
    assert described == {
        "dynamodb", "s3", "sqs", "_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json",
    }  # fmt: skip


def test_the_api_with_its_layers_stays_small(package: Path) -> None:
    archives = ["functions.zip", *(f"layers/{layer}.zip" for layer in MANIFEST.functions[API].layers)]
    total = 0
    for archive in archives:
        with ZipFile(package / archive) as zipped:
            total += sum(entry.file_size for entry in zipped.infolist())
    assert total <= MOST_BYTES


def test_archives_hold_no_date_and_no_owner_and_are_in_order(package: Path) -> None:
    for archive in ARCHIVES:
        with ZipFile(package / archive) as zipped:
            infos = zipped.infolist()
        assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in infos} == {0o100644}
        names = [Path(info.filename) for info in infos]
        assert names == sorted(names)


def compiled(folder: Path) -> dict[str, tuple[bool, int, list[str]]]:
    asked = [str(PYTHON), "-c", COMPILED, str(folder)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return {name: (own, flags, sources) for name, (own, flags, sources) in json.loads(answer).items()}


@pytest.mark.parametrize(
    ("name", "place"), [("task", ""), ("core", "python/"), ("imaging", "python/")], ids=("task", "core", "imaging")
)
def test_every_module_is_compiled_for_the_place_where_it_will_lie(unpacked: Path, name: str, place: str) -> None:
    where = {"": "/var/task/", "python/": "/opt/python/"}[place]
    found = compiled(unpacked / name)
    sources = {file.relative_to(unpacked / name).as_posix() for file in (unpacked / name).rglob("*.py")}
    assert {source_of(file): said for file, said in found.items()} == {
        source: (True, UNCHECKED, [where + source.removeprefix(place)]) for source in sources
    }


UNCHECKED = 0b01
"""Compiled from a hash of the source that nobody compares."""


def source_of(file: str) -> str:
    return file.replace("__pycache__/", "").replace(".cpython-312.pyc", ".py")


def libraries(unpacked: Path) -> Iterator[Path]:
    return (file for file in unpacked.rglob("*") if re.search(r"\.so(\.|$)", file.name))


def test_every_library_is_for_lambdas_machine(unpacked: Path) -> None:
    found = list(libraries(unpacked))
    assert {"core", "imaging"} == {file.relative_to(unpacked).parts[0] for file in found}
    for file in found:
        data = file.read_bytes()
        assert int.from_bytes(data[18:20], "little") == ELF_MACHINES[MANIFEST.architecture], file
        asks = [int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", data)]
        assert max(asks, default=0) <= NEWEST_GLIBC, file


def test_another_python_is_refused_and_told_which_one_it_must_be() -> None:
    with pytest.raises(Unavailable, match=r"打包要用 Python 3\.12.*pyenv install 3\.12"):
        check_interpreter(MANIFEST, (3, 11))
    check_interpreter(MANIFEST, (3, 12))


def test_without_the_deployed_python_tests_of_the_package_fail_and_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_tree(tmp_path / "tree")
    manifest = tmp_path / "tree" / "chalicelake.yaml"
    manifest.write_text(manifest.read_text().replace("runtime: python3.12", "runtime: python3.99"))
    monkeypatch.setattr(making, "ROOT", tmp_path / "tree")
    with pytest.raises(pytest.fail.Exception, match=r"打包要用 Python 3\.99.*pyenv install 3\.99"):
        making.set_up()


def test_an_unknown_stage_is_refused_before_anything_is_made() -> None:
    done = make_package(ROOT, ["dev", "test"])
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "没有部署阶段 test，只有：dev、prod。\n")
