"""The beginning of a new checklist: a file that passes lint and teaches the format by example."""

from __future__ import annotations

import json

from fieldkit.domain.checklist import KINDS, clean_text
from fieldkit.errors import Problem
from fieldkit.text.i18n import _

_HEAD = """\
# yaml-language-server: $schema=schema/checklist.schema.json
# 井号后面是说明，程序不读。键和值之间是半角冒号加一个空格；缩进用空格，不用 Tab。
# 改完运行 fieldkit checklist lint 这个文件，再用 fieldkit checklist test 试填。
id: {id}            # 编号，与文件名相同
version: "2026.01"  # 年.月，加引号；改动内容就改版本
kind: {kind}    # inspection 检查（计分），record 登记（不计分）
title: {title}
language: zh
target: 写明检查谁、填给谁看
boundary: 写明由谁开展、可以做什么、不可以做什么；不记姓名、电话、证件
"""

_INSPECTION = """\
# supervision 督导，assessment 评估，guidance 宣传指导，joint 协同，referral 移交
nature: guidance
site_kinds: [village, estate]  # 适用的对象类别；删去这一行表示都适用
cadence: quarterly  # 多久查一次；不定期就删去

# 否决项不合格的后果：ineligible 不予评定，fail_target 未达标，refer 移交而等次照评。
critical_effect: ineligible

# 等次从高到低，at_least 是得分率的百分数；最后一级从 0 起。
grades:
  - {id: good, title: 良好, at_least: 90}
  - {id: fair, title: 合格, at_least: 60}
  - {id: poor, title: 待整改, at_least: 0}

# 依据的代号和全称；检查项的 source 写“代号 条款”。
sources:
  方案: 本镇实施方案（写全称、文号和日期）
  实务: 基层实务经验，不是规定

# 几题合用的选项表；题里用 params 的 list 引用。
lists:
  channels:
    - {id: board, title: 公告栏}
    - {id: group, title: 微信群}
    - {id: talk, title: 上门宣讲}

sections:
  - id: work
    title: 工作情况
    items:
      # check 是否题。weight 是分值，全表合计 100；criterion 写合格标准，evidence 从不强制。
      - id: A01
        text: 有专人负责宣传
        type: check
        criterion: 有名册并写明分工
        evidence: 名册封面
        weight: 20
        source: [方案 一, 实务]
        phrases: [名册齐全, 正在调整]

      # 否决项写 critical: true；mode 写 open 明察、covert 暗访，不写是两种都查。
      - id: A02
        text: 没有乱收费、搭车销售
        type: check
        criterion: 现场没有发现
        weight: 20
        critical: true
        source: [方案 二]

      # sample 抽样题：抽 10 户，合格的占 80% 以上；填 9/10。
      - id: A03
        text: 抽问住户知道举报电话
        type: sample
        criterion: 抽 10 户（不足全查），80% 以上知道
        weight: 30
        params: {draw: 10, at_least: 80, unit: 户}
        source: [方案 三]

      # recency 时效题：最近一次距检查日不超过 31 天。
      - id: A04
        text: 最近一次集中宣传
        type: recency
        criterion: 31 天内有一次
        weight: 20
        params: {max_days: 31}
        source: [方案 三]

  - id: reach
    title: 宣传渠道
    items:
      # choices 多选题：at_least 至少几项算合格。
      - id: B01
        text: 用到的宣传渠道
        type: choices
        criterion: 两种以上
        weight: 10
        params: {list: channels, at_least: 2}
        source: [方案 三]

      # relevant：条件成立才问。${B01} 是那一题的答案；条件要加引号。
      - id: B02
        text: 微信群数
        type: count
        criterion: 如实填写
        relevant: "selected(${B01}, 'group')"
        # constraint：答案要符合的条件，. 是这一题的答案；不符合时显示 message。
        constraint: ". <= 500"
        message: 群数太多，请核对
        required: false
        params: {unit: 个}
        source: [实务]

      # repeat 重复组：有几处就问几遍；里面的题不计分。
      - id: B03
        text: 宣传栏
        type: repeat
        required: false
        params: {most: 20, unit: 处}
        source: [实务]
        items:
          - id: B03_days
            text: 多少天没有更新
            type: count
            criterion: 不超过 90 天
            params: {unit: 天}
            source: [实务]

      # calculated 计算题：由别的答案算出，不用填；给了 at_most 就可以计分。
      - id: B04
        text: 更新最慢的宣传栏
        type: calculated
        calculate: "max(${B03_days})"
        relevant: "${B03} > 0"
        required: false
        weight: 0
        criterion: 不超过 90 天
        params: {at_most: 90, unit: 天}

      # info 提示，不用作答。
      - id: B05
        text: 检查结束前把问题当面讲清楚
        type: info
        required: false
"""

