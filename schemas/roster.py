"""The roster of a unit (名册): what a YAML or CSV file says about its people, equipment, licences and stations.

A field's ``title`` is its heading, its ``description`` says what to write there; findings and the CSV file use both.
Checks that need more than one row are in ``tean.domain.roster_checks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from schemas.language import Role, UnitKind
from schemas.roster_cells import CreditCode, Day, Name, Phone, RosterCode, Side, kind_code, posts, split, subtype_code


class Table(StrEnum):
    """A part of the roster: 单位, 人员, 设备, 许可, 工位."""

    UNIT = "unit"
    PEOPLE = "people"
    EQUIPMENT = "equipment"
    LICENCES = "licences"
    STATIONS = "stations"

    @property
    def word(self) -> str:
        """What a person reads."""
        return _TABLE_WORDS[self]

    @property
    def row(self) -> type[Row]:
        """The shape of its rows."""
        return _ROWS[self]

    @property
    def headings(self) -> Mapping[str, str]:
        """The headings of its fields, each with the field's name."""
        return {field.title or name: name for name, field in self.row.model_fields.items()}


class Row(BaseModel):
    """A row of some table. What is not filled in is absent, never an empty text."""

    # Built at first use: every function imports this module, hardly any reads a roster.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class UnitRow(Row):
    """The unit itself."""

    code: CreditCode = Field(title="统一社会信用代码", description="营业执照上的 18 位代码")
    name: Name = Field(title="名称", description="营业执照上的单位名称")
    kinds: Annotated[frozenset[Side], BeforeValidator(split)] = Field(
        title="单位类型", description="使用、生产、充装中的一个或几个", min_length=1
    )
    contact: Name | None = Field(None, title="联系方式", description="本单位的人遇到问题找谁：电话或一句话")


class PersonRow(Row):
    """Somebody with duties. ``roles`` gives the sides of each post, an empty set meaning every side the unit has;
    ``kinds`` narrows a director to target kinds, empty meaning all."""

    code: RosterCode = Field(title="工号", description="单位内不重复的工号，如 A01")
    name: Name = Field(title="姓名", description="身份证上的姓名")
    phone: Phone = Field(title="手机号", description="登录微信小程序用的 11 位手机号")
    roles: Annotated[Mapping[Role, frozenset[UnitKind]], BeforeValidator(posts)] = Field(
        title="职务", description="安全员、安全总监、主要负责人、管理员中的一个或几个", min_length=1
    )
    kinds: Annotated[
        frozenset[Annotated[str, kind_code("设备种类、许可类型或充装类型", *UnitKind)]], BeforeValidator(split)
    ] = Field(frozenset(), title="负责种类", description="安全总监只管其中几种时才写，如 电梯、锅炉")


class TargetRow(Row):
    """What the three kinds of target share."""

    table: ClassVar[Table]
    side: ClassVar[UnitKind]

    code: RosterCode = Field(title="编号", description="单位内不重复的编号，如 DT-01")
    name: Name | None = Field(None, title="名称", description="现场的叫法，如 1 号客梯")
    location: Name | None = Field(None, title="位置", description="在哪里，如 A 座大堂")
    officers: Annotated[tuple[str, ...], BeforeValidator(split)] = Field(
        (), title="安全员", description="负责的安全员的工号，几个人用、隔开，第一个为主"
    )

    @property
    def kind(self) -> str:
        """The target kind."""
        raise NotImplementedError

    @property
    def expires(self) -> date | None:
        """Inspection due by, or licence valid until, this day."""
        return None

    @property
    def identifiers(self) -> Mapping[str, str]:
        """The official numbers that were filled in, by field."""
        return {}


class EquipmentRow(TargetRow):
    """A piece of equipment of a use unit; order 74 has its officers named for each piece (逐台明确安全员)."""

    table = Table.EQUIPMENT
    side = UnitKind.USE

    name: Name = Field(title="名称", description="现场的叫法，如 1 号客梯")
    category: Annotated[str, kind_code("设备种类", UnitKind.USE)] = Field(title="种类", description="设备种类，如 电梯")
    subtype: str | None = Field(None, title="品种", description="特种设备目录的第二级，如 曳引与强制驱动电梯")
    officers: Annotated[tuple[str, ...], BeforeValidator(split)] = Field(
        title="安全员", description="负责这台设备的安全员的工号，几个人用、隔开，第一个为主", min_length=1
    )
    device_code: Name | None = Field(None, title="设备代码", description="设备铭牌上的 17 或 18 位代码")
    certificate: Name | None = Field(None, title="使用登记证编号", description="使用登记证上的编号")
    inner_number: Name | None = Field(None, title="内部编号", description="单位自己的编号")
    next_inspection: Day | None = Field(None, title="下次检验日期", description="检验报告上的日期，如 2027-05")

    @field_validator("subtype", mode="before")
    @classmethod
    def _subtype_of_the_category(cls, text: Any, info: ValidationInfo) -> Any:
        category = info.data.get("category")
        return subtype_code(text, category) if category else None

    @property
    def kind(self) -> str:
        return self.category

    @property
    def expires(self) -> date | None:
        return self.next_inspection

    @property
    def identifiers(self) -> Mapping[str, str]:
        numbers = {
            "device_code": self.device_code,
            "certificate": self.certificate,
            "inner_number": self.inner_number,
        }
        return {field: number for field, number in numbers.items() if number}


