"""A document as one page: nothing fetched, no script; figures that can be found again."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.report import manifest, paper_charts, paper_html
from fieldkit.report.paper import Chart, Figure, Para, Section, Series

from .sample_paper import CHARTS, EVIL, paper, table


class Tags(HTMLParser):
    """Tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it; most tags are closed again."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It closes the one that was opened last."""
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Shapes of a drawing hold nothing."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """What people read."""
        self.said.append(data)


def page(**how: bool) -> str:
    """The sample as a page."""
    return paper_html.render(paper(**how)).decode()  # type: ignore[arg-type]


def test_every_figure_is_found_again() -> None:
    """Manifest and recipe come back; each code leads to what is printed; the same bytes twice."""
    one = paper()
    raw = paper_html.render(one)
    assert raw == paper_html.render(one)
    kept, recipe, said = paper_html.read(raw)
    assert kept == manifest.of(one)
    assert recipe is not None
    assert '"coverage"' in recipe
    assert {code: set(texts) for code, texts in said.items()} == {
        code: {figure.said}
        for code, figure in one.figures().items()
    }  # fmt: skip


def test_a_figure_carries_its_exact_value_and_an_id_of_its_own() -> None:
    """The second time it is said its id has a 2; with codes they are read behind the numbers."""
    codes = {figure.key: code for code, figure in paper().figures().items()}
    code = codes["all/rate"]
    assert f'<data id="fk-{code}" class="fk" value="242/283">85.5%</data>' in page()
    assert f'<data id="fk-{code}-2" class="fk" value="242/283">' in page()
    ids = re.findall(r'id="([^"]+)"', page())
    assert len(set(ids)) == len(ids)
    assert 'class="fkc"' not in page()
    shown = paper_html.render(paper(), codes=True)
    assert f'<sup class="fkc">{code}</sup>'.encode() in shown
    assert paper_html.read(shown)[2] == paper_html.read(page().encode())[2]


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    """A strict policy, no script, no address, every tag closed."""
    tags = Tags(page(demo=True))
    assert not tags.open
    names = {tag for tag, _attrs in tags.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "base", "form"}
    for _tag, attrs in tags.tags:
        assert not {"src", "href", "action"} & attrs.keys()
        assert not any(name.startswith("on") for name in attrs)
    policy = next(a for _tag, a in tags.tags if a.get("http-equiv"))["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "url(" not in page()
    assert "@import" not in page()


def test_it_prints_as_an_official_paper() -> None:
    """A4 with the margins of GB/T 9704, pages across, heads again on each page, rows whole."""
    text = page()
    assert "@page{size:A4;margin:37mm 26mm 35mm 28mm}" in text
    assert "@page wide{size:A4 landscape" in text
    assert 'section class="wide"' in text
    assert "thead{display:table-header-group}tr{break-inside:avoid" in text
    assert '<th colspan="3">户籍户口径</th>' in text
    assert '<th rowspan="2">序号</th>' in text
    assert "数据指纹0123456789abcdef<" in text


def test_heads_of_the_page_say_what_it_is() -> None:
    """Internal, or made up, or a draft; nothing of that for people outside."""
    assert "内部资料" in page()
    assert "内部资料" not in page(public=True)
    assert "演示数据" in page(demo=True)
    assert 'class="mark" aria-hidden="true">草稿<' in paper_html.render(paper(mark="草稿")).decode()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=10))
def test_text_is_never_markup(body: str, label: str, value: str) -> None:
    """Whatever is written by whomever: tags stay closed, figures are read as they are said."""
    figure = Figure(f"k/{label}", value, value + label, label)
    blocks = [
        Para((body, figure, body)),
        table(label),
        Chart("bars", body, [label], [Series(value, [1])]),
    ]
    one = replace(paper(), title=label, mark=body, sections=(Section(blocks),), facts={})
    tags = Tags(paper_html.render(one).decode())
    assert not tags.open
    assert not {"script", "b"} & {tag for tag, _attrs in tags.tags} - {"b"}
    from fieldkit.text.plain import shown

    assert paper_html.read(paper_html.render(one))[2][figure.code] == [shown(value + label)]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</template><b>", "</style>", '"><'])
def test_what_would_leave_its_place_stays(text: str) -> None:
    """In titles, cells, manifests, labels of charts."""
    chart = Chart("ranks", text, [text], [Series(text, [1]), Series(text, [2])])
    one = replace(paper(extra=text), title=text, mark=text)
    one = replace(one, sections=(*one.sections, Section([chart, table(text)])))
    raw = paper_html.render(one)
    assert b"<script" not in raw
    assert not Tags(raw.decode()).open
    assert paper_html.read(raw)[0] == manifest.of(one)


def test_each_chart_says_its_numbers() -> None:
    """Bars, points, cells and places are all written; a month that was not counted is a gap."""
    bars, lines, heat, ranks = (paper_charts.drawn(chart) for chart in CHARTS)
    for number in ("1249", "240", "205"):
        assert f">{number}</text>" in bars
    assert lines.count("<polyline") == 2 + 3
    assert "<td>—</td>" in lines
    assert '<td class="t9">99.9%</td>' in heat
    assert '<td class="t10">100%</td>' in heat
    assert "<td>—</td>" in heat
    for words in ("1 菱歌社区 升1", "2 澜渡村 降1", "3 石湾村 新", "4 桥头村 平"):
        assert f">{words}</text>" in ranks
    assert ranks.count("stroke-dasharray") == 1


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["bars", "lines", "heat", "ranks"]),
    st.lists(
        st.lists(
            st.one_of(st.none(), st.integers(0, 99), st.fractions(0, 1)), min_size=3, max_size=3
        ),
        max_size=3,
    ),
    st.booleans(),
)
def test_any_numbers_can_be_drawn(kind: str, values: list[list[int]], percent: bool) -> None:
    """Nothing counted, zeros only, gaps anywhere."""
    if kind == "ranks":
        values = [[None if v is None else int(v) + 1 for v in one] for one in values]  # type: ignore[misc]
    if kind == "heat":
        values = [[None if v is None else min(v, 1) for v in one] for one in values]  # type: ignore[misc]
    chart = Chart(
        kind, "图", ["甲", "乙", "丙"], [Series("序", one) for one in values], percent  # type: ignore[arg-type]
    )  # fmt: skip
    drawn = paper_charts.drawn(chart)
    assert not Tags(drawn).open
    assert "nan" not in drawn
    assert "-" not in "".join(re.findall(r'(?:width|height)="([^"]*)"', drawn))


def test_what_is_no_page_is_refused_or_empty(tmp_path: Path) -> None:
    """Bytes that are no text are refused; another page has no manifest; a comment says nothing."""
    with pytest.raises(Problem) as told:
        paper_html.read(b"\xff\xfe\x00")
    assert told.value.code == "paper-broken"
    with pytest.raises(Problem):
        paper_html.read(tmp_path / "none.html")
    with pytest.raises(Problem) as told:
        paper_html.read(b" " * (64 * 2**20 + 1))
    assert told.value.code == "paper-large"
    assert paper_html.read(b"<p>hello</p>") == (None, None, {})
    hidden = b'<!-- <data id="fk-abcdefgh">7</data> --><!-- <data id="fk-abcdefgh">8</data>'
    assert paper_html.read(hidden)[2] == {}


def test_a_saved_page_is_read_as_well() -> None:
    """A browser that saves it may put attributes in another order and quote them otherwise."""
    saved = "<data class='fk' value='7' id='fk-abcdefgh-2'>8</DATA><data id=fk-abcdefgh>7</data >"
    assert paper_html.read(saved.encode())[2] == {"abcdefgh": ["7", "8"]}


def test_floods_are_read_in_time() -> None:
    """Openings without an end, a million of them: done at once, not in their square."""
    for flood in ("<data id='fk-abcdefgh'>", "<!--", "<data ", "<template id=", "</template"):
        paper_html.read((flood * 1_000_000).encode())


def test_formulas_are_only_text_here() -> None:
    """A page has none; they stand as they were written."""
    for text in EVIL[:4]:
        assert text in "".join(Tags(paper_html.render(paper(extra=text)).decode()).said)
