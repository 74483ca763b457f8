"""Fonts of a report by name, each with the names that stand in for it in Word, WPS and LibreOffice."""

from xml.sax.saxutils import quoteattr

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

BODY, TITLE, HEAD, KAI, SONG, LATIN = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体", "Times New Roman"
STAND_INS = {
    BODY: "仿宋_GB2312,FangSong,STFangsong,方正仿宋_GBK,FZFangSong-Z02",
    TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,SimSun",
    HEAD: "SimHei,方正黑体_GBK,STHeiti,Noto Sans CJK SC",
    KAI: "楷体_GB2312,KaiTi,STKaiti,方正楷体_GBK",
    SONG: "SimSun,STSong,方正书宋_GBK,Noto Serif CJK SC",
    LATIN: "Liberation Serif",
}
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def table_of_fonts() -> bytes:
    """word/fontTable.xml: where a font is missing, the programs take the first of its other names that they know."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(others)}/>"
        f'<w:charset w:val="{"00" if name == LATIN else "86"}"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in STAND_INS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{NAMESPACE}">{fonts}</w:fonts>'.encode()


def set_font(properties, east: str, latin: str = LATIN) -> None:
    """Name the fonts of run properties (`rPr`), for Latin and for Chinese signs each, in place of any theme font."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", east)):
        fonts.set(qn(f"w:{name}"), font)


def put_fonts(document: Document) -> None:
    """The list of fonts with their stand-ins, and no theme font anywhere in the defaults."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = table_of_fonts()
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_font(properties, BODY)
    language = properties.find(qn("w:lang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
