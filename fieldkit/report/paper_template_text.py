"""The text of an office's layout, once names were filled in: marks become figures and blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, TypeAlias

from fieldkit.report import ooxml, paper_docx
from fieldkit.report.paper import Block, Figure, Section, Table, figures_of
from fieldkit.report.paper_docx_body import ACROSS_MM, UPRIGHT_MM, Body

# Two code points that are no characters: text from outside is rid of them before it is filled in.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
Behind: TypeAlias = Figure | list[Section] | Table
"""What a mark stands for."""
_W = f"{{{ooxml.W}}}"
_REFERENCE = re.compile(r"<w:(?:header|footer)Reference [^>]*/>")


class TemplateText:
    """The text of a filled template, its marks being replaced."""

    def __init__(self, raw: bytes, behind: Sequence[Behind], body: Body, placed: set[str]) -> None:
        from lxml import etree

        self._etree = etree
        self._root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False))
        self._behind, self._body, self._placed = behind, body, placed
        found = _REFERENCE.findall(raw.decode())
        self._edges = "".join(dict.fromkeys(found))

    def written(self) -> bytes:
        """The text with every figure bookmarked and every block in its place."""
        for node in [it for it in self._root.iter(f"{_W}t") if OPEN in (it.text or "")]:
            self._node(node)
        out: bytes = self._etree.tostring(
            self._root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return out

    def _node(self, node: Any) -> None:
        blocks = [
            self._behind[int(number)]
            for number in MARK.findall(node.text)
            if not isinstance(self._behind[int(number)], Figure)
        ]
        if blocks:
            self._blocks(node, blocks)
        else:
            self._figures(node)

    def _blocks(self, node: Any, blocks: list[Any]) -> None:
        """Whole blocks take the place of the paragraph in which they are named."""
        paragraph = node.getparent()
        while paragraph.tag != f"{_W}p":
            paragraph = paragraph.getparent()
        parent = paragraph.getparent()
        at = parent.index(paragraph)
        written = "".join(self._xml(block) for block in blocks)
        wrapped = f"<w:body {ooxml.NAMESPACES}>{written}</w:body>"
        for offset, child in enumerate(list(self._etree.fromstring(wrapped))):
            parent.insert(at + offset, child)
        parent.remove(paragraph)
        if parent.tag == f"{_W}tc" and (not len(parent) or parent[-1].tag != f"{_W}p"):
            # A cell has to end in a paragraph.
            parent.append(self._etree.SubElement(parent, f"{_W}p"))

    def _xml(self, block: list[Section] | Table) -> str:
        if isinstance(block, Table):
            self._seen(block)
            return self._body.block(block, UPRIGHT_MM)
        written = []
        for n, section in enumerate(block):
            for one in section.blocks:
                self._seen(one)
            written.append(
                "".join(
                    self._body.block(one, ACROSS_MM if section.wide else UPRIGHT_MM)
                    for one in section.blocks
                )
            )
            if n < len(block) - 1 or section.wide:
                mark = _REFERENCE.sub("", paper_docx.page_mark(wide=section.wide))
                mark = mark.replace("<w:sectPr>", f"<w:sectPr>{self._edges}")
                written.append(f"<w:p><w:pPr>{mark}</w:pPr></w:p>")
        return "".join(written)

    def _seen(self, block: Block) -> None:
        self._placed.update(figure.code for figure in figures_of(block))

    def _figures(self, node: Any) -> None:
        """The run is cut where a figure stands, so that the bookmark holds it alone."""
        run = node.getparent()
        look = run.find(f"{_W}rPr")
        parent, at = run.getparent(), run.getparent().index(run)
        pieces = MARK.split(node.text)
        before = [child for child in run if child.tag != f"{_W}rPr"]
        place = before.index(node)
        written: list[Any] = []
        if place:
            written.append(self._run(look, before[:place]))
        for n, piece in enumerate(pieces):
            if n % 2 == 0:
                if piece:
                    written.append(self._run(look, [self._t(piece)]))
                continue
            figure = self._behind[int(piece)]
            assert isinstance(figure, Figure)
            self._placed.add(figure.code)
            wrapped = f"<w:body {ooxml.NAMESPACES}>{self._body.runs(figure)}</w:body>"
            for child in list(self._etree.fromstring(wrapped)):
                if child.tag == f"{_W}r" and look is not None and child.find(f"{_W}rPr") is None:
                    child.insert(0, deepcopy(look))
                written.append(child)
        if before[place + 1 :]:
            written.append(self._run(look, before[place + 1 :]))
        parent.remove(run)
        for offset, child in enumerate(written):
            parent.insert(at + offset, child)

    def _run(self, look: Any, children: list[Any]) -> Any:
        run = self._etree.Element(f"{_W}r")
        if look is not None:
            run.append(deepcopy(look))
        for child in children:
            run.append(child)
        return run

    def _t(self, text: str) -> Any:
        node = self._etree.Element(f"{_W}t")
        node.text = text
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return node
