"""Batches of every stage: rows of T + 1 tokens out of books, modern prose, tasks, passkeys and repeated spans.

A row carries, besides its tokens, the weight of the loss at each of them and its pointers: places from which the pointer
head is taught to look at given sentences. Passkeys and repeats are made as they are drawn, so they never run out; they teach
what the window is for: to find an earlier place by what it says, and copy on from there.
"""
from dataclasses import dataclass, field

import numpy as np
import torch

from prepare import load_tasks
from tokenizer import ANSWER, BOS, DOCUMENT, EOS, QUESTION, SENTENCE, Encoder

SHARES = {"squad": 0.22, "selqa": 0.08, "qed": 0.04, "none": 0.05, "scitldr": 0.1, "openstax": 0.03, "pep": 0.02,
          "glossary": 0.03, "cloze": 0.2, "keyword": 0.23}
FILLER = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again."
OPENING = ("There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. "
           "I will quiz you about the important information there.")
NAMES = ["pass key", "pass key", "pass key", "secret number", "access code", "magic number", "key of the safe", "door code"]


@dataclass
class Row:
    ids: np.ndarray                                  # (T + 1,)
    weights: np.ndarray                              # (T,), of the loss of ids[1:]
    pointers: list = field(default_factory=list)     # (at, spans (n, 2), gold)


@dataclass
class Batch:
    ids: torch.Tensor        # (B, T + 1)
    weights: torch.Tensor    # (B, T)
    pointers: list           # (row, at, spans, gold)
    # Of the end of a long text only:
    past: torch.Tensor = None        # (1, past) tokens before it; the pointers' spans count from their start
    positions: torch.Tensor = None   # (T,)
    mask: torch.Tensor = None        # (T, T), see `attention`
    kind: str = ""
    whole: bool = False              # the past sees all of itself, as in use; dear, see Llama.prefix

    def to(self, device):
        move = lambda t: t if t is None else t.to(device)
        return Batch(move(self.ids), move(self.weights), self.pointers, *map(move, (self.past, self.positions, self.mask)), self.kind, self.whole)


def five_digits(rng):
    """Every other one with a digit twice in a row: copying by "what came after this digit" goes wrong there (LOG.md)."""
    digits = rng.integers(0, 10, 5)
    digits[0] = rng.integers(1, 10)
    if rng.random() < 0.5:
        at = rng.integers(4)
        digits[at + 1] = digits[at]
    return "".join(map(str, digits))


def pose(rng, B, T, target):
    """Position ids (B, T): 0.. in steps of one, with one to three random jumps; the last id is below `target`."""
    positions = np.tile(np.arange(T), (B, 1))
    for row in positions:
        jumps = int(rng.integers(1, 4))
        room = np.sort(rng.integers(0, target - T + 1, jumps))
        cuts = np.sort(rng.integers(0, T, jumps))
        for cut, skip in zip(cuts, np.diff(room, prepend=0)):
            row[cut:] += skip
    return torch.from_numpy(positions)


