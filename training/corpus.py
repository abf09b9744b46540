"""Readers of the corpus: every source becomes documents with an id, prose text and, where it has them, human labels.

The corpus itself is not part of the project (see README.md). Its folder is named by --corpus or LONGLEAF_CORPUS; the
default is shared/corpus beside the checkout. The split is by document and depends on its id only, so that it never moves:
what `held_out` says is validation is never trained on, by any stage.
"""
import gzip
import html
import io
import json
import os
import re
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def corpus_dir(argument=None):
    folder = Path(argument or os.environ.get("LONGLEAF_CORPUS") or HERE.parent.parent / "shared" / "corpus")
    if not (folder / "pg-books-index.tsv").exists():
        raise SystemExit(f"No corpus in {folder}. Name its folder with --corpus or LONGLEAF_CORPUS (README.md lists its files).")
    return folder


def rows(path):
    """Yields one dict per line of a .jsonl.gz or .jsonl.zst file."""
    if path.suffix == ".gz":
        stream = gzip.open(path, "rt", encoding="utf-8")
    else:
        import zstandard
        reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(open(path, "rb"))
        stream = io.TextIOWrapper(reader, encoding="utf-8")
    with stream:
        for line in stream:
            yield json.loads(line)


def held_out(source, ident):
    """True for validation documents: one book in 50, one SQuAD article in 8 (they are few), one other document in 20."""
    one_in = {"book": 50, "squad": 8}.get(source, 20)
    return zlib.crc32(f"{source}/{ident}".encode()) % one_in == 0


def clean(text):
    """HTML entities, odd spaces and runs of blank lines; leaves paragraphs as they are."""
    text = html.unescape(text).replace("\u00a0", " ").replace("\r", "")
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def detokenise(text):
    """Joins the punctuation that QED and QMSum set apart by spaces."""
    text = re.sub(r"\{\w+\}", "", text)
    text = re.sub(r"\s+([.,;:!?%)\]}])", r"\1", text)
    text = re.sub(r"([(\[{$])\s+", r"\1", text)
    text = re.sub(r"\s+('s|'re|'ll|'ve|'d|'m|n't)\b", r"\1", text)
    text = re.sub(r"(\w) - (\w)", r"\1-\2", text)
    text = text.replace("`` ", '"').replace(" ''", '"')
    return re.sub(r"\s+", " ", text).strip()


def unwrap(text):
    """Joins hard-wrapped lines inside paragraphs; keeps indented lines (code, verse, tables) as they are."""
    out = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        wrapped = all(not line.startswith((" ", "\t", "-", "*", "#", "+", "|", "==", "~~")) for line in lines)
        out.append(" ".join(lines) if wrapped else block)
    return "\n\n".join(out)


def books(folder, chars=None):
    for part in range(1, 5):
        for row in rows(folder / f"pg-books-{part}.jsonl.zst"):
            yield {"source": "book", "id": row["id"], "title": row["title"], "text": clean(row["text"])[:chars]}


def factbook_text(data):
    """The long fields of one country as 'Section: sentence' paragraphs."""
    out = []
    for section, fields in data.items():
        for name, value in fields.items():
            parts = value if isinstance(value, dict) else {}
            texts = [parts["text"]] if isinstance(parts.get("text"), str) else [
                f"{key}: {v['text']}" for key, v in parts.items() if isinstance(v, dict) and isinstance(v.get("text"), str)]
            out += [f"{name}: {clean(re.sub(r'<[^>]+>', ' ', text))}" for text in texts if text]
    return "\n\n".join(out)


def modern(folder):
    """Modern prose: textbooks, PEPs, stories, meetings, encyclopaedia paragraphs, abstracts."""
    for r in rows(folder / "openstax.jsonl.gz"):
        text = clean(r["text"])
        yield {"source": "openstax", "id": r["module"], "title": r["title"], "text": text, "summary": r.get("summary"), "glossary": r.get("glossary") or []}
    for r in rows(folder / "peps.jsonl.gz"):
        yield {"source": "pep", "id": r["id"], "title": r["title"], "text": unwrap(clean(r["text"]))}
    for r in rows(folder / "squality.jsonl.gz"):
        lines = [line.strip() for line in clean(r["document"]).split("\n")]
        text = re.sub(r"([^.!?\"'”’:])\n(?=\S)", r"\1 ", "\n".join(lines))
        yield {"source": "squality", "id": r["id"], "title": lines[0], "text": re.sub(r"\n+", "\n\n", text)}
    for r in rows(folder / "qmsum.jsonl.gz"):
        turns = [f"{t['speaker']}: {detokenise(t['content'])}" for t in r["meeting_transcripts"]]
        yield {"source": "qmsum", "id": r["id"], "title": "Meeting", "text": "\n".join(turns)}
    for r in rows(folder / "factbook.jsonl.gz"):
        yield {"source": "factbook", "id": r["code"], "title": r["code"], "text": factbook_text(r["data"])}
    for article in squad(folder):
        text = "\n\n".join(p["context"] for p in article["paragraphs"])
        yield {"source": "squad", "id": article["title"], "title": article["title"].replace("_", " "), "text": text}
    for r in rows(folder / "qed-dev.jsonl.gz"):
        yield {"source": "qed", "id": r["title"], "title": r["title"], "text": detokenise(r["paragraph"])}
    for r in scitldr(folder):
        if r["split"] == "train":
            yield {"source": "scitldr", "id": r["id"], "title": r["title"], "text": r["title"] + "\n\n" + " ".join(r["sentences"])}


def squad(folder):
    """SQuAD 1.1 and 2.0 articles merged by title: each paragraph once, with the questions of both versions."""
    articles = {}
    for r in rows(folder / "squad-dev.jsonl.gz"):
        paragraphs = articles.setdefault(r["title"], {})
        for p in r["paragraphs"]:
            context = clean(p["context"])
            asked = paragraphs.setdefault(context, {})
            for qa in p["qas"]:
                asked[qa["question"]] = qa
    for title, paragraphs in articles.items():
        yield {"title": title, "paragraphs": [{"context": c, "qas": list(q.values())} for c, q in paragraphs.items()]}


def scitldr(folder):
    """Abstracts with their own split: train is for training, dev for validation, test is looked at once."""
    for r in rows(folder / "scitldr-a.jsonl.gz"):
        r["sentences"] = [clean(s) for s in r["sentences"]]
        yield r


ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Col|Capt|Lieut|Sen|Rep|vs|etc|e\.g|i\.e|cf|al|Fig|No|Vol|Jr|Sr|Inc|[A-Z]))\.$")


def sentences(paragraph):
    """Splits one paragraph after . ! ? and closing quotes, unless an abbreviation or an initial ends there."""
    out, start = [], 0
    for m in re.finditer(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])", paragraph):
        end = m.start() + len(m.group().rstrip())
        if not ABBREVIATION.search(paragraph[start:m.start() + 1]):
            out.append(paragraph[start:end].strip())
            start = m.end()
    out.append(paragraph[start:].strip())
    return [re.sub(r"\s+", " ", s) for s in out if s]
