"""Languages as XLSForm authors write them, and the short codes that a checklist uses."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"[(（\[]\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*[)）\]]")
_NAMES = {
    "english": "en", "french": "fr", "français": "fr", "francais": "fr", "spanish": "es",
    "español": "es", "espanol": "es", "portuguese": "pt", "português": "pt", "arabic": "ar",
    "العربية": "ar", "russian": "ru", "русский": "ru", "chinese": "zh", "中文": "zh",
    "汉语": "zh", "普通话": "zh", "simplified chinese": "zh-Hans", "简体中文": "zh-Hans",
    "traditional chinese": "zh-Hant", "繁体中文": "zh-Hant", "繁體中文": "zh-Hant",
    "hindi": "hi", "हिन्दी": "hi", "bengali": "bn", "bangla": "bn", "urdu": "ur", "nepali": "ne",
    "swahili": "sw", "kiswahili": "sw", "amharic": "am", "somali": "so", "hausa": "ha",
    "german": "de", "deutsch": "de", "italian": "it", "dutch": "nl", "japanese": "ja",
    "日本語": "ja", "korean": "ko", "한국어": "ko", "vietnamese": "vi", "thai": "th",
    "indonesian": "id", "malay": "ms", "burmese": "my", "khmer": "km", "lao": "lo",
    "turkish": "tr", "persian": "fa", "farsi": "fa", "dari": "prs", "pashto": "ps",
    "kurdish": "ku", "ukrainian": "uk", "polish": "pl", "greek": "el", "hebrew": "he",
    "tibetan": "bo", "藏语": "bo", "uyghur": "ug", "维吾尔语": "ug", "mongolian": "mn",
    "蒙古语": "mn", "haitian creole": "ht", "creole": "ht", "tagalog": "tl", "filipino": "fil",
    "cebuano": "ceb", "tamil": "ta", "telugu": "te", "sinhala": "si", "yoruba": "yo",
    "igbo": "ig", "zulu": "zu", "kinyarwanda": "rw", "英文": "en", "英语": "en",
}  # fmt: skip
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def code(written: str) -> str:
    """The code of a language as written, such as ``English (en)``; empty where there is none."""
    inside = _IN_BRACKETS.search(written)
    if inside is not None:
        return inside.group(1).replace("_", "-")
    name = " ".join(written.split()).casefold()
    if name in _NAMES:
        return _NAMES[name]
    if _CODE.fullmatch(written.strip()) and len(re.split("[-_]", written.strip())[0]) <= 3:
        return written.strip().replace("_", "-")
    return ""


def coined(written: str, taken: set[str]) -> str:
    """A code for a language that has none, different from those taken: ``mis-bisaya``."""
    letters = re.sub(r"[^a-z0-9]", "", written.casefold())[:8]
    stem = letters if len(letters) >= 2 else "lang"
    name, n = f"mis-{stem}", 1
    while name in taken:
        n += 1
        name = f"mis-{stem[:6]}{n}"
    return name


def guessed(text: str) -> str:
    """The language of texts that nobody named: Chinese where there are Chinese characters."""
    return "zh" if _CJK.search(text) else "und"
