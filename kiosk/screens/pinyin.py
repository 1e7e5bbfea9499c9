"""Characters by their sound, from assets/pinyin; and the surnames most people bear."""

from __future__ import annotations

from functools import cache
from pathlib import Path

CHARACTERS = Path(__file__).resolve().parents[2] / "assets" / "pinyin" / "characters.txt"

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹"
    "彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵"
)
"""Common surnames, roughly by how many bear them; only the order in which characters are offered."""


@cache
def syllables() -> tuple[tuple[str, str], ...]:
    """(syllable, characters) in alphabetical order. Raises OSError where the file is not installed."""
    lines = CHARACTERS.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return tuple((syllable, characters) for syllable, characters in rows)
