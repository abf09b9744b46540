"""Encodes the corpus once: token streams for pretraining, task sequences for tuning, both split by document.

    python prepare.py --out RUN

writes RUN/{books,modern}_{train,val}.npy (uint16 streams of <s> text </s>), RUN/tasks_{train,val}.pt (lists of Encoded)
and RUN/scitldr_{dev,test}.json. The layout of a task sequence is the contract with the app: see `encode_task`.
"""
import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import corpus
import tasks
from tokenizer import ANSWER, BOS, DOCUMENT, EOS, NONE, QUESTION, SENTENCE, SUMMARY, Encoder


@dataclass
class Encoded:
    ids: np.ndarray        # uint16, the whole sequence
    answer_at: int         # index of <|summary|> or <|answer|>; loss counts after it
    spans: np.ndarray      # (sentences, 2): where each sentence of the document lies, its <|sentence|> included
    gold: list             # which of them the answer quotes
    kind: str


def encode_document(enc, doc):
    """-> ids of `<s> <|document|> D` and the span of each sentence."""
    ids, spans = [BOS, DOCUMENT], []
    for sentence in enc.encode_many(doc):
        spans.append((len(ids), len(ids) + 1 + len(sentence)))
        ids += [SENTENCE, *sentence]
    return ids, spans


def encode_task(enc, task):
    """summary: <s> <|document|> D <|summary|> S </s>     question: <s> <|document|> D <|question|> q <|answer|> A </s>
    D, S and A are sentences, each <|sentence|> and its text; A is <|none|> if the document does not answer."""
    ids, spans = encode_document(enc, task.doc)
    ids += [SUMMARY] if task.question is None else [QUESTION, *enc.encode(task.question), ANSWER]
    answer_at = len(ids) - 1
    for g in task.gold:
        ids += ids[slice(*spans[g])]
    ids += [EOS] if task.gold else [NONE, EOS]
    return Encoded(np.array(ids, np.uint16), answer_at, np.array(spans), task.gold, task.kind)


def write_stream(enc, docs, out, name):
    streams = {False: [], True: []}
    for doc in docs:
        held = corpus.held_out(doc["source"], doc["id"])
        streams[held].append(np.array([BOS, *enc.encode(doc["text"]), EOS], np.uint16))
    for held, parts in streams.items():
        flat = np.concatenate(parts)
        np.save(out / f"{name}_{'val' if held else 'train'}.npy", flat)
        print(f"{name} {'val' if held else 'train'}: {len(parts)} documents, {len(flat):,} tokens", flush=True)


def load_tasks(path):
    return [Encoded(**fields) for fields in torch.load(path, weights_only=False)]


def all_tasks(folder, rng, chars, per_doc, book_chars):
    yield from tasks.question_tasks(folder, rng, chars)
    yield from tasks.summary_tasks(folder, rng, chars)
    books = []
    for d in corpus.books(folder):
        at = rng.randrange(max(1, len(d["text"]) - book_chars))
        books.append((corpus.held_out("book", d["id"]), tasks.split(d["text"][at:at + book_chars])))
    modern = [(corpus.held_out(d["source"], d["id"]), tasks.split(d["text"][:book_chars])) for d in corpus.modern(folder)
              if d["source"] in ("openstax", "squality", "squad", "factbook", "qmsum")]
    for make in (tasks.keyword_tasks, tasks.cloze_tasks):
        yield from make(books, rng, chars, per_doc)
        yield from make(modern, rng, chars, per_doc // 2)


def write_tasks(enc, folder, out, per_doc):
    rng = random.Random(2)
    chars = lambda: rng.choice([500, 900, 1300, 1500, 3000, 6000])
    kept = {False: [], True: []}
    for held, task in all_tasks(folder, rng, chars, per_doc, 40_000):
        e = encode_task(enc, task)
        if len(e.ids) <= 2048:
            kept[held].append(e)
    for held, encoded in kept.items():
        rng.shuffle(encoded)
        torch.save([vars(e) for e in encoded], out / f"tasks_{'val' if held else 'train'}.pt")
        kinds = {k: sum(e.kind == k for e in encoded) for k in sorted({e.kind for e in encoded})}
        print(f"tasks {'val' if held else 'train'}: {len(encoded)}, {sum(len(e.ids) for e in encoded):,} tokens, {kinds}", flush=True)


def articles(folder, rng, chars=120_000):
    """Long documents with questions: SQuAD's whole articles with the human ones, others with keywords and clozes."""
    for art in corpus.squad(folder):
        doc, questions = [art["title"].replace("_", " ")], []
        for p in art["paragraphs"]:
            sentences = corpus.sentences(p["context"])
            for qa in p["qas"]:
                gold = [] if qa.get("is_impossible") else [len(doc) + i for i, s in enumerate(sentences) if any(a in s for a in qa["answers"])]
                if gold:
                    questions.append((qa["question"], gold))
            doc += sentences
        yield corpus.held_out("squad", art["title"]), "squad", doc, questions
    for d in [*corpus.books(folder), *(d for d in corpus.modern(folder) if d["source"] in ("openstax", "qmsum", "squality"))]:
        at = rng.randrange(max(1, len(d["text"]) - chars))
        doc = tasks.split(d["text"][at:at + chars])
        whole = lambda: 10**9
        made = [t for make in (tasks.keyword_tasks, tasks.cloze_tasks) for _, t in make([(False, doc)], rng, whole, 20)] if len(doc) > 60 else []
        yield corpus.held_out(d["source"], d["id"]), d["source"], doc, [(t.question, t.gold) for t in made if t.gold]


def write_articles(enc, folder, out):
    kept = {False: [], True: []}
    for held, source, doc, questions in articles(folder, random.Random(3)):
        if questions:
            kept[held].append({"source": source, "sentences": [np.array(s, np.uint16) for s in enc.encode_many(doc)],
                               "questions": [(np.array(enc.encode(q), np.uint16), gold) for q, gold in questions]})
    for held, found in kept.items():
        torch.save(found, out / f"articles_{'val' if held else 'train'}.pt")
        print(f"articles {'val' if held else 'train'}: {len(found)}, {sum(len(a['questions']) for a in found)} questions", flush=True)


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--corpus")
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--book-chars", type=int, help="encode only the first so many characters of each book")
    args.add_argument("--tasks-per-doc", type=int, default=24, help="of either synthetic kind, for each book; half for other documents")
    a = args.parse_args()
    folder, enc = corpus.corpus_dir(a.corpus), Encoder(a.out / "tokenizer.json")
    for split in ("dev", "test"):
        picked = [r for r in corpus.scitldr(folder) if r["split"] == split]
        (a.out / f"scitldr_{split}.json").write_text(json.dumps(picked))
    write_tasks(enc, folder, a.out, a.tasks_per_doc)
    write_articles(enc, folder, a.out)
    write_stream(enc, corpus.modern(folder), a.out, "modern")
    write_stream(enc, corpus.books(folder, a.book_chars), a.out, "books")