class LicenceRow(TargetRow):
    """A licence of a production unit."""

    table = Table.LICENCES
    side = UnitKind.PRODUCTION

    licence_kind: Annotated[str, kind_code("许可类型", UnitKind.PRODUCTION)] = Field(
        title="许可类型", description="许可的生产类型，如 电梯安装"
    )
    licence_number: Name = Field(title="许可证编号", description="许可证上的编号，如 TS3310001-2028")
    valid_until: Day = Field(title="有效期至", description="许可证上的日期，如 2028-06-30")

    @property
    def kind(self) -> str:
        return self.licence_kind

    @property
    def expires(self) -> date | None:
        return self.valid_until

    @property
    def identifiers(self) -> Mapping[str, str]:
        return {"licence_number": self.licence_number}


class StationRow(TargetRow):
    """A station (工位) of a filling unit."""

    table = Table.STATIONS
    side = UnitKind.FILLING

    name: Name = Field(title="名称", description="工位的叫法，如 1 号充装台")
    filling_kind: Annotated[str, kind_code("充装类型", UnitKind.FILLING)] = Field(
        title="充装类型", description="气瓶充装 或 移动式压力容器充装"
    )

    @property
    def kind(self) -> str:
        return self.filling_kind


class RosterFile(BaseModel):
    """A whole roster."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    unit: UnitRow
    people: tuple[PersonRow, ...] = ()
    equipment: tuple[EquipmentRow, ...] = ()
    licences: tuple[LicenceRow, ...] = ()
    stations: tuple[StationRow, ...] = ()

    @property
    def targets(self) -> tuple[TargetRow, ...]:
        """Equipment, licences and stations."""
        return (*self.equipment, *self.licences, *self.stations)


class Finding(BaseModel):
    """One thing that is wrong with a roster or worth a look; ``line`` counts from 1, in a CSV the rows of the sheet."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    sentence: str
    table: Table | None = None
    line: int | None = None
    code: str = ""
    """Code of the row, as far as it has one."""
    field: str | None = None
    blocking: bool = True
    """Whether it must be put right before anything is written."""

    @property
    def heading(self) -> str:
        """The heading of its field, as a person reads it."""
        titles = {name: title for title, name in self.table.headings.items()} if self.table else {}
        return titles.get(self.field or "", self.field or "")


class CellProblem(NamedTuple):
    """What is wrong with one cell of a row, and what to write."""

    field: str
    sentence: str


def read_row(table: Table, cells: Mapping[str, Any]) -> Row | list[CellProblem]:
    """The row these cells say, or everything that is wrong with them."""
    try:
        return table.row.model_validate(cells)
    except ValidationError as refusal:
        problems = [CellProblem(str(error["loc"][0]), _sentence(table, error)) for error in refusal.errors()]
        return list(dict.fromkeys(problems))


def _sentence(table: Table, error: ErrorDetails) -> str:
    field = table.row.model_fields.get(str(error["loc"][0]))
    hint = f"请写 {field.description}" if field else ""
    match error["type"]:
        case "missing" | "too_short":
            return f"没有填写；{hint}"
        case "extra_forbidden":
            return f"“{table.word}”没有这一栏；请删去，或改成 {'、'.join(table.row.model_fields)}"
        case "string_too_long":
            return f"太长，最多 {error['ctx']['max_length']} 个字"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"写法不对；{hint}"


_TABLE_WORDS = dict(zip(Table, ("单位", "人员", "设备", "许可", "工位"), strict=True))
_ROWS: Mapping[Table, type[Row]] = {
    Table.UNIT: UnitRow,
    Table.PEOPLE: PersonRow,
    Table.EQUIPMENT: EquipmentRow,
    Table.LICENCES: LicenceRow,
    Table.STATIONS: StationRow,
}
