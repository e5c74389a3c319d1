#!/usr/bin/env python3
"""Baton's intake beside Python's readers of the same formats, in one run.

Both read the same generated files: a mailbox of text mails of about four
kilobytes with the standard library's `mailbox` and `email`, captions with
`webvtt-py` (`pip install webvtt-py`). Baton prints the whole conversation as
JSON; Python only decodes headers and text, so the comparison favours it.

    cargo build --release && benches/compare.py [megabytes]
"""
import email.policy
import mailbox
import os
import resource
import subprocess
import sys
import tempfile
import time

BATON = os.path.join(os.path.dirname(__file__), "..", "target", "release", "baton")
SENTENCES = [
    "We want to go live on June 1 with forty seats in Oslo and Bergen.",
    "The warehouse team needs the mobile app before the end of May.",
    "Billing is yearly, and the invoice goes to our finance team.",
    "Single sign-on is a must for us, everything else can wait.",
    "Could you send the data processing agreement by Friday?",
]


def write_mailbox(path, size):
    written = number = 0
    with open(path, "w") as out:
        while written < size:
            words = "\n".join(SENTENCES[(number + at * 7) % 5] for at in range(56))
            mail = (
                "From dana@northwind.example Mon Mar  2 09:14:00 2026\n"
                "From: Dana Whitfield <dana@northwind.example>\nTo: marcus@acme.example\n"
                f"Subject: Rollout {number}\nDate: Mon, 2 Mar 2026 09:{number % 60:02}:00 +0100\n"
                f"Message-ID: <{number}@northwind.example>\nContent-Type: text/plain; charset=utf-8\n\n"
                f"Hi Marcus,\n\n{words}\nThis is mail {number}.\n\nBest regards,\nDana Whitfield\n\n"
            )
            written += out.write(mail)
            number += 1


def write_captions(path, size):
    written, cue = 0, 0
    with open(path, "w") as out:
        written += out.write("WEBVTT\n\n")
        while written < size:
            hour, minute, second = cue // 900, cue // 15 % 60, cue % 15 * 4
            name = "Dana Whitfield" if cue // 3 % 2 == 0 else "Marcus Lee"
            stamp = f"{hour:02}:{minute:02}:{second:02}.000 --> {hour:02}:{minute:02}:{second + 3:02}.500"
            written += out.write(f"{stamp}\n<v {name}>{SENTENCES[cue % 5]}</v>\n\n")
            cue += 1


def read_mailbox(path):
    factory = lambda file: email.message_from_binary_file(file, policy=email.policy.default)
    for message in mailbox.mbox(path, factory=factory):
        body = message.get_body(("plain",))
        _ = (message["from"], message["date"], message["subject"], body and body.get_content())


def read_captions(path):
    import webvtt

    for caption in webvtt.read(path):
        _ = (caption.start, caption.voice, caption.text)


def run_baton(path):
    command = [BATON, "read", "--our-domain", "acme.example", "--format", "json", path]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def main():
    size = int(sys.argv[1] if len(sys.argv) > 1 else 20) * 1_000_000
    print(f"{'format':8} {'MB':>6} {'Baton':>10} {'Python':>10} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name, write, read in (("mbox", write_mailbox, read_mailbox), ("vtt", write_captions, read_captions)):
            path = os.path.join(folder, f"2026-03-02.{name}")
            write(path, size)
            megabytes = os.path.getsize(path) / 1e6
            seconds = []
            for reader in (run_baton, read):
                start = time.perf_counter()
                reader(path)
                seconds.append(time.perf_counter() - start)
            ours, theirs = (f"{megabytes / took:.1f} MB/s" for took in seconds)
            print(f"{name:8} {megabytes:6.1f} {ours:>10} {theirs:>10} {seconds[1] / seconds[0]:6.1f}x")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"Baton's peak memory, reading and printing: {peak:.0f} MiB, {peak * 1.048576e6 / size:.1f} x the file")


main()
