#!/usr/bin/env python3
"""mutate.py COUNT [FOLDER...] [--seed N] [--jobs N]: spoils files, and looks whether `lint --fix` makes them worse.

The files are those of the folders, else the fixtures of the tests. Of each spoilt file it is asked: is what APISIX took
still taken, is YAML still YAML and JSON JSON, is no error new; does a second --fix change nothing; is every fix that
the document promises made; does `patch` make of --diff's output what --fix wrote, with --unsafe-fixes, too. What fails
is left in .build/mutants, and the script ends with 1. GATECHECK names the binary.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = os.environ.get("GATECHECK", str(ROOT / ".build/release/gatecheck"))
BATCH = 500
SCALARS = """6443 "6443" 0x1F 1e3 12:30 true "true" yes null ~ [] {} [default] {a: b} 5 -1 "" '' default a/b:c
http://127.0.0.1:8500 HTTP://127.0.0.1:8848 127.0.0.1:8600 https://h/ ${HOST} ${{HOST}} ${HOST:=h} /v1 v1/nacos 10m 10M 1g
!!int 6443|!!str 5|!mine x|*a|&a 5|&a {b: 1}|&a|| |-|>-|"a: b"|a: b|'it''s'|"\\u0041"|{{ .Values.x }}|"{{ x }}"|“6443”""".split("\n")
SCALARS = [s for line in SCALARS for s in (line.split("|") if "|" in line else line.split(" "))]
KEYS = """match equal labelSelector label_selector namespaceSelector service client host port schema token token_file tokenFile
servers Servers hosts prefix weight timeout default_weight defaultWeight watch_endpoint_slices shared_size ssl_verify
fetch_interval fetchInterval skip_services kubernetes Kubernetes consul consulKV consul_kv consulkv nacos eureka dns discovery
discovery_type service_name upstream nodes type id routes upstreams name namespace metadata subjects apisix x""".split()


def scalar(random, line):
    head, colon, rest = line.partition(":")
    item, dash, _ = line.partition("- ")
    if colon and random.random() < 0.8:
        return head + ": " + random.choice(SCALARS)
    return item + "- " + random.choice(SCALARS) if dash and not item.strip() else line


def key(random, line):
    body = line.lstrip(" -")
    head = line[: len(line) - len(body)]
    name, colon, rest = body.partition(":")
    return head + random.choice(KEYS) + colon + rest if colon else line


def case(random, line):
    name, colon, rest = line.partition(":")
    parts = name.split("_")
    changed = parts[0] + "".join(p.title() for p in parts[1:]) if len(parts) > 1 else name.upper()
    return random.choice([changed, name.replace("_", "-"), name.replace("s", "", 1)]) + colon + rest


def quotes(random, line):
    name, colon, rest = line.partition(": ")
    value = rest.strip("\"' ")
    return name + colon + random.choice(["'%s'", '"%s"', "%s", "“%s”", "[%s]", "{%s}", "&a %s", "!!str %s"]) % value


def spot(random, line):
    at = random.randrange(len(line) + 1)
    cut = random.choice([0, 0, 1, 2])
    return line[:at] + random.choice(list(" :-#{}[],\"'&*!|>%@\t：\u3000\u00a0é=/.$") + ["  ", ""]) + line[at + cut :]


LINE = [scalar, scalar, key, case, quotes, quotes, spot, spot, lambda r, l: "  " + l, lambda r, l: l[2:] if l[:2] == "  " else l]


def mutant(random, seeds):
    name, text = random.choice(seeds)
    lines = text.split("\n")
    for _ in range(random.choice([1, 1, 1, 2, 2, 3, 5])):
        at = random.randrange(len(lines))
        kind = random.random()
        if kind < 0.7:
            lines[at] = random.choice(LINE)(random, lines[at])
        elif kind < 0.76:
            del lines[at : at + random.choice([1, 1, 2, 4])]
        elif kind < 0.82:
            lines.insert(at, lines[random.randrange(len(lines))])
        elif kind < 0.88:
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines.insert(at, indent + random.choice(KEYS) + ": " + random.choice(SCALARS))
        elif kind < 0.92:
            other = random.choice(seeds)[1].split("\n")
            start = random.randrange(len(other))
            lines[at:at] = other[start : start + random.randrange(1, 8)]
        elif kind < 0.96:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            end = min(len(lines), at + random.randrange(2, 9))
            lines[at:end] = ["  " + line for line in lines[at:end]]
        lines = lines or [""]
    text = "\n".join(lines)
    data = text.encode("utf-8", "surrogateescape")
    shape = random.random()
    if shape < 0.02:
        data = data.replace(b"\n", b"\r\n")
    elif shape < 0.03:
        data = b"\xef\xbb\xbf" + data
    elif shape < 0.04:
        data = text.encode(random.choice(["utf-16-le", "utf-16-be", "utf-16"]), "surrogatepass")
    elif shape < 0.05:
        data = data[: random.randrange(len(data) + 1)]
    elif shape < 0.06:
        data = data.rstrip(b"\n")
    return name, data


def lint(folder, jobs, names, *flags):
    command = [BINARY, "lint", *flags, "--files-from", "-"] + (["--jobs", str(jobs)] if jobs else [])
    ended = subprocess.run(command, input="\0".join(names + [""]).encode(), capture_output=True, cwd=folder)
    if ended.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(command)}: status {ended.returncode}\n{ended.stderr[-2000:].decode()}")
    if "--diff" in flags:
        return ended.stdout
    if "json" not in flags:
        return {}
    document = json.loads(ended.stdout)
    files = {name: (None, []) for name in names}
    for file in document["files"]:
        files[file["path"]] = (file.get("verdict"), [])
    for finding in document["findings"]:
        if finding.get("file") in files:
            files[finding["file"]][1].append(finding)
    return files


def is_json(data):
    try:
        json.loads(data)
        return data.lstrip()[:1] in (b"{", b"[")
    except ValueError:
        return False


def is_broken(state):
    verdict, findings = state
    return (verdict or {}).get("stage") == "yaml" or any(f["rule"].startswith("yaml/") for f in findings)


def count(findings):
    return collections.Counter((f["rule"], f.get("path") or f["message"]) for f in findings)


def patched(folder, diff):
    """Makes of the files in a folder what a diff says. What has a credential is not told, and left out.

    Returns the names that the diff has, with whether it can be applied.
    """
    # A part begins with its note, if it has one, else with its header; a line of a hunk begins with neither.
    names = {}
    parts = re.split(rb"^(?=--- a/[^\n]*\n\+\+\+ b/)", diff, flags=re.M)
    for note, part in zip(parts, parts[1:]):
        name = part.split(b"\n", 1)[0].removeprefix(b"--- a/").rstrip(b"\t").decode()
        names[name] = not note.rstrip(b"\n").rsplit(b"\n", 1)[-1].startswith(b"# ")
        if names[name]:
            body = re.sub(rb"^# [^\n]*\n\Z", b"", part, flags=re.M)
            command = ["patch", "--binary", "-s", "-p1", "-F0", "-d", str(folder)]
            subprocess.run(command, input=body, capture_output=True)
    return names


def differing(folder, jobs, names, *flags):
    """The names of the files of which --diff shows something else than --fix writes, and what --fix writes."""
    old = {name: (folder / name).read_bytes() for name in names}
    told = patched(folder, lint(folder, jobs, names, "--diff", *flags))
    shown = {name: (folder / name).read_bytes() if (folder / name).exists() else b"" for name in names}
    for name in names:
        (folder / name).write_bytes(old[name])
    lint(folder, jobs, names, "--fix", "-q", *flags)
    new = {name: (folder / name).read_bytes() for name in names}
    return {name for name in names if told.get(name, True) and shown[name] != new[name]}, new


def faults(before, after, old, new, again):
    """What is wrong with a file: its states and its bytes before --fix, after it, and after a second one."""
    rank = {True: 2, None: 1, False: 0}
    accepted = [rank[(state[0] or {}).get("accepts")] for state in (before, after)]
    if before[0] and accepted[1] < accepted[0]:
        yield "worse: APISIX takes it no longer"
    if new != old and is_json(old) and not is_json(new):
        yield "worse: no JSON any more"
    if not is_broken(before):
        if is_broken(after):
            yield "worse: cannot be read any more"
        # By rule: APISIX tells one mistake of a kind at a time.
        errors = [collections.Counter(f["rule"] for f in s[1] if f["severity"] == "error") for s in (before, after)]
        if errors[1] - errors[0]:
            yield f"worse: new errors {sorted(errors[1] - errors[0])}"
    if again != new:
        yield "unstable: a second --fix changes it"
    left = [f["rule"] for f in after[1] if (f.get("fix") or {}).get("safe")]
    if left:
        yield f"promised and not done: {left}"
    promised = count(f for f in before[1] if (f.get("fix") or {}).get("safe"))
    kept = [key for key in promised if count(after[1])[key] > count(before[1])[key] - promised[key]]
    if kept:
        yield f"promised and not done: {kept}"


def judge(folder, jobs, names):
    read = lambda: {name: (folder / name).read_bytes() for name in names}
    old, before = read(), lint(folder, jobs, names, "-o", "json")
    others, _ = differing(folder, jobs, names, "--unsafe-fixes")
    for name in names:
        (folder / name).write_bytes(old[name])
    safe, new = differing(folder, jobs, names)
    after = lint(folder, jobs, names, "-o", "json")
    lint(folder, jobs, names, "--fix", "-q")
    again = read()
    changed = sum(old[name] != new[name] for name in names)
    found = {n: list(faults(before[n], after[n], old[n], new[n], again[n])) for n in names}
    for flags, wrong in (("", safe), (" --unsafe-fixes", others)):
        for name in wrong:
            found[name].append(f"shown and not done: --diff{flags} is not what --fix{flags} writes")
    return changed, {name: (said, old[name]) for name, said in found.items() if said}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("folders", nargs="*", default=[ROOT / "Tests/Fixtures", ROOT / "docs/examples"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int)
    options = parser.parse_args()
    seeds = [
        (path.name, path.read_bytes().decode("utf-8", "surrogateescape"))
        for folder in options.folders
        for path in sorted(pathlib.Path(folder).rglob("*"))
        if path.suffix in (".yaml", ".yml", ".json") and path.name[0] != "." and path.is_file() and path.stat().st_size < 20_000
    ]
    random_ = random.Random(options.seed)
    left = ROOT / ".build/mutants"
    done = changed = 0
    kinds = collections.Counter()
    # In memory, where there is such a place: every fix is synced to the disk.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as temporary:
        while done < options.count:
            folder = pathlib.Path(temporary) / "batch"
            shutil.rmtree(folder, ignore_errors=True)
            names = []
            for index in range(min(BATCH, options.count - done)):
                name, data = mutant(random_, seeds)
                names.append(f"{index}/{name}")
                (folder / str(index)).mkdir(parents=True)
                (folder / names[-1]).write_bytes(data)
            more, suspects = judge(folder, options.jobs, names)
            changed += more
            for name, (_, data) in suspects.items():
                # Other files may have a part in it: alone once more.
                (folder / name).write_bytes(data)
                _, alone = judge(folder, options.jobs, [name])
                for said, data in alone.values():
                    left.mkdir(parents=True, exist_ok=True)
                    kept = left / f"{options.seed}-{done}-{name.replace('/', '-')}"
                    kept.write_bytes(data)
                    kinds.update(text.partition(":")[0] for text in said)
                    print(f"{kept}: {'; '.join(said)}")
            done += len(names)
    figures = ", ".join(f"{kinds[kind]} {kind}" for kind in ("worse", "unstable", "promised and not done", "shown and not done"))
    print(f"{done} mutated files of {len(seeds)}, {changed} changed by --fix: {figures}")
    sys.exit(1 if kinds else 0)


main()
