"""What somebody may type, paste or send who means no good; and what of it must never be stored."""

import unicodedata

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
MARKDOWN = "[x](javascript:alert(4)) ![y](http://evil.example/y.png) :red[z] :material/home: $$\\frac{1}{2}$$ `c`"
FORMULA = '=HYPERLINK("http://evil.example","x")'
STARTS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1")
CONTROL = "a\x00b\x07\x1b[31mc\r\n\x85e"
SURROGATE = "a\ud800b"
DIRECTION = "\u202edetsulc\u2066x\u2069\u200bhidden\ufeff\u200f"
INVISIBLE = "\u200b\u202e\x00\u2060"
LONG = "Dài " * 25_000  # 100,000 characters
SQL = "'; DROP TABLE case_file; -- \" OR 1=1 {t} {0.__class__} {} %s %(x)s ${{7*7}}"
STORM = "e" + "\u0301" * 200 + "👨‍👩‍👧‍👦"
PATH = "../../../etc/passwd\x00.docx"

EVERYTHING = {
    "script": SCRIPT,
    "markdown": MARKDOWN,
    "formula": FORMULA,
    "starts": " ".join(STARTS),
    "control": CONTROL,
    "surrogate": SURROGATE,
    "direction": DIRECTION,
    "invisible": INVISIBLE,
    "long": LONG,
    "sql": SQL,
    "storm": STORM,
    "path": PATH,
}
SHORT = "<b>x</b>=1[y](javascript:1)"  # fits where little fits


def impurities(text: str) -> set[str]:
    """The names of signs in `text` that no stored text may hold: controls, lone surrogates, changes of direction."""
    return {
        unicodedata.name(sign, f"U+{ord(sign):04X}")
        for sign in text
        if sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs", "Cf")
    }
