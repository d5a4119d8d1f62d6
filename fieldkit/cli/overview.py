"""Every first word of the command line, and ``fieldkit --help``: known without the parser."""

from __future__ import annotations

from fieldkit.text.i18n import N_, _
from fieldkit.text.width import pad

NOUNS: dict[str, tuple[str, str]] = {
    "checklist": ("checklist", N_("检查表：列出、查看、检查写法。")),
    "site": ("site", N_("对象底册：导入、列出、查看。")),
    "inspect": ("inspect", N_("检查：开始、作答、办结、查看。")),
    "visit": ("visit", N_("入户：登记一次走访。")),
    "coverage": ("coverage", N_("覆盖率：资料发放率和面对面宣传率。")),
    "finding": ("finding", N_("问题：列出、交办、整改、复查、销号。")),
    "referral": ("referral", N_("移交单：楼宇级事实移交主管单位，跟到反馈。")),
    "campaign": ("campaign", N_("活动：起止日、阶段、要查的表。")),
    "assignment": ("assignment", N_("交办：谁去哪里用哪张表检查。")),
    "journal": ("journal", N_("日志：核验、重建、导出。")),
    "device": ("device", N_("本机身份和登记卡。")),
    "bundle": ("bundle", N_("数据包：生成、查看、核验。")),
    "send": ("send", N_("送到办公室：文件夹、网络或对象存储，断了接着发。")),
    "receive": ("bundle", N_("收下办公室发来的文件。")),
    "ferry": ("ferry", N_("摆渡：用屏幕上的二维码传数据包，不用优盘和网络。")),
    "office": ("office", N_("办公室：登记设备、合并数据包、出报表。")),
    "report": ("report", N_("文件：核对已出的文件，查每个数的来历。")),
    "purge": ("purge", N_("清除满保存期的内容和照片，留汇总，出清除证明。")),
    "doctor": ("doctor", N_("体检：终端、输入法、数据库、时钟、磁盘。")),
    "demo": ("demo", N_("演示：装入一个虚构的镇。")),
}
"""Each first word, the module that answers it, and its line in ``--help``."""


def about() -> str:
    """What the program is, in a line."""
    return _("fieldkit：反诈专项的现场检查、入户覆盖和办公室合并。不带命令时打开界面。")


def overview() -> str:
    """What ``fieldkit --help`` prints."""
    options = [
        ("--home DIR", _("工作目录。")),
        ("--debug", _("出错时显示详情。")),
        ("-V, --version", _("版本。")),
        ("--help", _("显示这份说明。")),
    ]
    nouns = [(name, _(line)) for name, (_module, line) in NOUNS.items()]
    lines = ["Usage: fieldkit [OPTIONS] COMMAND [ARGS]...", "", f"  {about()}"]
    for title, rows in (("Options:", options), ("Commands:", nouns)):
        lines += ["", title, *(f"  {pad(name, 15)}{text}" for name, text in rows)]
    return "\n".join(lines)
