#!/usr/bin/env python3
"""Check a dossier of evidence without the program that made it.

    python3 verify_dossier.py DOSSIER [--key KEY] [--roots PEM] [--cosigner KEY]

DOSSIER is a zip or the folder it was unpacked into. KEY is the key of the log, its fingerprint, or a file that holds
one: without it the dossier is only shown to agree with itself. PEM holds certificates of timestamp authorities and
their revocation lists. Exit codes: 0 all holds, 1 something does not, 2 something needed is absent, 64 wrong use.

Written from docs/formats/dossier.md alone (the numbers of sections below are that page's), for Python 3.9 with its
standard library and the program openssl 3.0 or newer.
"""
import argparse, base64, calendar, hashlib, json, os, re, stat, struct, subprocess, sys, tempfile, time, zlib

NUMBER, HEX = r"(0|[1-9][0-9]{0,17})", r"([0-9a-f]{64})"
TIME = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"
FIRST = ["dossier.txt", "MANIFEST.sha256"]
ONCE = FIRST + ["README.txt", "certificate.html", "key.txt", "consistency.jsonl", "leaves.jsonl", "ro-crate-metadata.json", "datapackage.json"]
OTHERS = (r"checkpoints/[0-9]{12}\.txt|items/%s|sealed/%s-[a-z]+\.age|key-changes/[0-9]{4}\.txt|cosignatures/([0-9]{12}|keys)\.txt|"
          r"timestamps/([0-9]{12}(\.[A-Za-z0-9._-]+\.tst|(\.[A-Za-z0-9._-]+)?\.ots)|roots\.pem)") % (HEX, NUMBER)
MOST = 256 << 20  # bytes read at once; items are streamed

class Fault(Exception): """The dossier is not what it claims to be."""
class Absent(Exception): """Something needed is not at hand."""

def need(ok, words, *args):
    if not ok:
        raise Fault(words % args if args else words)

