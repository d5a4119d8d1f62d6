"""A small document with one of everything, for the tests of the renderers; all names made up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from fieldkit.report.paper import (
    Blank,
    Cell,
    Chart,
    Column,
    Figure,
    Paper,
    Para,
    Recipe,
    Row,
    Section,
    Series,
    Table,
    Text,
)

EVIL = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＠SUM(1)",
    '　=HYPERLINK("http://x.example")',
    "\n=1+1",
)
"""Texts that spreadsheets take for formulas, or would after a little."""

PLACES = (("菱歌社区", 1250, 1249), ("澜渡村", 320, 240), ("桥头村", 0, 0), ("石湾村", 411, 205))


def count(key: str, value: int, label: str = "") -> Figure:
    """A whole number."""
    return Figure(key, value, str(value), label or key)


def rate(key: str, part: int, of: int) -> Figure:
    """A rate with one decimal, cut off."""
    if of == 0:
        return Figure(key, None, "—", key)
    tenths = part * 1000 // of
    return Figure(key, Fraction(part, of), f"{tenths // 10}.{tenths % 10}%", key)


COLUMNS = (
    Column("n", "序号", kind="count", width=5),
    Column("name", "村（社区）", width=16),
    Column("of", "应发放户", "户籍户口径", "count", 8, "sum"),
    Column("part", "已发放户", "户籍户口径", "count", 8, "sum"),
    Column("rate", "发放率", "户籍户口径", "percent", 8, ("part", "of")),
    Column("change", "增减（户）", kind="signed", width=8, total="sum"),
    Column("per", "万人均", kind="decimal", width=8),
    Column("score", "得分", kind="score", width=8),
    Column("day", "统计日", kind="day", width=10),
    Column("note", "备注", width=14),
)


def rows(places: tuple[tuple[str, int, int], ...] = PLACES) -> list[Row]:
    """A row a place and the last one, worked out here."""
    found = []
    changes = (3, -2, 0, 7)
    for n, (name, of, part) in enumerate(places, 1):
        change = changes[(n - 1) % 4]
        signed = f"{change:+d}" if change else "0"
        cells: tuple[Cell, ...] = (
            str(n), name, count(f"p/{n}/of", of), count(f"p/{n}/part", part),
            rate(f"p/{n}/rate", part, of), Figure(f"p/{n}/change", change, signed, "增减"),
            "4.09", "86.3", "2026-11-22", "/" if n == 3 else None,
        )  # fmt: skip
        found.append(Row(cells))
    of, part = sum(p[1] for p in places), sum(p[2] for p in places)
    change = sum(changes[n % 4] for n in range(len(places)))
    found.append(
        Row(
            (
                "合计", "—", count("all/of", of), count("all/part", part),
                rate("all/rate", part, of), Figure("all/change", change, f"{change:+d}", "增减"),
                None, None, None, None,
            ),
            "total",
        )
    )  # fmt: skip
    return found


def table(name: str = "覆盖情况", more: list[Row] | None = None) -> Table:
    """The table of coverage."""
    return Table(
        name, "反诈入户宣传覆盖情况统计表", COLUMNS, [*(more or []), *rows()],
        ("发放率截尾，不四舍五入。",), "单位：户、%",
    )  # fmt: skip


CHARTS = (
    Chart(
        "bars", "各村已发放户", [p[0] for p in PLACES],
        [Series("已发放户", [p[2] for p in PLACES]), Series("应发放户", [p[1] for p in PLACES])],
    ),
    Chart(
        "lines", "近六月发放率", [f"{m}月" for m in range(6, 12)],
        [
            Series("发放率", [Fraction(n, 10) for n in (3, 4, 5, 7, 8, 9)]),
            Series("面宣率", [Fraction(n, 10) for n in (1, 2, 2)] + [None, Fraction(1, 2), 1]),
        ],
        percent=True,
    ),
    Chart(
        "heat", "覆盖热度", ["一层", "二层", "三层"],
        [
            Series("菱歌社区1栋", [Fraction(1), Fraction(9996, 10000), None]),
            Series("菱歌社区2栋", [Fraction(0), Fraction(1, 2), Fraction(1, 3)]),
        ],
        percent=True,
    ),
    Chart(
        "ranks", "名次变化", [p[0] for p in PLACES],
        [Series("上月名次", [2, 1, 4, None]), Series("本月名次", [1, 2, 4, 3])],
    ),
)  # fmt: skip


def paper(*, extra: Text = "", demo: bool = False, mark: str = "", public: bool = False) -> Paper:
    """A notice with prose, an annex across the page, and charts."""
    said: Text = ("截至11月22日，共发放", count("all/part", 1694), "户，发放率", rate(
        "all/rate", 1694, 1981), "。")  # fmt: skip
    prose = [
        Para("关于2026年11月入户宣传覆盖情况的通报", "title"),
        Para("（2026年第11期）", "subtitle"),
        Para("各村（社区）、各成员单位：", "to"),
        Para(said),
        Para("一、总体情况", "h1", keep=True),
        Para("（一）覆盖", "h2"),
        Para("1.发放", "h3"),
        Para("（1）逐户登记。" + "入户宣传逐户登记，面见本人的记为面宣，留置的不计。" * 4, "h4"),
        Para(extra or "正文到此。"),
        Para("澜渡镇反诈联席办", "sign"),
        Para("2026年11月23日", "sign"),
        Blank("签收单位（章）", 20),
    ]
    return Paper(
        Recipe("coverage", {"last": "2026-11-22", "within": "990121101"}),
        "关于2026年11月入户宣传覆盖情况的通报",
        (
            Section(prose),
            Section([Para("附件1", "annex"), table(), Para("填报人签字：", "left")], wide=True),
            Section(list(CHARTS)),
        ),
        datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        "0123456789abcdef" * 4,
        "澜渡镇反诈联席办",
        date(2026, 11, 23),
        public,
        mark,
        demo,
        {"发放率": rate("all/rate", 1694, 1981), "户数": ("共", count("all/of", 1981), "户")},
    )
