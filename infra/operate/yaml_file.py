"""Reading a roster written in YAML, with the line of every row and cell.

The tree of nodes is read, not the values YAML makes of them: to YAML the code ``007`` is a number, the month
``2027-05`` a text, the day after it a date, and 工号 ``NO`` means false. Here everything is what was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from infra.operate.reading import clean, unreadable
from schemas.roster import Finding, Table
from tean.domain.roster_draft import RawRow, Reading

_NULL = "tag:yaml.org,2002:null"


# libyaml where it is there: ten times as fast, and a roster of a thousand devices is read at once.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Reading:
    """The rows of a roster in YAML."""
    file = _File()
    file.read(_root(text))
    return Reading(file.rows, file.findings, file.lost)


def _root(text: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise unreadable(f"第 {line} 行附近读不懂；请检查缩进、冒号后的空格和引号。") from None
    except (yaml.YAMLError, RecursionError):
        raise unreadable("这不是纯文本的 YAML；请用文本编辑器另存为 UTF-8 再试。") from None
    if not isinstance(root, yaml.MappingNode):
        raise unreadable(f"这不是一份名册；顶层应有 {'、'.join(Table)}。")
    _refuse_aliases(root)
    return root


def _refuse_aliases(root: yaml.Node) -> None:
    """A roster has no use for them, and with them a small file unfolds into a giant one."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise unreadable(f"第 {_line(node)} 行的内容被 * 引用了；请写全，不用 & 和 *。")
        seen.add(id(node))
        waiting.extend(_children(node))


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


class _File:
    def __init__(self) -> None:
        self.rows: list[RawRow] = []
        self.findings: list[Finding] = []
        self.lost: list[Finding] = []

    def read(self, root: yaml.MappingNode) -> None:
        for name, key, value in _pairs(root, self.lost):
            if name in list(Table):
                self._read_table(Table(name), value)
            else:
                self.lost.append(Finding(line=_line(key), sentence=f"“{name}”不认识；顶层只有 {'、'.join(Table)}"))

    def _read_table(self, table: Table, value: yaml.Node) -> None:
        listed = isinstance(value, yaml.SequenceNode) and table is not Table.UNIT
        for node in value.value if listed else [value]:
            if isinstance(node, yaml.MappingNode):
                self._read_row(table, node)
            elif node.tag != _NULL:
                sentence = "写法不对；每一行写成“栏目: 内容”，人员、设备等的每一行以“- ”开头"
                self.lost.append(Finding(table=table, line=_line(node), sentence=sentence))

    def _read_row(self, table: Table, node: yaml.MappingNode) -> None:
        written = [(name, _cell(value), _line(key)) for name, key, value in _pairs(node, self.findings, table)]
        filled = [(name, cell, line) for name, cell, line in written if cell not in (None, "")]
        cells = {name: cell for name, cell, _ in filled}
        self.rows.append(RawRow(table, _line(node), cells, {name: line for name, _, line in filled}))


def _pairs(
    node: yaml.MappingNode, findings: list[Finding], table: Table | None = None
) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Names with their nodes. YAML itself would silently let the last of two like names win."""
    seen: dict[str, int] = {}
    for key, value in node.value:
        name = str(_cell(key))
        if name in seen:
            sentence = f"“{name}”在第 {seen[name]} 行已经写过；请留一个"
            findings.append(Finding(table=table, line=_line(key), sentence=sentence))
        else:
            seen[name] = _line(key)
            yield name, key, value


def _cell(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_cell(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_cell(key)): _cell(value) for key, value in node.value}
    return None if node.tag == _NULL else clean(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
