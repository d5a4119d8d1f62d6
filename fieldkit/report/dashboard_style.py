"""How the dashboard's page looks: on a screen by day and by night, and on A4."""

from __future__ import annotations

from fieldkit.report import web

_LIGHT = "--ink:#1b1b1b;--dim:#5a5a5a;--paper:#fff;--rule:#c9c9c9;--tint:20,90,160;--two:#a34a00"
_DARK = "--ink:#e8e8e8;--dim:#b0b0b0;--paper:#16181c;--rule:#484c54;--tint:95,165,235;--two:#f0a050"
_HEAT = "".join(
    f".h{name}{{background:rgba(var(--tint),{share})}}"
    for name, share in (*((str(n), f"{n * 0.05:.2f}") for n in range(10)), ("f", "0.60"))
)

STYLE = (
    f":root{{color-scheme:light dark;{_LIGHT}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}}}}}"
    "@page{size:A4;margin:14mm 12mm}"
    "body{color:var(--ink);background:var(--paper);max-width:70rem;margin:0 auto;padding:1rem;"
    "line-height:1.5}"
    f"h1,h2,summary,th{{{web.HEI};font-weight:normal}}h1{{font-size:1.6rem;margin:0}}"
    "h2{font-size:1.2rem;border-bottom:1px solid var(--rule);margin:1.5rem 0 .5rem}"
    "a{color:inherit}small,figcaption,header p{color:var(--dim);font-size:.85em}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.5rem;"
    "margin-top:1rem}"
    ".cards div{border:1px solid var(--rule);padding:.4rem .6rem}.cards span{display:block;"
    "color:var(--dim);font-size:.85em}.cards b{font-size:1.3rem}"
    "i{font-style:normal}table{border-collapse:collapse;font-size:.95rem}"
    "th,td{text-align:left;padding:.15rem .6rem;border-bottom:1px solid var(--rule)}"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}"
    "figure{margin:0}.chart{width:100%;height:auto}.chart text{font-size:11px;fill:var(--dim)}"
    ".rule{stroke:var(--rule);stroke-width:1}.done{fill:rgb(var(--tint))}"
    ".base{fill:none;stroke:var(--rule)}"
    "polyline{fill:none;stroke-width:2}.line0{fill:rgb(var(--tint));stroke:rgb(var(--tint))}"
    ".line1{fill:var(--two);stroke:var(--two)}.line0 polyline,.line1 polyline{fill:none}"
    ".line1 polyline{stroke-dasharray:6 4}"
    "details{margin:.3rem 0;padding-left:.4rem;border-left:2px solid var(--rule)}"
    "summary{cursor:pointer}.facts{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;"
    "list-style:none}code{font-size:.8em;overflow-wrap:anywhere}"
    ".heat i{display:inline-block;width:1.2em;text-align:center;border:1px solid var(--rule);"
    f"margin-right:1px}}{_HEAT}"
    "@media print{nav{display:none}details::details-content{content-visibility:visible;"
    "display:block}tr,figure,.place{break-inside:avoid}body{padding:0;max-width:none;"
    "font-size:10pt}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"
)