class Dossier:
    """Section 1: the members of a zip or a folder, their names in order and their bytes."""
    def __init__(self, path):
        self.path, self.crc, self.at, self.size, self.file = path, {}, {}, {}, None
        if not os.path.isdir(path):
            self.file = open(path, "rb")
        self.names = self.read_zip() if self.file else self.read_folder()
        for n in self.names:
            part = r"[A-Za-z0-9][A-Za-z0-9._-]*"
            need(len(n) <= 200 and re.fullmatch("%s(/%s)*" % (part, part), n), "a member is named %.80r", n)
            need(n in ONCE or re.fullmatch(OTHERS, n), "the member %s does not belong into a dossier", n)
            need(self.size[n] <= MOST or n[:6] in ("items/", "leaves"), "%s is larger than %d bytes", n, MOST)
        need(set(ONCE) <= set(self.names), "%s is missing", ", ".join(sorted(set(ONCE) - set(self.names))))
        need(len(set(n.lower() for n in self.names)) == len(self.names), "two members have one name")
        order = FIRST + sorted(n for n in self.names if n not in FIRST)
        need(self.file is None or self.names == order, "the members do not stand in their order")
        self.names = order

    def read_folder(self):
        names = []
        for folder, folders, files in os.walk(self.path):
            for n in folders + files:
                path = os.path.join(folder, n)
                s = os.lstat(path)
                need(stat.S_ISDIR(s.st_mode) or stat.S_ISREG(s.st_mode), "%s is neither a file nor a folder", path)
                if n in files:
                    names.append(os.path.relpath(path, self.path).replace(os.sep, "/"))
                    self.size[names[-1]] = s.st_size
        return names

    def read_zip(self):
        """Walk over the members, write all headers anew and compare: there is one way to write them."""
        f, names, central, at, big = self.file, [], [], 0, 0xFFFFFFFF
        end = os.fstat(f.fileno()).st_size
        while f.seek(at) == at and (head := f.read(30))[:4] == b"PK\3\4" and len(head) == 30:
            crc, size, name_len, extra_len = struct.unpack("<L4xLHH", head[14:])
            name, extra = f.read(name_len), f.read(extra_len)
            zip64 = size == big and len(extra) == 20
            size = struct.unpack("<Q", extra[4:12])[0] if zip64 else size
            need(zip64 == (size >= big), "the size of member %d is not written as it must be", len(names))
            true = struct.pack("<QQ", size, size) if zip64 else b""
            same = struct.pack("<HHHHLLLH", 0, 0, 0, 0x21, crc, min(size, big), min(size, big), len(name))
            written = struct.pack("<4sH", b"PK\3\4", 45 if zip64 else 20) + same + extra_field(true)[1] + name + extra_field(true)[0]
            need(head + name + extra == written, "the header of member %d is not written as it must be", len(names))
            data, text = at + len(written), name.decode("ascii", "replace")
            need(data + size <= end, "%s is cut short", text)
            need(text not in self.at, "%s is there twice", text)
            true += struct.pack("<Q", at) if at >= big else b""
            central.append(struct.pack("<4sHH", b"PK\1\2", 20, 45 if true else 20) + same + extra_field(true)[1] +
                           struct.pack("<HHHLL", 0, 0, 0, 0, min(at, big)) + name + extra_field(true)[0])
            names.append(text)
            self.crc[text], self.at[text], self.size[text], at = crc, data, size, data + size
        tail, n = b"".join(central), len(names)
        size, start = len(tail), at
        if n >= 0xFFFF or size >= big or at >= big:
            tail += struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, n, n, size, at) + struct.pack("<4sLQL", b"PK\6\7", 0, at + size, 1)
            n, size, start = 0xFFFF, big, big
        tail += struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, n, n, size, start, 0)
        f.seek(at)
        need(end - at == len(tail) and f.read() == tail, "it is no zip of a dossier, or its directory is not written as it must be")
        return names

    def chunks(self, name):
        if self.file is None:
            with open(os.path.join(self.path, *name.split("/")), "rb") as f:
                yield from iter(lambda: f.read(1 << 20), b"")
            return
        at, left = self.at[name], self.size[name]
        while left:
            self.file.seek(at)
            b = self.file.read(min(left, 1 << 20))
            need(b, "%s is cut short", name)
            at, left = at + len(b), left - len(b)
            yield b

    def read(self, name):
        return b"".join(self.chunks(name))

    def lines(self, name):
        rest = b""
        for c in self.chunks(name):
            *whole, rest = (rest + c).split(b"\n")
            need(len(rest) <= MOST, "%s has a line that is too long", name)
            yield from (line.decode("utf-8") for line in whole)
        need(rest == b"", "the last line of %s has no line feed", name)

    def named(self, pattern):
        return [n for n in self.names if re.fullmatch(pattern, n)]

def extra_field(true):
    """The Zip64 extra field for true sizes and offset, and its length as headers have it."""
    field = struct.pack("<HH", 1, len(true)) + true if true else b""
    return field, struct.pack("<H", len(field))

def b64(s, size=None):
    try:
        b = base64.b64decode(s, validate=True)
        need(base64.b64encode(b).decode() == s and size in (None, len(b)), "%.80r is not base64 of the right length or form", s)
        return b
    except (ValueError, TypeError):
        raise Fault("%.80r is not base64" % (s,))

def parse(s, what):
    def members(found):
        need(len(dict(found)) == len(found), "%s has a member twice", what)
        return dict(found)
    try:
        v = json.loads(s, object_pairs_hook=members)
    except (ValueError, RecursionError):
        raise Fault("%s is not JSON" % what)
    need(isinstance(v, dict), "%s is not a JSON object", what)
    return v