class Data:
    """Kinds of rows: book, modern, task, passkey, repeat. context: weight of what is not an answer in tasks."""

    def __init__(self, run, split, context=1.0, long=False):
        self.enc = Encoder(run / "tokenizer.json")
        self.streams = {k: np.load(run / f"{k}s_{split}.npy" if k == "book" else run / f"{k}_{split}.npy", mmap_mode="r") for k in ("book", "modern")}
        self.context = context
        self.articles = torch.load(run / f"articles_{split}.pt", weights_only=False) if long else None
        self.by_kind = {}
        for t in sorted(load_tasks(run / f"tasks_{split}.pt"), key=lambda t: len(t.ids)):
            self.by_kind.setdefault(t.kind, []).append(t)
        self.lengths = {k: np.array([len(t.ids) for t in ts]) for k, ts in self.by_kind.items()}

    def batch(self, rng, rows, T, shares):
        """shares: of each kind of row, in any unit."""
        kinds, p = list(shares), np.array(list(shares.values()), float)
        drawn = [getattr(self, kinds[rng.choice(len(kinds), p=p / p.sum())])(rng, T) for _ in range(rows)]
        return Batch(torch.from_numpy(np.stack([r.ids for r in drawn]).astype(np.int64)),
                     torch.from_numpy(np.stack([r.weights for r in drawn]).astype(np.float32)),
                     [(i, *p) for i, r in enumerate(drawn) for p in r.pointers])

    def text(self, rng, n, kind="book"):
        at = rng.integers(len(self.streams[kind]) - n)
        return self.streams[kind][at:at + n]

    def book(self, rng, T, kind="book"):
        return Row(np.concatenate([[BOS], self.text(rng, T, kind)]), np.ones(T))

    def modern(self, rng, T):
        return self.book(rng, T, "modern")

    def draw_task(self, rng, longest):
        """A task of at most `longest` tokens, by the shares above."""
        kinds = [k for k in SHARES if k in self.by_kind]
        p = np.array([SHARES[k] for k in kinds])
        kind = kinds[rng.choice(len(kinds), p=p / p.sum())]
        fits = int(np.searchsorted(self.lengths[kind], longest, side="right"))
        return self.by_kind[kind][rng.integers(fits)] if fits else self.draw_task(rng, longest)

    def task(self, rng, T):
        """Tasks one after another; the last one is cut."""
        ids, weights, pointers = [], [], []
        while len(ids) <= T:
            t, at = self.draw_task(rng, T + 1), len(ids)
            ids += t.ids.tolist()
            weights += [0.0 if at else self.context] + [self.context] * t.answer_at + [1.0] * (len(t.ids) - t.answer_at - 1)
            if t.gold and at + t.answer_at < T:
                pointers.append((at + t.answer_at, t.spans + at, t.gold))
        return Row(np.array(ids[:T + 1]), np.array(weights[1:T + 1]), pointers)

    def filler(self, rng, n):
        """Pieces (token lists) of about n tokens in all: the well-known filler, or sentences of books, or a few of them repeated."""
        how = rng.integers(4)
        if how < 2:
            piece = self.enc.encode(" " + FILLER)
            return [piece] * max(1, n // len(piece))
        prose = self.enc.decode(self.text(rng, int(n if how == 2 else rng.integers(30, 120)), rng.choice(["book", "modern"])))
        pieces = [self.enc.encode(" " + s.strip()) for s in prose.replace("\n", " ").split(". ") if s.strip()]
        if not pieces:      # no sentence ended there
            return self.filler(rng, n)
        return pieces if how == 2 else pieces * max(1, n // sum(map(len, pieces)))

    def passkey(self, rng, T):
        """Hidden digits and the question for them, in rows of one or several; one in four as a question task with a pointer."""
        ids, weights, pointers = [], [], []
        while len(ids) <= T:
            n = T if not ids and rng.random() < 0.4 else int(np.exp(rng.uniform(np.log(80), np.log(T + 1))))
            one, w, pointer = (self.asked if rng.random() < 0.25 else self.plain)(rng, n - 4)
            if pointer and len(ids) + pointer[0] < T:
                pointers.append((len(ids) + pointer[0], pointer[1] + len(ids), pointer[2]))
            ids, weights = ids + one, weights + w
        return Row(np.array(ids[:T + 1]), np.array(weights[1:T + 1]), pointers)

    def key(self, rng, name, digits=4.0):
        """-> the sentence that hides a key, and the question for it with its answer, as (token, weight of its loss): the first time
        nobody can know the digits, so it counts for nothing; few tokens have to teach the rest, so they count for more."""
        key = five_digits(rng)
        parts = lambda *texts: [(t, w) for text, w in texts for t in self.enc.encode(text)]
        return (parts((f" The {name} is", 0.1), (f" {key}", 0.0), (". Remember it.", 0.1), (f" {key}", digits), (f" is the {name}.", 0.1)),
                parts((f" What is the {name}? The {name} is", 0.1), (f" {key}", digits)))

    def plain(self, rng, n):
        """The passkey prompt of arXiv 2306.15595 and its like -> (ids, weights, no pointer), n tokens or a little less; two times in
        five with several keys, which are all asked for."""
        names = list(rng.permutation(sorted(set(NAMES)))[:rng.integers(2, 5)]) if n > 200 and rng.random() < 0.4 else [NAMES[rng.integers(len(NAMES))]]
        hidden, asked = zip(*[self.key(rng, name) for name in names])
        head = [(t, 0.1) for t in [BOS, *self.enc.encode(OPENING if rng.random() < 0.6 and n > 120 else "A text.")]]
        pieces = self.fit(self.filler(rng, n), n - len(head) - sum(map(len, hidden + asked)))
        pieces = [[(t, 0.05) for t in p] for p in pieces]
        for h in hidden:
            pieces.insert(int(rng.integers(len(pieces) + 1)), h)
        ids, weights = zip(*head, *sum(pieces, []), *sum((asked[i] for i in rng.permutation(len(asked))), []))
        return [*ids, EOS], [*weights, 0.1], None

    def asked(self, rng, n):
        """The same as a question about a document, answered by the sentence, with the pointer on it."""
        name, key = NAMES[rng.integers(len(NAMES))], five_digits(rng)
        pieces = [[SENTENCE, *self.enc.encode(self.enc.decode(p).strip())] for p in self.fit(self.filler(rng, n), n - 60)]
        gold = int(rng.integers(len(pieces) + 1))
        pieces.insert(gold, [SENTENCE, *self.enc.encode(f"The {name} is {key}.")])
        ends = np.cumsum([len(p) for p in pieces]) + 2
        document = [BOS, DOCUMENT, *sum(pieces, []), QUESTION, *self.enc.encode(f"What is the {name}?"), ANSWER]
        ids = document + pieces[gold] + [EOS]
        weights = [0.05] * len(document) + [3.0] * (len(pieces[gold]) + 1)
        spans = np.stack([ends - [len(p) for p in pieces], ends], 1)
        return ids, weights, (len(document) - 1, spans, [gold])

    @staticmethod
    def fit(pieces, room):
        out, size = [], 0
        for p in pieces:
            if size + len(p) > room:
                break
            out, size = out + [p], size + len(p)
        return out

    def repeat(self, rng, T):
        """Spans that come again, word for word, at all distances: in text, or among random tokens, where nothing else can
        be learnt. The loss counts in full where a span has come again, from its second token on."""
        random = rng.random() < 0.5
        text = rng.integers(SENTENCE + 1, len(self.enc.vocab), T) if random else self.text(rng, T, "book" if rng.random() < 0.7 else "modern")
        ids, weights, at = np.concatenate([[BOS], text]), np.full(T, 0.0 if random else 0.3), int(rng.integers(16, 100))
        while at < T - 12:
            n = min(int(rng.integers(8, 80)), at - 1, T + 1 - at)
            start = int(rng.integers(1, at - n + 1))
            ids[at:at + n] = ids[start:start + n]
            weights[at:at + n - 1] = 1.0
            at += n + int(rng.integers(8, max(20, T // 12)))
        return Row(ids, weights)

    # The end of a long text: L tokens in all, the loss on the last of them.

    def long(self, rng, L, whole):
        """`whole`: share of those whose past sees all of itself. They are dear, so more of their text counts."""
        kind, n = (("text", 512), ("keys", 128), ("questions", 512))[rng.choice(3, p=(0.45, 0.3, 0.25))]
        seen = rng.random() < whole
        batch = getattr(self, f"long_{kind}")(rng, L, n * 4 if seen and kind == "text" else n)
        batch.kind, batch.whole = kind, seen
        return batch

    def long_text(self, rng, L, n):
        """A stretch of one book."""
        stream = self.streams["book"]
        while True:
            at = int(rng.integers(len(stream) - L))
            if not (stream[at + 1:at + L] == BOS).any():
                break
        ids = np.concatenate([[BOS], stream[at:at + L]]).astype(np.int64)
        return self.end(ids, L - n, np.ones(n))

    def long_keys(self, rng, L, n):
        """Up to five hidden keys; all are asked for at the end."""
        names = rng.permutation(sorted(set(NAMES)))[:rng.integers(1, 6)]
        hidden, asked = zip(*[self.key(rng, name, 1.0) for name in names])
        ask = sum((asked[i] for i in rng.permutation(len(asked))), [])
        head = [BOS, *self.enc.encode(OPENING)]
        pieces = self.fit(self.filler(rng, L), L - len(head) - sum(map(len, hidden + asked)))
        for h in hidden:
            pieces.insert(int(rng.integers(len(pieces) + 1)), [t for t, _ in h])
        ids = np.array(head + sum(pieces, []) + [t for t, _ in ask])
        start = len(ids) - 1 - max(n, len(ask))
        weights = [0.02] * (len(ids) - 1 - start - len(ask)) + [w for _, w in ask]
        return self.end(ids, start, np.array(weights))

    def long_document(self, rng, room):
        """Articles one after another until the room is full -> ids, spans, and questions (ids, gold) about what is there."""
        ids, spans, asked, full = [BOS, DOCUMENT], [], [], False
        while not full:
            article = self.articles[rng.integers(len(self.articles))]
            begin = int(rng.integers(max(1, len(article["sentences"]) // 3)))
            first = len(spans) - begin      # of a sentence's number in the article to its number here
            for sentence in article["sentences"][begin:]:
                if full := len(ids) + 1 + len(sentence) > room:
                    break
                spans.append((len(ids), len(ids) + 1 + len(sentence)))
                ids += [SENTENCE, *sentence.tolist()]
            there = [(q, [g + first for g in gold]) for q, gold in article["questions"] if min(gold) >= begin and max(gold) + first < len(spans)]
            asked += [there[i] for i in rng.permutation(len(there))[:12]]
        return ids, np.array(spans), [asked[i] for i in rng.permutation(len(asked))]

    def long_questions(self, rng, L, n):
        """A long document, and questions that each follow it directly: they do not see one another."""
        ids, spans, asked = self.long_document(rng, L - n)
        tail, weights, positions, pointers, sizes, first = [], [], [], [], [], len(ids)
        for question, gold in asked:
            prompt, answer = [QUESTION, *question.tolist(), ANSWER], ids[slice(*spans[gold[0]])][:40]
            if len(tail) + len(prompt) + len(answer) > n:
                continue
            pointers.append((0, len(tail) + len(prompt) - 1, spans, gold))
            weights += [0.0] * (len(prompt) - 1) + [1.0] * len(answer) + [0.0]
            positions += range(first, first + len(prompt) + len(answer))
            sizes.append(len(prompt) + len(answer))
            tail += prompt + answer
        if not tail:
            return self.long_questions(rng, L, n)
        T = len(tail)
        own = torch.block_diag(*[torch.ones(s, s) for s in sizes]).tril()
        mask = torch.zeros(T, T).masked_fill(own == 0, float("-inf"))
        return Batch(torch.tensor([tail + [EOS]]), torch.tensor([weights], dtype=torch.float32), pointers,
                     torch.tensor([ids]), torch.tensor(positions), mask)

    @staticmethod
    def end(ids, start, weights):
        """ids: tokens and one more; the loss counts from `start` on."""
        return Batch(torch.from_numpy(ids[None, start:].astype(np.int64)), torch.from_numpy(weights[None].astype(np.float32)), [],
                     torch.from_numpy(ids[None, :start].astype(np.int64)), torch.arange(start, len(ids) - 1))
