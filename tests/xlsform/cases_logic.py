"""Conditions, constraints, calculations, defaults, filters, and texts with answers in them."""

from __future__ import annotations

from .forms import Case

HEAD = "survey | type | name | label | relevant | constraint | calculation | required | default\n"
QUESTIONS = """ | integer | n | N
 | text | t | T
 | select_one yn | s | S
 | select_multiple yn | m | M
 | date | d | D
"""
LIST = """
choices | list_name | name | label
 | yn | y | Yes
 | yn | na | Does not apply
 | yn | -99 | Unknown
"""
_ITEM = "/root" + "/item"
_RENAMED = ("3: 选项编号“na”改为 na_", "4: 选项编号“-99”改为 m99")


def _expression(written: str, wanted: str | None, *notes: str) -> Case:
    form = f"{HEAD}{QUESTIONS} | text | q | Q | {written}\n{LIST}"
    return Case(f"relevant {written}", form, {"q.relevant": wanted}, (*_RENAMED, *notes))


def _calculation(written: str, wanted: str, *notes: str) -> Case:
    form = f"{HEAD}{QUESTIONS} | calculate | q | | | | {written}\n{LIST}"
    return Case(f"calculate {written}", form, {"q.calculate": wanted}, (*_RENAMED, *notes))


TRANSLATED = [
    _expression("${n}>5", "${n} > 5"),
    _expression("${ n } >= 1.", "${n} >= 1.0"),
    _expression("${t} = ‘a’ and ${n} != “1”", "${t} = 'a' and ${n} != \"1\""),
    _expression("${n} + 1 * 2 - 3 div 4 mod 5 > -${n}", "${n} + 1 * 2 - 3 div 4 mod 5 > -${n}"),
    _expression("not(${t} = '') or (${n} < 1 and true())",
                "not(${t} = '') or (${n} < 1 and true())"),
    _expression("selected(${s}, 'na')", "selected(${s}, 'na_')"),
    _expression("selected(${m},'y')", "selected(${m}, 'y')"),
    _expression("${s} = 'na' or ${s} != -99", "${s} = 'na_' or ${s} != 'm99'"),
    _expression("'-99' = ${s}", "'m99' = ${s}"),
    _expression("/data/n = 1", "${n} = 1"),
    _expression("/anything/s = 'na'", "${s} = 'na_'"),
    _expression("../n = 1", "${n} = 1"),
    _expression("current()/../n = 1", "${n} = 1"),
    _expression("count-selected(${m}) > 1", "count-selected(${m}) > 1"),
    _expression("regex(${t}, '[a-z]+')", "regex(${t}, '^(?:[a-z]+)$')"),
    _expression("regex(${t}, '^[a-z]+$')", "regex(${t}, '^[a-z]+$')"),
    _expression("regex(${t}, '(?=a)b')", None, "7: 正则式"),
    _expression("${d} > today() - 7", "${d} > today() - 7"),
    _expression("${x} = 1", None, "7: 没有叫“x”的题"),
    _expression("${N} = 1", None, "7: 是不是“n”"),
    _expression("n = 1", None, "7: 是不是 ${n}"),
    _expression("${n} = ", None, "7: 没有写完"),
    _expression("${n} == 1", None, "7: 不该有"),
    _expression("${n} = 1 AND ${n} = 2", None, "7: 不该有"),
    _expression("(${n} = 1", None, "7: 没有写完"),
    _expression("${n} = 'it's'", None, "7: 没有导入"),
    _expression("random() > 0.5", None, "7: 随机数"),
    _expression(f"instance('yn'){_ITEM}[name='y']/label = 'Yes'", None, "7: instance()"),
    _expression("pulldata('a','b','c',${t}) = 1", None, "7: pulldata()"),
    _expression("indexed-repeat(${n}, ${n}, 1) = 1", None, "7: indexed-repeat()"),
    _expression("${last-saved#n} = 1", None, "7: 上一份"),
    _expression("//n = 1", None, "7: //"),
    _expression("/data/*/n = 1", None, "7: *"),
    _expression("../nothing = 1", None, "7: 没有指到"),
    _expression("../../../n = 1", None, "7: 表外"),
    _expression("${n}[. > 1] = 1", None, "7: 条件"),
    _expression("(${n} ¦ ${t}) = 1", None, "7: |"),
    _expression("cos(${n}) > 0", None, "7: cos()"),
    _expression(". = 1", None, "7: 没有导入"),
    _expression(f"{'(' * 70}1{')' * 70} = 1", None, "7: 太深"),
]  # fmt: skip
CALCULATED = [
    _calculation("if(${n} > 1, 'a', 'b')", "if(${n} > 1, 'a', 'b')"),
    _calculation("jr:choice-name(${s}, '${s}')", "label(${s})"),
    _calculation("jr:choice-name( ${s} ,'/data/s')", "label(${s})"),
    _calculation("jr:choice-name(${t}, '${t}')", "''", "7: jr:choice-name()"),
    _calculation("instance('yn')" + _ITEM + "[name = ${s}]/label", "label(${s})"),
    _calculation("coalesce(${t}, ${n})", "coalesce(${t}, ${n})"),
    _calculation("concat(${t}, ' ', ${n})", "concat(${t}, ' ', ${n})"),
    _calculation("round(${n} div 3, 2)", "round(${n} div 3, 2)"),
    _calculation("int(${n} * 1.5)", "int(${n} * 1.5)"),
    _calculation("format-date(${d}, '%Y-%m-%d')", "format-date(${d}, '%Y-%m-%d')"),
    _calculation("format-date-time(${d}, '%d/%m')", "format-date(${d}, '%d/%m')"),
    _calculation("format-date-time(${d}, '%H:%M')", "''", "7: 时刻"),
    _calculation("floor(${n})", "if((${n}) < int(${n}), int(${n}) - 1, int(${n}))"),
    _calculation("substr(${t}, 0, 3)", "substr(${t}, 0, 3)"),
    _calculation("string-length(normalize-space(${t}))", "string-length(normalize-space(${t}))"),
    _calculation("now()", "''", "7: today()"),
    _calculation("uuid()", "''", "7: 随机编号"),
    _calculation("once(${n})", "once(${n})"),
    _calculation("position(..)", "''", "7: position()"),
    _calculation("${q} + 1", "''", "7: 一个圈"),
    _calculation(". + 1", "''", "7: 一个圈"),
]
FORMS = [
    Case("constraint with its message",
         "survey|type|name|label|constraint|constraint_message\n|integer|q|Q|. > 0 and . < 9|No!",
         {"q.constraint": ". > 0 and . < 9", "q.message": "No!"}),
    Case("a message without a constraint",
         "survey|type|name|label|constraint_message\n|integer|q|Q|No!",
         {"q.message": None}, ("2: 没有约束条件",)),
    Case("own options in a constraint",
         "survey|type|name|label|constraint\n|select_multiple l|q|Q|"
         "not(selected(., 'none') and count-selected(.) > 1)\n"
         "choices|list_name|name|label\n|l|a|A\n|l|none|None",
         {"q.constraint": "not(selected(., 'none_') and count-selected(.) > 1)"}, ("3: none_",)),
    *(Case(f"required {said}", f"survey|type|name|label|required\n|text|q|Q|{said}",
           {"q.required": wanted})
      for said, wanted in (("yes", True), ("TRUE", True), ("true()", True), ("no", False),
                           ("", False), ("false()", False))),
    Case("required by a condition",
         "survey|type|name|label|required\n|text|a|A|\n|text|q|Q|${a} != ''",
         {"q.required": "${a} != ''"}),
    Case("the words of a required question",
         "survey|type|name|label|required|required_message\n|text|q|Q|yes|Fill in",
         {"q.required": True}, ("2: 必答的提示语",)),
    Case("read only", "survey|type|name|label|read_only|default\n|text|q|Q|yes|a",
         {"q.read_only": True, "q.default": "'a'"}),
    Case("read only by a condition", "survey|type|name|label|readonly\n|text|q|Q|1 = 1",
         {"q.read_only": None}, ("2: 只读",)),
    Case("a calculation that nobody can change",
         "survey|type|name|label|read_only|calculation\n|integer|q|Q|yes|1 + 1",
         {"q.type": "calculated", "q.calculate": "1 + 1", "q.required": None}),
    Case("a note that shows a result", "survey|type|name|label|calculation\n|note|q|Q|1 + 1",
         {"q.type": "calculated", "q.calculate": "1 + 1"}),
    Case("a calculation that can be changed",
         "survey|type|name|label|calculation\n|text|q|Q|1 + 1",
         {"q.type": "text", "q.default": "1 + 1"}, ("2: 不再重算",)),
    Case("a calculation without one", "survey|type|name|label\n|calculate|q|",
         {"q.calculate": "''"}, ("2: 没有计算式",)),
    Case("a calculation from its default",
         "survey|type|name|label|default\n|text|a|A|\n|calculate|q||today() - 1",
         {"q.calculate": "once(today() - 1)"}),
    Case("when to calculate", "survey|type|name|label|calculation|trigger\n"
         "|text|a|A||\n|calculate|q||1|${a}", {"q.calculate": "1"}, ("3: 时机",)),
    *(Case(f"default {kind} {said}", f"survey|type|name|label|default\n|{kind}|q|Q|{said}",
           {"q.default": wanted}, notes)
      for kind, said, wanted, notes in (
          ("text", "abc", "'abc'", ()), ("text", "it's", '"it\'s"', ()), ("text", "5", "'5'", ()),
          ("text", "a - b", "'a - b'", ()), ("text", "N/A", "'N/A'", ()),
          ("text", "concat('a', 'b')", "concat('a', 'b')", ()),
          ("integer", "5", "5", ()), ("decimal", "-1.50", "-1.50", ()),
          ("integer", "2 + 3", "2 + 3", ()), ("integer", "many", None, ("2: 不是数",)),
          ("date", "2026-11-22", "'2026-11-22'", ()), ("date", "today()", "today()", ()),
          ("date", "soon", None, ("2: 不是日期",)), ("text", "uuid()", None, ("2: 随机编号",)),
          ("image", "a.png", None, ("2: 拍照题", "2: 没有默认答案")),
      )),
    Case("a default that was renamed",
         "survey|type|name|label|default\n|select_one l|q|Q|na\n|select_multiple l|m|M|a na\n"
         "choices|list_name|name|label\n|l|a|A\n|l|na|None",
         {"q.default": "'na_'", "m.default": "'a na_'"}, ("3: na_",)),
    Case("choice_filter",
         "survey|type|name|label|choice_filter\n|select_one c|c|C|\n|select_one t|t|T|county=${c}\n"
         "choices|list_name|name|label|county\n|c|x|X|\n|t|a|A|x\n|t|b|B|x",
         {"t.params": {"list": "t", "filter": "county = ${c}"}, "t/a.county": "x"}),
    Case("choice_filter by name and over a path",
         "survey|type|name|label|choice_filter\n|text|c|C|\n"
         "|select_one t|t|T|name != current()/../c\nchoices|list_name|name|label\n|t|a|A\n|t|b|B",
         {"t.params.filter": "id != ${c}"}),
    Case("choice_filter over another list's renamed options",
         "survey|type|name|label|choice_filter\n|select_one c|c|C|\n|select_one t|t|T|county=${c}\n"
         "choices|list_name|name|label|county\n|c|none|X|\n|t|a|A|none",
         {"t.params.filter": "county = ${c}", "t/a.county": "none_"}, ("2: none_",)),
    Case("choice_filter by a column that is not there",
         "survey|type|name|label|choice_filter\n|select_one t|t|T|county = 'x'\n"
         "choices|list_name|name|label\n|t|a|A", {"t.params": {"list": "t"}}, ("2: county",)),
    Case("choice_filter by a path of the option",
         "survey|type|name|label|choice_filter\n|text|c|C|\n|select_one t|t|T|name = ../c\n"
         "choices|list_name|name|label\n|t|a|A", {"t.params": {"list": "t"}},
         ("3: choice_filter",)),
    Case("choice_filter without a choice",
         "survey|type|name|label|choice_filter\n|text|t|T|1=1", {}, ("2: 只有选择题",)),
    Case("answers in texts",
         "survey|type|name|label|hint|constraint|constraint_message\n|text|a|A||||\n"
         "|text|q|Is it ${a}?|not ${ a }|. != ''|no ${a}",
         {"q.text": "Is it ${a}?", "q.criterion": "not ${a}", "q.message": "no ${a}"}),
    Case("answers in texts that are none",
         "survey|type|name|label\n|begin group|g|G\n|text|q|Is it ${b} or ${g}?\n|end group||",
         {"q.text": "Is it 〔b〕 or 〔g〕?"}, ("3: “b”没有代入", "3: “g”没有代入")),
    Case("an answer that was not imported",
         "survey|type|name|label|relevant\n|deviceid|x||\n|text|q|Q|${x} = 1",
         {"q.relevant": None}, ("2: 由采集程序", "3: 没有导入")),
    Case("conditions that go round",
         "survey|type|name|label|relevant\n|text|a|A|${b} = 1\n|text|b|B|${a} = 1",
         {"a.relevant": "${b} = 1", "b.relevant": None}, ("3: 一个圈",)),
    Case("a group that depends on what is in it",
         "survey|type|name|label|relevant\n|begin group|g|G|${a} = 1\n|text|a|A|\n|end group|||",
         {"g.relevant": None, "a": ...}, ("2: 一个圈",)),
]  # fmt: skip
CASES = [*TRANSLATED, *CALCULATED, *FORMS]
