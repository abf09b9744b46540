"""Trains and loads the tokenizer: byte-level BPE, 9,292 tokens, in the form that llama.cpp calls gpt2 / llama-bpe.

8,192 tokens are learnt, digits one by one; the 1,100 numbers of two and three digits are appended to them, so that a number is
read in groups of up to three digits, as Llama 3 does: two equal digits in a row were confused when they were tokens (LOG.md).
Ids 0..7 are the control tokens of SPECIAL. The encoder that everything else uses does not know their spelling: text of a
document can never become a control token.

    python tokenizer.py --out RUN        writes RUN/tokenizer.json (vocabulary and merges)
"""
import argparse
import json
import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

import corpus

LEARNT = 8192
NUMBERS = [f"{n:0{digits}}" for digits in (2, 3) for n in range(10**digits)]
SPECIAL = ["<s>", "</s>", "<|document|>", "<|question|>", "<|summary|>", "<|answer|>", "<|none|>", "<|sentence|>"]
BOS, EOS, DOCUMENT, QUESTION, SUMMARY, ANSWER, NONE, SENTENCE = range(8)


# llama.cpp's expression for `llama-bpe`, with as many digits in a group as wanted.
WORDS = (r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,%d}"
         r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def pre_tokenizer(digits=3):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(WORDS % digits), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


def sample(folder, book_chars=30_000, modern_share=0.25, seed=1):
    """Texts of all sources: a slice from the middle of every training book, a quarter of the modern documents."""
    rng = random.Random(seed)
    for doc in corpus.books(folder):
        if not corpus.held_out("book", doc["id"]):
            start = rng.randrange(max(1, len(doc["text"]) - book_chars))
            yield doc["text"][start:start + book_chars]
    for doc in corpus.modern(folder):
        short = doc["source"] in ("openstax", "squad", "qed", "scitldr")
        if not corpus.held_out(doc["source"], doc["id"]) and (short or rng.random() < modern_share):
            yield doc["text"]


def train(folder, path):
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizer(digits=1)
    trainer = trainers.BpeTrainer(vocab_size=LEARNT, special_tokens=SPECIAL, show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tok.train_from_iterator(sample(folder), trainer)
    model = json.loads(tok.to_str())["model"]
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    assert len(model["vocab"]) == LEARNT and [model["vocab"][s] for s in SPECIAL] == list(range(8))
    write(path, *with_numbers(model["vocab"], merges))


def with_numbers(vocab, merges):
    """Vocabulary and merges with NUMBERS after them: each is made of the number that is a digit shorter, and its last digit."""
    new = [n for n in NUMBERS if n not in vocab]
    return {**vocab, **{n: len(vocab) + i for i, n in enumerate(new)}}, [*merges, *(f"{n[:-1]} {n[-1]}" for n in new)]


def write(path, vocab, merges):
    path.write_text(json.dumps({"vocab": vocab, "merges": merges}, ensure_ascii=False, indent=0))


class Encoder:
    """Text to ids and back. `encode` never yields a control token."""

    def __init__(self, path):
        saved = json.loads(Path(path).read_text())
        self.vocab, self.merges = saved["vocab"], saved["merges"]
        plain = {t: i for t, i in self.vocab.items() if i >= len(SPECIAL)}
        self.tok = Tokenizer(models.BPE(vocab=plain, merges=[tuple(m.split(" ")) for m in self.merges],
                                         ignore_merges=True))      # a whole word of the vocabulary is taken as it is, as llama.cpp does
        self.tok.pre_tokenizer = pre_tokenizer()
        self.tok.decoder = decoders.ByteLevel()

    def encode(self, text):
        return self.tok.encode(text).ids

    def encode_many(self, texts):
        return [e.ids for e in self.tok.encode_batch_fast(texts)]

    def decode(self, ids):
        return self.tok.decode([i for i in ids if i >= len(SPECIAL)])


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--corpus")
    args.add_argument("--out", type=Path, default=Path("run"))
    a = args.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    train(corpus.corpus_dir(a.corpus), a.out / "tokenizer.json")
    enc = Encoder(a.out / "tokenizer.json")
    text = "In 1973, don't the readers'  pass key 12345 <s> <|none|> naïve?\n\n"
    assert enc.decode(enc.encode(text)) == text and min(enc.encode(text)) >= len(SPECIAL)
    print("tokenizer:", len(enc.vocab), "tokens,", len(enc.merges), "merges")
