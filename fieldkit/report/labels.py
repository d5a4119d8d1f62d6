"""Words for the codes that stand in records (DOMAIN §4.5, §6.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from fieldkit.domain import items
from fieldkit.domain.checklist import Item
from fieldkit.domain.modes import MODES as MODES
from fieldkit.report.phrases import EMPTY, day_words
from fieldkit.text.i18n import N_, _

_ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?=）?$)")

FORMS = {
    "open": N_("{name}检查记录表"),
    "covert": N_("{name}暗访记录表"),
    "self": N_("{name}自查记录表"),
    "reinspection": N_("{name}复查记录表"),
}
# As the forms of DOMAIN §3.3 word them, shorter than on the screens.
NATURES = {
    "supervision": N_("督导检查"),
    "assessment": N_("创建评估"),
    "guidance": N_("宣传指导"),
    "joint": N_("协同走访"),
    "referral": N_("线索移交"),
}
KINDS = {
    "village": N_("村（社区）"),
    "grid": N_("网格"),
    "estate": N_("住宅小区"),
    "school": N_("学校"),
    "company": N_("企业"),
    "courier": N_("寄递网点"),
    "telecom": N_("电信网点"),
    "bank": N_("银行网点"),
    "institution": N_("机关单位"),
    "venue": N_("公共场所"),
    "building": N_("楼栋"),
    "unit": N_("单元"),
    "door": N_("户室"),
}
_EFFECTS = {
    "ineligible": N_("有否决项不合格，不予评定："),
    "fail_target": N_("有否决项不合格，未达“三个100%”："),
    "refer": N_("发现须立即移交的情形："),
}


def said(table: Mapping[str, str], code: str) -> str:
    """The words for a code; a code that is not known stands for itself."""
    return _(table[code]) if code in table else code


def effect(code: str) -> str:
    """What a failed critical item means for this list."""
    return said(_EFFECTS, code) if code else _("否决项不合格：")


def measured(item: Item, value: str) -> str:
    """The measured value in words; a dash where the mark beside it says all."""
    words = items.of(item.type).measured(value, item)
    return _ISO_DAY.sub(_official_day, words) or EMPTY


def _official_day(found: re.Match[str]) -> str:
    """An ISO day as papers write it; what is no day stays as it is (a document number)."""
    try:
        return day_words(date.fromisoformat(found.group()))
    except ValueError:
        return found.group()