_RECORD = """\
site_kinds: [door]  # 适用的对象类别；删去这一行表示都适用

# 几题合用的选项表；题里用 params 的 list 引用。多出的列供 filter 使用。
lists:
  outcomes:
    - {id: met, title: 已面宣}
    - {id: absent, title: 无人}
    - {id: refused, title: 拒绝}
  times:
    - {id: morning, title: 上午, day: weekend}
    - {id: evening, title: 晚上, day: weekday}

sections:
  - id: visit
    title: 走访
    items:
      # choice 单选题。criterion 是填写说明。
      - id: R01
        text: 结果
        type: choice
        criterion: 只记这一次的结果
        params: {list: outcomes}

      # relevant：条件成立才问。${R01} 是那一题的答案；条件要加引号。
      - id: R02
        text: 面宣人数
        type: count
        relevant: "${R01} = 'met'"
        # default：建议的答案，写成表达式；constraint 不符合时显示 message。
        default: "1"
        constraint: ". >= 1"
        message: 面宣了就至少有 1 人
        params: {unit: 人}

      # group 题组：一起问，一起跳过。
      - id: R03
        text: 再访
        type: group
        relevant: "${R01} = 'absent'"
        items:
          - id: R03_day
            text: 约定日期
            type: date
            default: today() + 7
            constraint: ". > today()"
            message: 再访要在今天以后
            params: {future: true}
          # required 也可以写成条件；filter 里直接写列名。
          - id: R03_week
            text: 平日还是周末
            type: choice
            required: "${R03_day} != ''"
            params:
              options:
                - {id: weekday, title: 平日}
                - {id: weekend, title: 周末}
          - id: R03_time
            text: 时段
            type: choice
            required: false
            params: {list: times, filter: "day = ${R03_week}"}

      # repeat 重复组：有几样就问几遍。
      - id: R04
        text: 发放的材料
        type: repeat
        required: false
        params: {most: 5, unit: 种}
        items:
          - id: R04_count
            text: 份数
            type: count
            params: {unit: 份}

      # calculated 计算题：由别的答案算出，不用填。
      - id: R05
        text: 材料合计
        type: calculated
        calculate: sum(${R04_count})
        params: {unit: 份}

      - id: R06
        text: 备注
        type: text
        criterion: 不写姓名、电话、证件
        required: false
        params: {max_length: 100}
"""


def skeleton(checklist_id: str, title: str = "", kind: str = "inspection") -> str:
    """The text of a new checklist's file.

    Raises Problem ``bad-kind`` and ``bad-title`` for what no file could say.
    """
    if kind not in KINDS:
        raise Problem(
            "bad-kind",
            _("没有“{kind}”这种检查表").format(kind=kind[:40]),
            mend=_("可用：{names}。").format(names=" ".join(KINDS)),
        )
    said = title.strip() or (_("新检查表") if kind == "inspection" else _("新登记表"))
    if not clean_text(said) or "\n" in said or len(said) > 200:
        raise Problem(
            "bad-title",
            _("名称太长，或含有看不见的字符"),
            mend=_("请写成一行，不超过 {n} 个字。").format(n=200),
        )
    head = _HEAD.format(id=_word(checklist_id), kind=kind, title=_word(said))
    return head + (_INSPECTION if kind == "inspection" else _RECORD)


def _word(text: str) -> str:
    """A text as YAML has it: in quotes where it could be read as something else."""
    plain = text and text[0].isalpha() and all(c.isalnum() or c in "-_.（）《》、" for c in text)
    words = ("yes", "no", "true", "false", "null", "on", "off", "y", "n")
    return text if plain and text.lower() not in words else json.dumps(text, ensure_ascii=False)
