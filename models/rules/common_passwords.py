"""Passwords that everybody tries first, known by their letters: capitals, digits and signs around them do not help."""

from collections.abc import Iterable

from models.rules.folding import fold

# what stays of a password when digits and signs are taken away and marks, capitals and look-alikes are undone
WORDS = """
    a aa aaa ab abc abcd abcde abcdef abcdefgh access account admin adminadmin administrator alexander amanda andrew
    angel anhnhoem anhyeuem apple asdf asdfasdf asdfgh asdfghjkl ashley azerty babygirl bailey banchidao bannoichinh
    baseball basketball batman biloveyou bimat bimatkhau butterfly changeme charlie cheese chelsea chocolate chutich
    computer congan congty cookie daniel default demo dragon dragonball emyeuanh family flower football forever
    freedom friends george giadinh ginger google guest hanoi hello hellohello hochiminh hocsinh
    hunter iloveme iloveu iloveyou internet jennifer jessica jordan joshua khongbiet khongco khongcogi killer
    letmein liem liemliem liverpool login lovely loveme loveyou master matkhau matkhaucuatoi matkhaumacdinh
    matkhaumatkhau matkhaumoi maymay member michael michelle microsoft minhchau minhchauminhchau monkey monkeymonkey
    mustang mypassword newpassword nguoidung nguyen nguyenvan nguyenvana nicole noichinh office oracle pass passcode
    passpass passw passwd password passwordpassword passwort phongchongthamnhung pokemon princess private public
    purple qazwsx qazwsxedc quantri quantrihethong quantrivien qwe qweasd qweasdzxc qwer qwert qwerty qwertyqwerty
    qwertyu qwertyui qwertyuiop qwertz root rootroot saigon samsung secret server service shadow slipknot soccer
    spring startstart starwars steelers summer sunshine superman superstar system taikhoan tamthoi tamthoitamthoi
    temp temporary temppassword test testing testtest thamnhung thankyou thuky thukythuky tigger tinhuy tinkerbell
    toiyeuban toiyeuem toiyeuvietnam trustno trustnoone user username useruser vanphong vietnam vietnamvodich
    vinamilk welcome welcomeback whatever william winter wordpass xinchao yeuanh yeuem yeuemnhieu youtube zaq zaqwsx
    zxc zxcv zxcvb zxcvbn zxcvbnm
"""
COMMON = frozenset(WORDS.split())
RUNS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop")
AROUND = "0123456789!@#$%^&*()-_=+.,;:?/ "
LOOK_ALIKE = str.maketrans("@4310$5!|7", "aaeiossiit")


def is_common(password: str, *, also: Iterable[str] = ()) -> bool:
    """Whether `password` is tried first by guessers: a well-known word, one sign over again, a row of keys.

    `also`: names that everybody here knows, as the province's.
    """
    folded = fold(password)
    cores = {_letters(folded), _letters(folded.strip(AROUND).translate(LOOK_ALIKE))}
    known = COMMON | {_letters(fold(name)) for name in also}
    return any(cores & known) or not any(cores) and _is_plain_number(folded) or _is_one_row(folded)


def without_ornament(password: str) -> tuple[str, str]:
    """`password` as lists of leaked ones are compared: without capitals and marks; then without what stands around."""
    folded = fold(password)
    return folded, folded.strip(AROUND)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalpha())


def _is_plain_number(text: str) -> bool:
    """Digits and signs only, as birthdays, telephone numbers and 123456 are."""
    return sum(c.isdigit() for c in text) < 14


def _is_one_row(text: str) -> bool:
    """One to three signs over and over, or one row of keys."""
    bare = text.replace(" ", "")
    return len(set(bare)) <= 3 or any(bare in row * 3 for row in RUNS)
