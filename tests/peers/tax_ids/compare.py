"""Compares `ceralacca check tax-ids` with python-codicefiscale and python-stdnum.

Identifiers are generated from a seed: good ones (plain, disguised by «omocodia», eleven digits) and
bad ones, each with one fault of a named kind. Our verdict must be the intended one on every line;
a peer may differ only where LISTED says that it is known to err. A listed error that no longer
happens fails too, so that the list stays true.
"""

import argparse
import collections
import datetime as dt
import random
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")
from codicefiscale import codicefiscale, data  # noqa: E402
from stdnum.it import codicefiscale as stdnum_person, iva as stdnum_body  # noqa: E402

# (kind of fault, peer) -> why that peer accepts it all the same.
LISTED = {
    ("day 81-99", "stdnum"): "takes the day modulo 40",
    ("unknown place", "stdnum"): "does not know places",
    ("full-width digit", "stdnum"): "normalises full-width digits",
    ("full-width digit", "codicefiscale"): "normalises full-width digits",
    ("homoglyph", "codicefiscale"): "transliterates Cyrillic letters",
}

MONTHS = "ABCDEHLMPRST"
DIGIT_PLACES = [6, 7, 9, 10, 12, 13, 14]
DISGUISE = str.maketrans("0123456789", "LMNPQRSTUV")
LOOKALIKES = str.maketrans("ABCEHMOPSTX", "АВСЕНМОРЅТХ")
LAST = "Rossi Bianchi Fo Aiò Xu D'Amico DeLuca Ferrari Esposito Òrru Strauß Ng O'Neill Bo Nuñez".split()
FIRST = "Mario Luca GianPiero Àlvise Niccolò Ugo Io Al Alessandro Anna Chiara Ada Ève Giulia Zoë Beatrice".split()
OFFICES = [f"{n:03d}" for n in range(1, 101)] + ["120", "121", "888", "999"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        places = data.get_municipalities_data() + data.get_countries_data()
        self.places = [p for p in places if len(p["code"]) == 4]
        self.known = {p["code"] for p in self.places}

    def body15(self):
        """The first fifteen characters of a good code."""
        pick = self.random
        while True:
            place = pick.choice(self.places)
            first = max(dt.date(1927, 1, 1), self.day(place["date_created"]) or dt.date.min)
            last = min(dt.date(2025, 12, 31), self.day(place["date_deleted"]) or dt.date.max)
            if first < last:
                break
        birth = first + dt.timedelta(days=pick.randrange((last - first).days))
        day = birth.day + pick.choice([0, 40])
        names = codicefiscale.encode_lastname(pick.choice(LAST)) + codicefiscale.encode_firstname(pick.choice(FIRST))
        return f"{names}{birth.year % 100:02d}{MONTHS[birth.month - 1]}{day:02d}{place['code']}"

    @staticmethod
    def day(text):
        return dt.date.fromisoformat(text[:10]) if text else None

    @staticmethod
    def sealed(body):
        return body + stdnum_person.calc_check_digit(body)

    def person(self):
        return self.sealed(self.body15())

    def disguised(self):
        chars = list(self.body15())
        for at in self.random.sample(DIGIT_PLACES, self.random.randint(1, 7)):
            chars[at] = chars[at].translate(DISGUISE)
        return self.sealed("".join(chars))

    def body(self):
        ten = f"{self.random.randrange(1, 10**7):07d}{self.random.choice(OFFICES)}"
        return ten + self.luhn(ten)

    @staticmethod
    def luhn(ten):
        total = 0
        for place, digit in enumerate(ten):
            n = int(digit) * (1 + place % 2)
            total += n - 9 if n > 9 else n
        return str(-total % 10)

    def valid(self, count):
        makers = [("person", self.person)] * 5 + [("person-omocode", self.disguised)] * 2 + [("body", self.body)] * 3
        for n in range(count):
            kind, make = makers[n % len(makers)]
            yield kind, make()

    def invalid(self, count):
        faults = [name for name in dir(self) if name.startswith("bad_")]
        made = 0
        while made < count:
            name = faults[made % len(faults)]
            code = getattr(self, name)()
            if code is not None:
                made += 1
                yield getattr(self, name).__doc__, code

    def bad_letter(self):
        """control letter"""
        code = self.person()
        return code[:15] + self.random.choice([c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c != code[15]])

    def bad_swap(self):
        """swapped neighbours"""
        code, at = self.person(), self.random.randrange(14)
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        # Two letters of a name may weigh the same after the swap: then nobody can see it.
        return swapped if stdnum_person.calc_check_digit(swapped[:15]) != swapped[15] else None

    def bad_digit(self):
        """one wrong digit"""
        code, at = self.person(), self.random.choice(DIGIT_PLACES)
        return code[:at] + self.random.choice([d for d in "0123456789" if d != code[at]]) + code[at + 1 :]

    def with_day(self, day):
        body = self.body15()
        return self.sealed(f"{body[:9]}{day:02d}{body[11:]}")

    def bad_day_zero(self):
        """day 00 or 40"""
        return self.with_day(self.random.choice([0, 40]))

    def bad_day_between(self):
        """day 32-39"""
        return self.with_day(self.random.randint(32, 39))

    def bad_day_high(self):
        """day 72-80"""
        return self.with_day(self.random.randint(72, 80))

    def bad_day_modulo(self):
        """day 81-99"""
        day, body = self.random.randint(81, 99), self.body15()
        # A day that exists once 80 is taken away, as the peer does.
        return self.sealed(f"{body[:9]}{day:02d}{body[11:]}")

    def bad_month(self):
        """month letter"""
        body = self.body15()
        return self.sealed(body[:8] + self.random.choice("FGIJKNOQUVWXYZ") + body[9:])

    def bad_date(self):
        """day that the month lacks"""
        body = self.body15()
        month, day = self.random.choice([("B", 30), ("B", 31), ("D", 31), ("H", 31), ("P", 31), ("S", 31)])
        return self.sealed(f"{body[:8]}{month}{day + self.random.choice([0, 40]):02d}{body[11:]}")

    def bad_place(self):
        """unknown place"""
        body = self.body15()
        while True:
            code = self.random.choice("ABCDEFGHILMNZQXW") + f"{self.random.randrange(1000):03d}"
            if code not in self.known:
                return self.sealed(body[:11] + code)

    def bad_short(self):
        """too short"""
        return self.person()[: self.random.randint(1, 15)]

    def bad_long(self):
        """too long"""
        return self.person() + self.random.choice("ABC1")

    def bad_homoglyph(self):
        """homoglyph"""
        code = self.person()
        at = next((i for i in range(6) if code[i].translate(LOOKALIKES) != code[i]), None)
        return None if at is None else code[:at] + code[at].translate(LOOKALIKES) + code[at + 1 :]

    def bad_fullwidth(self):
        """full-width digit"""
        code, at = self.person(), self.random.choice(DIGIT_PLACES)
        return code[:at] + chr(ord(code[at]) - ord("0") + ord("０")) + code[at + 1 :]

    def bad_disguise(self):
        """letter that stands for no digit"""
        body, at = self.body15(), self.random.choice(DIGIT_PLACES)
        return self.sealed(body[:at] + self.random.choice("ABCDEFGHIJKOWXYZ") + body[at + 1 :])

    def bad_body_digit(self):
        """wrong digit of eleven"""
        code, at = self.body(), self.random.randrange(11)
        return code[:at] + str((int(code[at]) + self.random.randint(1, 9)) % 10) + code[at + 1 :]

    def bad_body_length(self):
        """ten or twelve digits"""
        code = self.body()
        return self.random.choice([code[:-1], code + "0"])

    def bad_body_zero(self):
        """seven zeros"""
        ten = "0000000" + self.random.choice(OFFICES)
        return ten + self.luhn(ten)

    def bad_body_office(self):
        """office that does not exist"""
        office = self.random.choice([n for n in range(1000) if f"{n:03d}" not in OFFICES])
        ten = f"{self.random.randrange(1, 10**7):07d}{office:03d}"
        return ten + self.luhn(ten)


def peer_verdicts(code):
    """What each peer says; a peer without an opinion on eleven digits is left out."""
    said = {}
    if code.isascii() and code.isdigit():
        said["stdnum"] = stdnum_body.is_valid(code)
    else:
        said["codicefiscale"] = codicefiscale.is_valid(code)
        try:
            said["stdnum"] = stdnum_person.is_valid(code)
        except Exception:  # it may stumble over characters that are not ASCII: that is no verdict
            pass
    return said


def ours(binary, codes):
    start = time.monotonic()
    run = subprocess.run(
        [binary, "check", "tax-ids"], input="".join(c + "\n" for c in codes).encode(), capture_output=True, check=False
    )
    seconds = time.monotonic() - start
    # Exit 1 only says that some lines were invalid.
    if run.returncode not in (0, 1):
        sys.exit(f"check tax-ids ended with {run.returncode}: {run.stderr.decode()[:500]}")
    lines = run.stdout.decode().splitlines()
    if len(lines) != len(codes):
        sys.exit(f"{len(codes)} lines asked, {len(lines)} answered")
    return [line.split("\t") for line in lines], seconds


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--default-binary", help=argparse.SUPPRESS)
    options.add_argument("--binary", help="the program under test")
    options.add_argument("--count", type=int, default=10_000, help="good ones, and as many bad ones")
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()

    generator = Generator(args.seed)
    rows = [(kind, code, True) for kind, code in generator.valid(args.count)]
    rows += [(kind, code, False) for kind, code in generator.invalid(args.count)]
    answers, seconds = ours(args.binary or args.default_binary, [code for _, code, _ in rows])

    faults, listed_seen, table = [], collections.Counter(), {}
    for (kind, code, good), answer in zip(rows, answers):
        counts = table.setdefault((not good, kind), collections.Counter())
        counts["lines"] += 1
        if answer[0] != ("valid" if good else "invalid"):
            faults.append(f"ours: {kind}: {code!r} answered {answer}")
        elif good and answer[1] != kind:
            faults.append(f"ours: {code!r} is {kind}, answered {answer}")
        else:
            counts["ours"] += 1
        for peer, said in peer_verdicts(code).items():
            if said == good:
                counts[peer] += 1
            elif (kind, peer) in LISTED:
                listed_seen[(kind, peer)] += 1
            else:
                faults.append(f"{peer} differs, not listed: {kind}: {code!r}, it says {said}")
    for key in LISTED:
        if not listed_seen[key]:
            faults.append(f"listed error of {key[1]} on «{key[0]}» did not happen: take it off the list")

    print(f"{'kind':32s} {'lines':>6s} {'ours':>6s} {'codicefiscale':>14s} {'stdnum':>7s}   (lines judged as intended)")
    for (_, kind), counts in sorted(table.items()):
        print(f"{kind:32s} {counts['lines']:6d} {counts['ours']:6d} {counts['codicefiscale']:14d} {counts['stdnum']:7d}")
    for (kind, peer), count in sorted(listed_seen.items()):
        print(f"listed: {peer} accepts {count} lines with «{kind}»: it {LISTED[(kind, peer)]}")
    print(f"{len(rows)} lines judged by check tax-ids in {seconds:.3f} s; {len(faults)} unexplained differences")
    for fault in faults[:20]:
        print("  " + fault)
    sys.exit(1 if faults else 0)


main()