def openssl(*args):
    p = subprocess.run(("openssl",) + args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C"))
    return p.returncode, p.stdout.decode("utf-8", "replace")

def in_files(run, *contents):
    """Call run with the paths of files that hold contents, for openssl."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, str(i)) for i in range(len(contents))]
        for path, b in zip(paths, contents):
            with open(path, "wb") as f:
                f.write(b)
        return run(*paths)

class Key:
    """Section 4: NAME+HASH+KEY. Kind 1 signs a log, kind 4 cosigns."""
    def __init__(self, line, kind=1):
        m = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", str(line))
        need(m, "%.80r is not a key", line)
        raw = b64(m.group(3), 33)
        self.line, self.name, self.raw = line, m.group(1), raw[1:]
        self.id = (self.name, sha(self.name.encode(), b"\n", raw)[:4])
        need(raw[0] == kind and self.id[1].hex() == m.group(2), "the key %.80r is of another kind or has another hash than it says", line)
        self.fingerprint = " ".join(re.findall("." * 8, hashlib.sha256(self.raw).hexdigest()))

    def holds(self, message, signature):
        code, out = in_files(lambda k, m, s: openssl("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", k, "-rawin", "-in", m, "-sigfile", s),
                             bytes.fromhex("302a300506032b6570032100") + self.raw, message, signature)
        return code == 0 and "Successfully" in out

def note(b, what, keys, count=None):
    """Return the text, the signatures [(name, four bytes, rest)] and which of keys signed a note; their signatures hold."""
    s = b.decode("utf-8")
    need(not re.search(r"[\x00-\x09\x0b-\x1f]", s) and s.endswith("\n") and "\n\n" in s, "%s is not a signed note", what)
    text, below = s.rsplit("\n\n", 1)
    found = [re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)", line) for line in below.split("\n")[:-1]]
    need(found and all(found) and len(found) == (count or len(found)), "%s does not end in the signatures that it should have", what)
    signatures = [(m.group(1), b64(m.group(2))[:4], b64(m.group(2))[4:]) for m in found]
    signers = []
    for name, four, signature in signatures:
        for key in keys:
            if key.id == (name, four) and key not in signers:
                need(key.holds((text + "\n").encode(), signature), "the signature of %s does not hold", what)
                signers.append(key)
    need(signers or not count, "%s is not signed by a key that the dossier leads to", what)
    return text + "\n", signatures, signers

def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def climb(index, size, start, path, left_too):
    """Section 6: walk an audit path up (RFC 9162, 2.1.3.2 and 2.1.4.2). left_too follows the older, smaller tree as well."""
    fn, sn, old, new = index, size - 1, start, start
    while left_too and fn & 1:
        fn, sn = fn >> 1, sn >> 1
    for p in path:
        need(sn, "a proof is too long")
        if fn & 1 or fn == sn:
            old, new = sha(b"\1", p, old), sha(b"\1", p, new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = sha(b"\1", new, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "a proof is too short")
    return old, new

def check(d, o):
    """Section 12, in order; return what is said about a good dossier."""
    say = []

    # 2: the key, its changes (section 9), the signature.
    line = d.read("key.txt").decode("utf-8")
    key = Key(line[:-1] if line.endswith("\n") else "")
    changes, keys = [], [key]
    for i, n in enumerate(d.named("key-changes/.*")):
        head, _, record = note(d.read(n), n, [])[0].partition("\n")
        c = parse(record, n)
        need(n == "key-changes/%04d.txt" % (i + 1) and head == "arasha-key-change/1" and record.count("\n") == 1 and c.get("v") == 1 and c.get("kind") == "key"
             and c.get("why") in ("rotated", "lost", "compromised") and c.get("origin") == key.name, "%s is not the next change of the key", n)
        c["old"], c["new"], c["root"] = Key(c.get("old")), Key(c.get("new")), b64(c.get("root"), 32)
        signers = note(d.read(n), n, [c["old"], c["new"]])[2]
        need(c["new"] in signers and (c["old"] in signers or c["why"] == "lost"), "%s is not signed as a change of the key must be", n)
        need(not changes or changes[-1]["new"].line == c["old"].line, "%s does not go on from the change before", n)
        changes.append(c)
        keys.append(c["old"])
    need(not changes or c["new"].line == key.line, "the changes of the key do not lead to the enclosed one")
    text = note(d.read("dossier.txt"), "dossier.txt", [key], count=1)[0]
    m = re.fullmatch(r"arasha-dossier/1\n(\S+)\n%s\n(\S+)\ncreated %s\nmembers %s\nmanifest %s\n" % (NUMBER, TIME, NUMBER, HEX), text)
    need(m and m.group(1) == key.name, "dossier.txt does not have its seven lines, or is of another log than its key")
    log, size, root, members, manifest = m.group(1), int(m.group(2)), b64(m.group(3), 32), int(m.group(5)), m.group(6)
    if o.key is None:
        say.append("This shows that the dossier agrees with itself. Compare its key's fingerprint with one you got another way:\n  " + key.fingerprint)
    elif not key_is(key, o.key):  # the reader may hold an older key
        old = [i for i, c in enumerate(changes) if key_is(c["old"], o.key)]
        need(old, "it is signed by another key, %s", key.fingerprint)
        if any(c["why"] != "rotated" for c in changes[old[0]:]):
            raise Absent("a key between yours and the enclosed one was lost or stolen: ask the organisation for its new key, then use that")

    # 3: the manifest; the checksums of the zip on the way.
    need(hashlib.sha256(d.read("MANIFEST.sha256")).hexdigest() == manifest, "MANIFEST.sha256 is not the one that was signed")
    listed = [re.fullmatch(HEX + r"  (\S+)", line) for line in d.lines("MANIFEST.sha256")]
    need(all(listed) and [m.group(2) for m in listed] == d.names[2:] and len(listed) == members, "MANIFEST.sha256 lists other members than there are")
    sums = {m.group(2): m.group(1) for m in listed}
    for n in d.names:
        h, crc = hashlib.sha256(), 0
        for c in d.chunks(n):
            h.update(c)
            crc = zlib.crc32(c, crc)
        need(h.hexdigest() == sums.get(n, h.hexdigest()), "%s was changed: its SHA-256 is %s", n, h.hexdigest())
        need(crc == d.crc.get(n, crc), "the checksum of %s in the zip is wrong", n)
        need(not n.startswith("items/") or n[6:] == h.hexdigest(), "%s is not named by its SHA-256", n)

    # 4: the states of the log.
    states = {}
    for n in d.named("checkpoints/.*"):
        text, _, signers = note(d.read(n), n, keys, count=1)
        m = re.fullmatch(r"(\S+)\n%s\n(\S+)\ntime %s\n" % (NUMBER, TIME), text)
        need(m and m.group(1) == log and n == "checkpoints/%012d.txt" % int(m.group(2)), "%s is not a state of this log of that size", n)
        states[int(m.group(2))] = (b64(m.group(3), 32), signers[0], text)
    need(states and max(states) == size and states[size][0] == root, "the newest state is not the one in dossier.txt")
    for n, (_, signer, _) in states.items():
        for c in changes:
            last = c.get("size")
            if c["why"] == "compromised" and c["old"] is signer:
                need(type(last) is int and n <= last and last in states and states[last][0] == c["root"],
                     "the state of %d entries is signed by a stolen key, and nothing shows that it is from before the theft", n)

    # 5: every state grew from the one before.
    sizes = sorted(states)
    growth = [parse(line, "consistency.jsonl") for line in d.lines("consistency.jsonl")]
    need([(p.get("from"), p.get("to")) for p in growth] == list(zip(sizes, sizes[1:])), "consistency.jsonl does not go from state to state")
    for p, old, new in zip(growth, sizes, sizes[1:]):
        path = [b64(x, 32) for x in p["proof"]]
        steps = ([states[old][0]] if old & (old - 1) == 0 else []) + path
        grew = not path and states[0][0] == sha() if old == 0 else steps and climb(old - 1, new, steps[0], steps[1:], True) == (states[old][0], states[new][0])
        need(grew, "the log of %d entries is not the beginning of that of %d: it was rewritten", old, new)

    # 6, 7, 8: the entries, their records, and the items.
    def belongs(commitment, salt, value, what):
        need(isinstance(salt, str) and re.fullmatch(HEX, salt) and isinstance(value, str), "%s cannot be read", what)
        got = sha(b"arasha-commitment/1\n", bytes.fromhex(salt), value.encode("utf-8", "surrogatepass"))
        need(got.hex() == commitment, "%s is not what was logged", what)

    last, refs, acts, records = -1, {}, [], 0
    for line in d.lines("leaves.jsonl"):
        p = parse(line, "a line of leaves.jsonl")
        i, leaf = p.get("leaf"), str(p.get("bytes"))
        need(type(i) is int and last < i < size and set(p) <= {"leaf", "bytes", "proof", "salt", "record", "open"}, "leaves.jsonl is out of order after leaf %d", last)
        last, m = i, re.fullmatch(r"arasha-leaf/1 (item|custody|deletion|finding|roster|approval|publication|key|user-key) %s(?: %s)?" % (HEX, NUMBER), leaf)
        need(m and (m.group(1) == "deletion") == (m.group(3) is not None), "leaf %d is not written as a leaf", i)
        need(climb(i, size, sha(b"\0", leaf.encode()), [b64(x, 32) for x in p["proof"]], False)[1] == root, "leaf %d is not in the log", i)
        need(("record" in p) == ("salt" in p) and ("record" in p or "open" not in p), "leaf %d has a record without salt, or a salt without record", i)
        if "record" not in p:
            continue
        records += 1
        belongs(m.group(2), p["salt"], p["record"], "the record of leaf %d" % i)
        r = parse(p["record"], "the record of leaf %d" % i)
        need(r.get("v") == 1 and r.get("kind") == m.group(1), "the record of leaf %d is of another kind than the leaf", i)
        for part, shown in p.get("open", {}).items():
            belongs(r.get("sealed", {}).get(part), shown.get("salt"), shown.get("value"), "the shown %s of leaf %d" % (part, i))
        if r["kind"] == "item":
            refs[i] = r.get("ref", "")
            need(d.size.get("items/%s" % refs[i], r.get("size")) == r.get("size"), "items/%s has another length than leaf %d says", refs[i], i)
        elif r["kind"] == "custody":
            acts.append((i, r))
        elif r["kind"] == "deletion":
            need(r.get("act") == "dispose" and str(r.get("leaf")) == m.group(3) and not r.get("item"), "leaf %d deletes another leaf than its record says", i)
    for i, r in acts:
        need(r.get("item", "") == refs.get(r.get("leaf"), r.get("item", "")), "leaf %d is about other bytes than leaf %s, which it names", i, r.get("leaf"))
    for n in d.named("items/.*"):
        need(n[6:] in refs.values(), "no disclosed record speaks of %s", n)

    # 9: cosignatures (section 10).
    cosigners = [Key(k, 4) for k in o.cosigner] + [Key(k, 4) for n in d.named("cosignatures/keys.txt") for k in d.lines(n)]
    for n in d.named("cosignatures/[0-9].*"):
        text, signatures, _ = note(d.read(n), n, keys)
        need(int(n[13:25]) in states and states[int(n[13:25])][2] == text, "%s is not about a state that is here", n)
        for name, four, rest in signatures:
            k = next((k for k in cosigners + keys if k.id == (name, four)), None)
            if k is None:
                say.append("note: the cosignature of %s in %s was not checked: its key is not here" % (name, n))
            elif k in cosigners:
                when = str(struct.unpack(">Q", rest[:8])[0]) if len(rest) == 72 else "0"
                need(len(rest) == 72 and k.holds(("cosignature/v1\ntime %s\n%s" % (when, text)).encode(), rest[8:]), "the cosignature of %s in %s does not hold", name, n)
                say.append("note: %s is cosigned by %s%s" % (n, name, "" if k.line in o.cosigner else "; compare its fingerprint " + k.fingerprint))

    # 9: timestamps (section 11).
    lacks, pem = [], b"".join(d.read(n) for n in d.named(r"timestamps/roots\.pem"))
    for n in d.named("timestamps/[0-9].*"):
        need(int(n[11:23]) in states, "%s dates a state that is not here", n)
        state = d.read("checkpoints/%s.txt" % n[11:23])
        try:
            if n.endswith(".ots"):
                need(d.read(n)[31:65] == b"\1\x08" + sha(state), "%s is a proof for other bytes than its state", n)
                raise Absent("%s needs the header of its block, and a program for OpenTimestamps" % n)
            say.append("note: " + in_files(lambda t, s, p: timestamp(n, t, s, state, o.roots or (p if pem else None), not o.roots), d.read(n), state, pem))
        except Absent as e:
            lacks.append(str(e))
    if lacks:
        raise Absent("nothing speaks against it, but " + "; ".join(lacks))
    return ["good: %d entries of the log %s, %d shown with their records, %d items with their bytes" % (size, log, records, len(d.named("items/.*")))] + say

def key_is(key, wanted):
    return key.line == wanted.strip() or key.fingerprint.replace(" ", "") == re.sub(r"\s", "", wanted).lower()

def timestamp(name, token, data, state, roots, enclosed):
    code, out = openssl("ts", "-reply", "-in", token, "-token_in", "-text")
    m = re.search(r"^Hash Algorithm: (sha256|sha384|sha512)\nMessage data:\n((?:    .*\n)+)", out, re.M)
    at = re.search(r"^Time stamp: (\w+ +\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", out, re.M)
    need(code == 0 and m and at, "%s is not a token that openssl can read", name)
    dump = "".join(re.sub(r"[ -]", "", row[11:60]) for row in m.group(2).splitlines())
    need(dump[:128] == hashlib.new(m.group(1), state).hexdigest(), "%s is over other bytes than its state", name)
    if not roots:
        raise Absent("%s needs the authority's root: bring it with --roots" % name)
    command = ("ts", "-verify", "-data", data, "-in", token, "-token_in", "-CAfile", roots)
    code, out = openssl(*command, "-attime", str(calendar.timegm(time.strptime(" ".join(at.groups()), "%b %d %H:%M:%S %Y"))))
    need(code == 0 and "Verification: OK" in out, "%s does not hold: %s", name, " ".join(re.findall(r"(?:error:|:)([^:\n]+)$", out, re.M)))
    code, out = openssl(*command, "-no_check_time", "-crl_check")
    if "revoked" in out:  # openssl does not weigh when and why, RFC 3161 section 4 does
        raise Absent("%s: a list says that a certificate was revoked; when and why must be read there: openssl crl -text" % name)
    return "%s shows that its state existed at %s %s UTC%s%s" % ((name,) + at.groups() + (
        ", by a root that is only enclosed: compare it with one you got another way" * enclosed, "; no list says whether the authority was revoked" * (code != 0)))

def verify(path, o):
    """Print what was found out and return the exit code."""
    try:
        if o.key and os.path.isfile(o.key):
            with open(o.key, encoding="utf-8") as f:
                o.key = f.read()
        version = openssl("version")[1].strip()
        if not re.match(r"OpenSSL ([3-9]|[1-9][0-9])\.", version):
            raise Absent("the program openssl must be 3.0 or newer; this is " + version)
        said = "\n".join(check(Dossier(path), o))
    except Fault as e:
        print("%s: NOT GOOD: %s" % (path, e))
        return 1
    except (Absent, OSError) as e:
        print("%s: CANNOT TELL: %s" % (path, e))
        return 2
    except (AttributeError, KeyError, TypeError, ValueError) as e:  # JSON of another shape than section 6 and 7 have
        print("%s: NOT GOOD: something in it has another form than it must have (%r)" % (path, e))
        return 1
    print("%s: %s" % (path, said))
    return 0


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("dossier")
    p.add_argument("--key", help="the log's key or fingerprint, or a file that holds it")
    p.add_argument("--roots", help="PEM file of timestamp authorities' certificates and revocation lists")
    p.add_argument("--cosigner", action="append", default=[], help="the key of an organisation that cosigned")
    try:
        options = p.parse_args()
    except SystemExit as e:
        sys.exit(64 if e.code else 0)
    sys.exit(verify(options.dossier, options))
