"""Sheets, headers, languages, groups, names, options, settings."""

from __future__ import annotations

from .forms import Case

_L = "choices|list_name|name|label\n|l|a|A\n|l|b|B"
HEADERS = [
    Case(f"header {header}", f"survey|type|name|label|{header}\n|text|q|Q|{cell}", {path: wanted})
    for header, cell, path, wanted in (
        ("relevance", "1 = 1", "q.relevant", "1 = 1"),
        ("Relevant", "1 = 1", "q.relevant", "1 = 1"),
        ("bind::relevant", "1 = 1", "q.relevant", "1 = 1"),
        ("bind: relevant", "1 = 1", "q.relevant", "1 = 1"),
        ("bind:constraint", ". = 1", "q.constraint", ". = 1"),
        ("Constraint", ". = 1", "q.constraint", ". = 1"),
        ("read only", "yes", "q.read_only", True),
        ("readonly", "yes", "q.read_only", True),
        ("Required", "yes", "q.required", True),
        ("bind::required", "yes", "q.required", True),
        ("HINT", "h", "q.criterion", "h"),
        ("hint ", "h", "q.criterion", "h"),
    )
] + [
    Case("the oldest headers", "survey|command|tag|caption\n|text|q|Q", {"q.text": "Q"}),
    Case("headers in capitals", "SURVEY|Type|NAME|Label\n|text|q|Q", {"q.text": "Q"}),
    Case("message as a bind",
         "survey|type|name|label|bind::constraint|bind::jr:constraintMsg\n|text|q|Q|. = 1|No",
         {"q.message": "No"}),
    Case("message with spaces",
         "survey|type|name|label|constraint|constraint message\n|text|q|Q|. = 1|No",
         {"q.message": "No"}),
    Case("a column twice", "survey|type|name|label|relevant|relevance\n|text|q|Q|1 = 1|2 = 2",
         {"q.relevant": "1 = 1"}, ("1: 重复",)),
    Case("a column of the author's own", "survey|type|name|label|remarks\n|text|q|Q|x",
         {"q": ...}, ("1: 这一列",)),
    Case("an empty column of the author's own", "survey|type|name|label|remarks\n|text|q|Q|",
         {"q": ...}),
    Case("what a question looks like", "survey|type|name|label|appearance\n|text|q|Q|multiline",
         {"q": ...}, ("2: multiline",)),
    Case("media in every spelling",
         "survey|type|name|label|media::image|image|audio::en\n|text|q|Q|a.png|b.png|c.mp3",
         {"q": ...}, ("2: a.png", "2: b.png", "2: c.mp3")),
    Case("a guidance hint for want of a hint",
         "survey|type|name|label|guidance_hint\n|text|q|Q|look",
         {"q.criterion": "look"}, ("2: 写进了",)),
    Case("a guidance hint beside a hint",
         "survey|type|name|label|hint|guidance_hint\n|text|q|Q|h|look",
         {"q.criterion": "h"}, ("2: 没有导入",)),
]  # fmt: skip
LANGUAGES = [
    Case("two languages, the first is the default",
         "survey|type|name|label::English (en)|label::中文 (zh)\n|text|q|Q|问",
         {"@language": "en", "q.text": "Q", "q.translations": {"zh": {"text": "问"}}}),
    Case("the default language of the settings",
         "survey|type|name|label::English (en)|label::中文 (zh)\n|text|q|Q|问\n"
         "settings|default_language\n|中文 (zh)",
         {"@language": "zh", "q.text": "问", "q.translations": {"en": {"text": "Q"}}}),
    Case("the default language by its code alone",
         "survey|type|name|label::English (en)|label::Français (fr)\n|text|q|Q|Quoi\n"
         "settings|default_language\n|fr", {"@language": "fr", "q.text": "Quoi"}),
    Case("a column without a language beside one with",
         "survey|type|name|label|label::fr\n|text|q|Q|Quoi",
         {"q.text": "Q", "q.translations": {"fr": {"text": "Quoi"}}}),
    Case("single colons", "survey|type|name|label:en|label:fr\n|text|q|Q|Quoi",
         {"@language": "en", "q.translations": {"fr": {"text": "Quoi"}}}),
    Case("names of languages", "survey|type|name|label::Swahili|label::Français\n|text|q|Q|Quoi",
         {"@language": "sw", "q.translations": {"fr": {"text": "Quoi"}}}),
    Case("a language nobody knows", "survey|type|name|label|label::Bisaya!\n|text|q|Q|Unsa",
         {"q.translations": {"mis-bisaya": {"text": "Unsa"}}}, ("1: mis-bisaya",)),
    Case("a text in another language only",
         "survey|type|name|label::en|label::fr\n|text|q||Quoi", {"q.text": "Quoi"}),
    Case("hints and messages in two languages",
         "survey|type|name|label::en|hint::en|hint::fr|constraint|constraint_message::en|"
         "constraint_message::fr\n|text|q|Q|h|t|. = 1|m|n",
         {"q.criterion": "h", "q.message": "m",
          "q.translations": {"fr": {"criterion": "t", "message": "n"}}}),
    Case("options in two languages",
         "survey|type|name|label::en|label::fr\n|select_one l|q|Q|Q\n"
         "choices|list_name|name|label::en|label::fr\n|l|a|Yes|Oui\n|l|b|No|Non",
         {"l/a.title": "Yes", "l/a.translations": {"fr": {"title": "Oui"}}}),
    Case("Chinese without a name", "survey|type|name|label\n|text|q|你好", {"@language": "zh"}),
    Case("a text over two lines", "survey|type|name|label\n|text|q|a\\nb  c",
         {"q.text": "a b c"}),
    Case("a text that is too long", f"survey|type|name|label\n|text|q|{'x' * 1200}",
         {"q": ...}, ("2: 1000",)),
    Case("nothing to read", "survey|type|name|label\n|text|q|", {"q.text": "q"}),
]  # fmt: skip
GROUPS = [
    Case("groups and repeats",
         "survey|type|name|label\n|text|a|A\n|begin group|g|G\n|text|b|B\n|begin_repeat|r|R\n"
         "|text|c|C\n|end_repeat||\n|end_group||\n|text|d|D",
         {"g.type": "group", "r.type": "repeat", "g.text": "G"}, order="a g(b r(c)) d"),
    *(Case(f"{word} repeats", f"survey|type|name|label\n|begin {word}|r|R\n|text|c|C\n"
           f"|end {word}||", {"r.type": "repeat"}, order="r(c)")
      for word in ("lgroup", "looped group", "repeat")),
    Case("how often", "survey|type|name|label|repeat_count\n|integer|n|N|\n"
         "|begin repeat|r|R|${n} + 1\n|text|c|C|\n|end repeat|||", {"r.count": "${n} + 1"}),
    Case("how often, as a number",
         "survey|type|name|label|jr:count\n|begin repeat|r|R|3\n|text|c|C|\n|end repeat|||",
         {"r.count": "3"}),
    Case("sums over a repeat",
         "survey|type|name|label|calculation\n|begin repeat|r|R|\n|integer|c|C|\n"
         "|calculate|p||position(..)\n|end repeat|||\n|calculate|s||sum(${c}) + count(${r})",
         {"s.calculate": "sum(${c}) + ${r}", "p.calculate": "position()"}),
    Case("a condition of a group",
         "survey|type|name|label|relevant\n|text|a|A|\n|begin group|g|G|${a} = 1\n|text|b|B|\n"
         "|end group|||", {"g.relevant": "${a} = 1"}),
    Case("a path into a group", "survey|type|name|label|relevant\n|begin group|g|G|\n|text|b|B|\n"
         "|end group|||\n|text|q|Q|/data/g/b = 1\n|text|w|W|../g/b = 2",
         {"q.relevant": "${b} = 1", "w.relevant": "${b} = 2"}),
    Case("an empty group", "survey|type|name|label\n|text|a|A\n|begin group|g|G\n|end group||",
         {"g": None}, ("3: 空的",)),
    Case("a group of metadata only",
         "survey|type|name|label\n|begin group|g|G\n|start|s|\n|end group||\n|text|a|A",
         {"g": None}, ("3: 由采集程序",)),
    Case("a group without an end", "survey|type|name|label\n|begin group|g|G\n|text|a|A",
         {}, ("2: 没有结尾",), "g(a)"),
    Case("an end without a group", "survey|type|name|label\n|text|a|A\n|end group||\n|text|b|B",
         {}, ("3: 没有对应的开头",), "a b"),
    Case("ends in the wrong order",
         "survey|type|name|label\n|begin group|g|G\n|begin repeat|r|R\n|text|a|A\n|end group||\n"
         "|text|b|B", {}, ("5: 一并结束",), "g(r(a)) b"),
    Case("what groups cannot have",
         "survey|type|name|label|hint|required|appearance\n|begin group|g|G|h|yes|field-list\n"
         "|text|a|A|||\n|end group||||", {}, ("2: 没有提示", "2: 没有这一项", "2: field-list")),
    Case("a loop", "survey|type|name|label\n|begin loop over l|x|X\n|text|n|How many %(label)s\n"
         f"|end loop||\n{_L}", {"n.text": "How many A", "n_2.text": "How many B"},
         ("2: 没有题目用到", "3: 改为 n_2"), "x(a(n) b(n_2))"),
    Case("deeper than a checklist goes",
         "survey|type|name|label\n" + "\n".join(f"|begin group|g{n}|G" for n in range(8))
         + "\n|text|a|A\n" + "|end group||\n" * 8, {},
         ("8: 并入上一层", "9: 并入上一层"), "g0(g1(g2(g3(g4(g5(a))))))"),
]  # fmt: skip
NAMES = [
    Case("a name twice in two groups",
         "survey|type|name|label|relevant\n|begin group|g|G|\n|text|a|A|\n|text|b|B|${a} = 1\n"
         "|end group|||\n|begin group|h|H|\n|text|a|A|\n|text|c|C|${a} = 2\n|end group|||",
         {"b.relevant": "${a} = 1", "c.relevant": "${a_2} = 2"}, ("7: 改为 a_2",),
         "g(a b) h(a_2 c)"),
    Case("a name that could mean two",
         "survey|type|name|label|relevant\n|begin group|g|G|\n|text|a|A|\n|end group|||\n"
         "|begin group|h|H|\n|text|a|A|\n|end group|||\n|text|c|C|${a} = 2",
         {"c.relevant": None}, ("6: 改为 a_2", "8: 不止一道")),
    Case("names that differ in case alone",
         "survey|type|name|label|relevant\n|text|a|A|\n|text|A|B|${a} = ${A}",
         {"A_2.relevant": None}, ("3: 改为 A_2", "3: 一个圈")),
    Case("a name that does not fit",
         "survey|type|name|label|relevant\n|text|my:age|A|\n|text|q|Q|${my:age} = 1",
         {"my_age": ..., "q.relevant": "${my_age} = 1"}, ("2: 改为 my_age",)),
    Case("names in Chinese",
         "survey|type|name|label|relevant\n|text|年龄|A|\n|text|q|Q|${年龄} = 1",
         {"q.relevant": "${年龄} = 1"}),
    Case("a note without a name", "survey|type|name|label\n|note||Hello", {"note_2.text": "Hello"}),
    Case("a question without a name", "survey|type|name|label\n|text||Hello",
         {"row_2.text": "Hello"}, ("2: 没有名称",)),
    Case("a row without a type", "survey|type|name|label\n|text|a|A\n||b|B\n|||\n|text|c|C", {},
         ("3: 没有题型",), "a c"),
    Case("a comment", "survey|type|name|label|hint\n|text|a|A|\n||||a remark", {}, ("3: 说明",)),
    Case("a row that is switched off", "survey|type|name|label|disabled\n|text|a|A|\n|text|b|B|yes",
         {}, ("3: 停用",), "a"),
    Case("other, please say", f"survey|type|name|label\n|select_one l or_other|q|Q\n{_L}",
         {"q_other.relevant": "selected(${q}, 'other')", "l/other.title": "Other"},
         order="q q_other"),
    Case("other that is there already",
         "survey|type|name|label\n|select_multiple l or other|q|Q\n"
         "choices|list name|name|label\n|l|a|A\n|l|other|Else", {"l/other.title": "Else"},
         order="q q_other"),
]  # fmt: skip
OPTIONS = [
    Case("value for name", "survey|type|name|label\n|select_one l|q|Q\n"
         "choices|List Name|value|Label\n|l|a|A", {"l/a.title": "A"}),
    Case("external choices", "survey|type|name|label|choice_filter\n"
         "|select_one_external l|q|Q|k = 'x'\nexternal_choices|list_name|name|label|k\n|l|a|A|x",
         {"q.params": {"list": "l", "filter": "k = 'x'"}}),
    Case("options that cannot be ids",
         "survey|type|name|label\n|select_one l|q|Q\nchoices|list_name|name|label\n"
         "|l|a b|A\n|l|_x|B\n|l|$|C\n|l|unseen|D\n|l|男|E",
         {"l/a_b": ..., "l/_x": ..., "l/o": ..., "l/unseen_": ..., "l/男": ...},
         ("2: a_b", "4: o", "5: unseen_")),
    Case("an option twice", "survey|type|name|label\n|select_one l|q|Q\n"
         "choices|list_name|name|label|k\n|l|a|A|1\n|l|a|B|2\n"
         "settings|allow_choice_duplicates\n|yes", {"l/a_2.title": "B"}, ("3: 重复",)),
    Case("options with gaps", "survey|type|name|label\n|select_one l|q|Q\n"
         "choices|list_name|name|label\n|l|a|\n|l||B\n||c|C", {"l/a.title": "a"},
         ("3: 没有选项编号", "4: 没有选项表的名称")),
    Case("a picture of an option", "survey|type|name|label\n|select_one l|q|Q\n"
         "choices|list_name|name|label|media::image\n|l|a|A|a.png", {"l/a": ...}, ("2: 图片",)),
    Case("a list's name that does not fit", "survey|type|name|label\n|select_one l!m|q|Q\n"
         "choices|list_name|name|label\n|l!m|a|A", {"q.params.list": "l_m"}, ("2: 改名",)),
    Case("columns that cannot be columns", "survey|type|name|label|choice_filter\n"
         "|select_one l|q|Q|id = 'x'\nchoices|list_name|name|label|id|my col\n|l|a|A|x|y",
         {"l/a.c_id": "x", "l/a.my_col": "y", "q.params.filter": "c_id = 'x'"},
         ("1: c_id", "1: my_col")),
    Case("options from answers",
         "survey|type|name|label\n|begin repeat|r|R\n|text|n|N\n|end repeat||\n"
         "|select_one ${n}|q|Q", {"q.type": "text"}, ("5: ${n}",)),
]  # fmt: skip
SETTINGS = [
    Case(f"settings {header} {said}",
         f"survey|type|name|label\n|text|q|Q\nsettings|{header}\n|{said}",
         {f"@{key}": wanted}, notes)
    for header, said, key, wanted, notes in (
        ("form_title", "My form", "title", "My form", ()),
        ("form_id", "my_form", "id", "my_form", ()),
        ("id_string", "my_form", "id", "my_form", ()),
        ("form_id", "my form 表", "id", "my-form", ("2: my-form",)),
        ("version", "2026.03", "version", "2026.03", ()),
        ("version", "v5", "version", "2026.11", ("2: v5",)),
        ("form_title", "", "title", "form", ()),
        ("public_key", "abc", "id", "form", ("2: abc",)),
    )
] + [
    Case("a title among the questions",
         "survey|type|name|label\n|set form title|Mine|\n|text|q|Q", {"@title": "Mine"}),
    Case("sheets without a counterpart",
         "survey|type|name|label\n|text|q|Q\nentities|list_name|label\n|a|b", {}, ("1: 工作表",)),
    Case("a record", "survey|type|name|label\n|text|q|Q", {"@kind": "record"}),
]  # fmt: skip
CASES = [*HEADERS, *LANGUAGES, *GROUPS, *NAMES, *OPTIONS, *SETTINGS]
