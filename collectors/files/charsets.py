"""Opens text that people bring: plain or gzipped, in UTF-8, UTF-16, GB18030 or Big5, damaged or not."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from charset_normalizer import from_bytes

from collectors.files.rows import FileError

SAMPLE_BYTES = 1 << 20
LARGEST_TEXT = 8 << 30
"""Bytes after unpacking; a gzip bomb ends here with a sentence instead of a full disk or memory."""
LONGEST_LINE = 4 << 20
"""Characters of one physical line."""

FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起"
    "還發開關長門問間個們這國來時後對學會過說為與無請區號電動點機車員報務業經營東馬見論書標題內容評論轉發閱讀數據發佈帳號鏈接"
    "标题内容时间账号发布正文评论转发点赞阅读链接平台名称微博市区县政府"
)
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8(带BOM)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB18030(GBK)",
    "big5hkscs": "Big5",
}


def is_gzip(head: bytes) -> bool:
    return head[:2] == b"\x1f\x8b"


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked on the way where it is gzipped."""
    with path.open("rb") as file:
        packed = is_gzip(file.read(2))
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def read_head(path: Path, size: int = SAMPLE_BYTES) -> bytes:
    """The first bytes after unpacking."""
    try:
        with open_bytes(path) as file:
            return file.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileError("压缩文件已损坏，无法解开：请重新压缩或直接提供原文件") from error
    except OSError as error:
        raise FileError(f"文件无法读取({error.strerror or error})：请检查文件是否存在、是否有权限") from error


def detect(sample: bytes) -> str:
    """Python's name of the encoding that the sample is in.

    Sound rules first: a byte order mark; well-formed UTF-8 (a damaged byte here and there does not make it another encoding);
    then whichever legacy encoding turns more of the text into frequent characters. The detector library decides only what
    these rules leave open.
    """
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(sample) > 3 and sample[1::2].count(0) > 0.3 * len(sample):
        return "utf-16-le"
    if len(sample) > 3 and sample[::2].count(0) > 0.3 * len(sample):
        return "utf-16-be"
    if not re.search(rb"[\x80-\xff]", sample):
        return "utf-8"
    as_utf8 = sample.decode("utf-8", "replace")
    broken = as_utf8[:-3].count("\ufffd")
    whole = sum(1 for char in as_utf8 if char > "\x7f") - broken
    if broken == 0 or whole >= 8 * broken:
        return "utf-8"
    scores = {name: _likelihood(sample, name) for name in ("gb18030", "big5hkscs")}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.08:
        return best
    found = from_bytes(sample[:65536], cp_isolation=["utf_8", "gb18030", "big5hkscs", "utf_16"]).best()
    return found.encoding.replace("_", "-") if found and found.encoding != "big5hkscs" else (found.encoding if found else best)


def _likelihood(sample: bytes, encoding: str) -> float:
    text = sample[: 1 << 18].decode(encoding, "replace")
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 0.0
    hits = sum(char in FREQUENT for char in foreign) - sum(char == "\ufffd" for char in foreign[:-1])
    rare = sum("\ue000" <= char <= "\uf8ff" or not ("\u3000" <= char <= "\u9fff" or char > "\ufeff") for char in foreign)
    return (hits - 0.3 * rare) / len(foreign)


class _Counted(io.RawIOBase):
    """Bytes on their way to the decoder: counted, bounded, and with a broken archive named in Chinese."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.passed = inner, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self.inner.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileError("压缩文件不完整，只读出了前面一部分：请重新压缩或直接提供原文件") from error
        self.passed += len(chunk)
        if self.passed > LARGEST_TEXT:
            raise FileError(f"文件解开后超过{LARGEST_TEXT >> 30}GB，可能是恶意压缩文件，已停止读取")
        buffer[: len(chunk)] = chunk
        return len(chunk)


class OpenText:
    """A text file being read: decoded with the wrong bytes made visible (U+FFFD), with the position for a progress bar."""

    def __init__(self, path: Path, encoding: str = "") -> None:
        self.encoding = encoding or detect(read_head(path))
        self.total = path.stat().st_size
        self._raw = path.open("rb")
        inner: IO[bytes] = self._raw
        if is_gzip(self._raw.read(2)):
            self._raw.seek(0)
            inner = cast(IO[bytes], gzip.GzipFile(fileobj=self._raw))
        self._raw.seek(0)
        self.stream = io.TextIOWrapper(
            io.BufferedReader(_Counted(inner), 1 << 18), encoding=self.encoding, errors="replace", newline=""
        )

    @property
    def done(self) -> int:
        return self._raw.tell() if not self._raw.closed else self.total

    def lines(self) -> Iterator[str]:
        """Physical lines with their ends; a NUL, which no text has, is dropped."""
        while line := self.stream.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise FileError(f"文件中有超过{LONGEST_LINE >> 20}MB的一行，不像是表格，已停止读取")
            yield line.replace("\0", "") if "\0" in line else line

    def close(self) -> None:
        self.stream.close()
        self._raw.close()
