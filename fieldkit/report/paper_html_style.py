"""How a document's page looks: an official paper on A4 (GB/T 9704-2012), upright and across."""

from __future__ import annotations

from fieldkit.report import paper_charts, web

_SONG = "font-family:'方正小标宋简体','宋体','SimSun','Noto Serif CJK SC',serif"
_KAI = "font-family:'楷体_GB2312','楷体','KaiTi','Noto Serif CJK SC',serif"
_NUMBER = "{content:'— ' counter(page) ' —';font:14pt '宋体','SimSun',serif}"
_PAGES = (
    "@page{size:A4;margin:37mm 26mm 35mm 28mm}"
    "@page wide{size:A4 landscape;margin:26mm 20mm 24mm 20mm}"
    f"@page:right{{@bottom-right{_NUMBER}}}@page:left{{@bottom-left{_NUMBER}}}"
    f"@page wide:right{{@bottom-right{_NUMBER}}}@page wide:left{{@bottom-left{_NUMBER}}}"
)

STYLE = (
    f"{_PAGES}body{{color:#000;background:#fff;font-size:16pt;line-height:28.95pt}}"
    "main>section{break-before:page;page-break-before:always}"
    "main>section:first-child{break-before:auto;page-break-before:auto}"
    "section.wide{page:wide}p{margin:0;text-align:justify;overflow-wrap:anywhere}"
    ".body,.h1,.h2,.h3,.h4{text-indent:2em}.keep{break-after:avoid;page-break-after:avoid}"
    f".h1,.annex{{{web.HEI}}}.h2,.subtitle{{{_KAI}}}h1,h2,h3,h4,h5{{font-weight:normal;"
    "font-size:16pt;margin:0;break-after:avoid;page-break-after:avoid}"
    f"h1.title{{{_SONG};font-size:22pt;line-height:32pt;text-align:center;margin:0 0 12pt}}"
    ".subtitle{text-align:center}.sign{text-align:right;padding-right:2em}"
    ".note,.edge,.origin{font-size:10.5pt;line-height:16pt}"
    ".edge{display:flex;justify-content:space-between;margin-bottom:8pt}.edge b{color:#c00000;"
    f"font-weight:normal}}.origin{{margin-top:16pt;color:#333}}table{{border-collapse:collapse;"
    "width:100%;font-size:10.5pt;line-height:15pt;margin:4pt 0;page-break-inside:auto}"
    f"caption{{{_SONG};font-size:14pt;line-height:20pt;padding-bottom:4pt;text-align:center}}"
    f"caption .unit{{display:block;text-align:right;font-size:10.5pt;{web.FONTS}}}"
    "thead{display:table-header-group}tr{break-inside:avoid;page-break-inside:avoid}"
    f"th{{{web.HEI};font-weight:normal;background:#eef3f8}}"
    "th,td{border:.75pt solid #000;padding:2pt 3pt;overflow-wrap:anywhere;text-align:center}"
    "td.text{text-align:left}td.count,td.signed,td.percent,td.score,td.decimal{text-align:right;"
    f"font-variant-numeric:tabular-nums;white-space:nowrap}}tr.sub td{{{_KAI};background:#f6f6f6}}"
    f"tr.total td{{{web.HEI};background:#ececec}}td.none{{text-align:center}}"
    ".numbers,.heat{font-size:9pt}figure{margin:0 0 16pt;break-inside:avoid}"
    f"figcaption{{{web.HEI};text-align:center;font-size:12pt}}"
    ".blank{border:.75pt solid #000;margin:0 0 6pt;padding:2pt 4pt;font-size:12pt;"
    "line-height:16pt;break-inside:avoid}"
    ".fkc{font:6pt monospace;line-height:1;vertical-align:super;color:#444;padding-left:1pt}"
    ".mark{position:fixed;top:42%;left:0;right:0;text-align:center;font-size:90pt;line-height:1;"
    f"color:#000;opacity:.08;transform:rotate(-35deg);{web.HEI};pointer-events:none}}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "@media screen{body{background:#e9e9e9}main>section{background:#fff;max-width:210mm;"
    "margin:6mm auto;padding:20mm 20mm;overflow-x:auto}main>section.wide{max-width:297mm}"
    ".origin{max-width:210mm;margin:0 auto 8mm;padding:0 4mm}"
    ".edge{max-width:210mm;margin:4mm auto 0;padding:0 4mm}}"
    f"{paper_charts.STYLE}"
)
