"""XML from strangers: no document type, no entities, no network, named limits, and errors with line and column in words.

Sources: XML 1.0 (fifth edition); OWASP XML External Entity Prevention; RFC 7303 §3.2 for how an encoding is told.
"""

from __future__ import annotations

import codecs
import re
import threading

from lxml import etree

from abhaya.errors import SenderError

XML_BYTES_MAX = 20 * 1024 * 1024  # one report or one file's details, without the files themselves
XML_DEPTH_MAX = 64  # elements within elements; the deepest valid report has 6
XML_ELEMENTS_MAX = 200_000  # every "<" counts, so that the limit holds before anything is built
XML_ATTRIBUTES_MAX = 100_000  # every ="…" counts, for the same reason
XML_TEXT_BYTES_MAX = 10_000_000  # one text: libxml2's own limit, kept

MALFORMED = 4110  # "Malformed XML submittal"
TOO_LARGE_STATUS = 413

_ENCODINGS = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "ascii", "cp1252"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_ATTRIBUTE = re.compile(rb"""=\s*["']""")
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_TOO_DEEP = etree.XPath("/" + "/".join(["*"] * (XML_DEPTH_MAX + 1)))
_parsers = threading.local()

# What libxml2 says, and what a sender can act on. The first pattern that is found in its message decides.
_SENTENCES = [
    (r"Document is empty|Start tag expected", "the document does not begin with an element"),
    (r"Premature end of data in tag (\S+) line (\d+)", "the document ends before '{0}', opened on line {1}, is closed"),
    (r"Opening and ending tag mismatch: (\S+) line (\d+) and ([^\s,]+)",
     "'{0}', opened on line {1}, is closed by '{2}'"),
    (r"Entity '(\S+)' not defined", "the entity '&{0};' is not known; write the character itself, or its number"),
    (r"Attribute (\S+) redefined", "the attribute '{0}' stands there twice"),
    (r"invalid Char value (\d+)", "the character number {0} is not allowed in XML"),
    (r"Extra content at the end", "something follows after the document's last element"),
    (r"CData section not finished", "a CDATA section is never closed"),
    (r"StartTag: invalid element name|EntityRef: no name|EntityRef: expecting",
     "a '<' or '&' stands in a text; write &lt; or &amp;"),
    (r"Unescaped '<' not allowed in attributes", "a '<' stands in an attribute; write &lt;"),
    (r"Sequence '\]\]>' not allowed", "']]>' stands in a text; write ]]&gt;"),
    (r"AttValue", "an attribute's value does not stand in quotation marks"),
    (r"Text node too long|Buffer size limit", f"one text or attribute is longer than {XML_TEXT_BYTES_MAX} bytes"),
    (r"Excessive depth", f"elements are nested more than {XML_DEPTH_MAX} deep"),
    (r"XML declaration allowed only at the start", "the XML declaration does not stand at the very beginning"),
    (r"Namespace prefix (\S+)(?: for \S+)? on (\S+) is not defined", "the prefix '{0}' of '{1}' is not declared"),
    (r"Name too long", "a name of an element or attribute is too long"),
]  # fmt: skip


def parse(data: bytes, *, charset: str = "") -> etree._Element:
    """The root element. `charset` is what the transport said; a byte-order mark and the document itself are believed first.

    Raises SenderError: 4110 with a sentence that names the place, or the limit; status 413 above XML_BYTES_MAX.
    """
    if len(data) > XML_BYTES_MAX:
        raise SenderError(
            f"The XML has {len(data)} bytes; at most {XML_BYTES_MAX} are taken.",
            code=MALFORMED,
            status=TOO_LARGE_STATUS,
        )
    plain = _as_utf8(data, charset)
    _refuse_monsters(plain)
    _refuse_doctype(plain)
    try:
        root = etree.fromstring(plain, _parser())
    except etree.XMLSyntaxError as error:
        raise _refusal(_sentence(error.msg or ""), error.lineno or 1, (error.offset or 0) + 1) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refusal("a document type (DOCTYPE) is not accepted; remove it", 1, 1)
    if _TOO_DEEP(root):
        raise _refusal(f"elements are nested more than {XML_DEPTH_MAX} deep", None, None)
    return root


def _parser() -> etree.XMLParser:
    """One per thread: lxml would otherwise copy a shared one on each use."""
    parser: etree.XMLParser | None = getattr(_parsers, "value", None)
    if parser is None:
        parser = _parsers.value = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    return parser


def _as_utf8(data: bytes, charset: str) -> bytes:
    """The document in UTF-8, so that one parser reads all and a wrong byte is named with its place."""
    if data.startswith(codecs.BOM_UTF8):
        name, body = "utf-8", data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name, body = "utf-16", data
    elif data.startswith((b"<\0", b"\0<")):
        name, body = ("utf-16-le" if data[1] == 0 else "utf-16-be"), data
    else:
        declared = _DECLARED.match(data)
        name, body = (declared.group(1).decode() if declared else charset or "utf-8"), data
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if codec not in _ENCODINGS:
        raise _refusal(f"the encoding '{name[:40]}' is not accepted; send UTF-8", 1, None)
    if codec.startswith("utf-16") and not body.startswith((b"<\0", b"\0<", *_UTF16_MARKS)):
        codec = "utf-8"  # declared as UTF-16 but plainly not: the bytes are believed
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        before = body[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise _refusal(
            f"byte {error.object[error.start]:#04x} is not {name.upper()}", before.count(b"\n") + 1, column
        ) from error
    return body if codec == "utf-8" else text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")


_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _refuse_monsters(data: bytes) -> None:
    marks = data.count(b"<")
    if marks > 2 * XML_ELEMENTS_MAX:
        raise _refusal(f"it has more than {XML_ELEMENTS_MAX} elements ({marks} '<')", None, None)
    if data.count(b"=") > XML_ATTRIBUTES_MAX and sum(1 for _ in _ATTRIBUTE.finditer(data)) > XML_ATTRIBUTES_MAX:
        raise _refusal(f"it has more than {XML_ATTRIBUTES_MAX} attributes", None, None)


def _refuse_doctype(data: bytes) -> None:
    """Before parsing: a document type can only stand before the first element."""
    prolog = _PROLOG.match(data)
    end = prolog.end() if prolog else 0
    if data[end : end + 9].upper() == b"<!DOCTYPE":
        line = data.count(b"\n", 0, end) + 1
        raise _refusal("a document type (DOCTYPE) is not accepted; remove it", line, end - data.rfind(b"\n", 0, end))


def _sentence(message: str) -> str:
    for pattern, sentence in _SENTENCES:
        found = re.search(pattern, message)
        if found:
            return sentence.format(*(part[:60] for part in found.groups()))
    plain = re.sub(r",? line \d+, column \d+.*", "", message, flags=re.DOTALL)
    return "it is not well-formed: " + re.sub(r"\s+", " ", plain).strip()[:200]


def _refusal(why: str, line: int | None, column: int | None) -> SenderError:
    where = "" if line is None else f" (line {line})" if column is None else f" (line {line}, column {column})"
    return SenderError(f"The XML cannot be read: {why}{where}.", code=MALFORMED)
