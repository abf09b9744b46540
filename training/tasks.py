"""Turns labelled and unlabelled documents into the two tasks of the model: pick a summary, pick an answer.

A task is a document as a list of sentences (titles and headings among them), a question or none, and the indices of the
sentences to give; an empty list is the answer `none`. Human labels: SciTLDR, OpenStax summaries, PEP abstracts, SQuAD,
SelQA, QED, glossaries. Without labels, and so without limit: keywords of a sentence -> the sentence.
"""
import re
from collections import Counter
from dataclasses import dataclass

import corpus

STOP = set("a an and are as at be been but by can did do does for from had has have he her his how i if in into is it its more most not of on "
           "one or our she so some such that the their them then there these they this to was we were what when where which who whom whose "
           "why will with would you your".split())


@dataclass
class Task:
    kind: str
    doc: list          # sentences
    question: str      # None: a summary is wanted
    gold: list         # indices into doc


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def rouge1(candidate, reference):
    """F1 of word overlap (ROUGE-1 without stemming)."""
    a, b = Counter(words(candidate)), Counter(words(reference))
    hit = sum((a & b).values())
    return 2 * hit / (sum(a.values()) + sum(b.values())) if hit else 0.0


def oracle(doc, reference, most):
    """Greedy choice of sentences that together have the highest ROUGE-1 with the reference."""
    chosen, best = [], 0.0
    while len(chosen) < most:
        gains = [(rouge1(" ".join(doc[j] for j in sorted(chosen + [i])), reference), i) for i in range(len(doc)) if i not in chosen]
        score, i = max(gains, default=(0, 0))
        if score <= best + 0.01:
            break
        chosen, best = chosen + [i], score
    return sorted(chosen)


def split(text):
    """All sentences of a text; a heading (markdown or reST) is one sentence of its own."""
    out = []
    for block in re.split(r"\n\s*\n", text):
        block = re.sub(r"^#+ ", "", block)
        lines = [s for s in block.split("\n") if not re.fullmatch(r"\s*[=\-~^*]{3,}\s*", s)]
        out += corpus.sentences(" ".join(lines))
    return [s for s in out if 0 < len(s) <= 600]


def window(doc, gold, rng, chars):
    """The longest run of whole sentences within `chars` that holds a gold sentence, at a random place around it."""
    keep = rng.choice(gold) if gold else rng.randrange(len(doc))
    lo = hi = keep
    size = len(doc[keep])
    while True:
        sides = [s for s in ("lo", "hi") if (lo > 0 if s == "lo" else hi < len(doc) - 1)]
        side = rng.choice(sides) if sides else None
        more = 0 if side is None else len(doc[lo - 1] if side == "lo" else doc[hi + 1])
        if side is None or size + more > chars:
            break
        lo, hi, size = (lo - 1, hi, size + more) if side == "lo" else (lo, hi + 1, size + more)
    return doc[lo:hi + 1], [g - lo for g in gold if lo <= g <= hi]


def question_tasks(folder, rng, chars):
    """SQuAD (with unanswerable questions), SelQA, QED. Other paragraphs of the article stand around as distractors."""
    for art in corpus.squad(folder):
        title = art["title"].replace("_", " ")
        paras = [corpus.sentences(p["context"]) for p in art["paragraphs"]]
        flat = [s for p in paras for s in p]
        base = 0
        for p, sents in zip(art["paragraphs"], paras):
            for qa in p["qas"]:
                gold = []
                if not qa.get("is_impossible"):
                    gold = [base + i for i, s in enumerate(sents) if any(a in s for a in qa["answers"])][:1]
                    if not gold:
                        continue
                doc, g = window(flat, gold or [base], rng, chars())
                yield corpus.held_out("squad", art["title"]), Task("squad" if gold else "none", [title] + doc, qa["question"], [i + 1 for i in g if gold])
            base += len(sents)
    for r in corpus.rows(folder / "selqa.jsonl.gz"):
        doc, gold = window([s.strip() for s in r["sentences"]], r["answers"], rng, chars())
        yield corpus.held_out("selqa", r["article"]), Task("selqa", [r["article"], r["section"]] + doc, r["question"], [i + 2 for i in gold])
    for r in corpus.rows(folder / "qed-dev.jsonl.gz"):
        starts = r["sentence_starts"] + [len(r["paragraph"])]
        doc = [corpus.detokenise(r["paragraph"][a:b]) for a, b in zip(starts, starts[1:])]
        chosen = r.get("selected_sentence") or {}
        gold = [i for i, a in enumerate(r["sentence_starts"]) if a == chosen.get("start")]
        if gold and all(doc):
            yield corpus.held_out("qed", r["title"]), Task("qed", [r["title"]] + doc, r["question"], [gold[0] + 1])


def summary_tasks(folder, rng, chars):
    """SciTLDR's labelled sentence; OpenStax sections by the oracle of their summary; PEPs by their abstract."""
    for r in corpus.scitldr(folder):
        if r["split"] != "test" and any(r["labels"]):
            yield r["split"] != "train", Task("scitldr", [r["title"]] + r["sentences"], None, [r["labels"].index(1) + 1])
    for r in corpus.modern(folder):
        held = corpus.held_out(r["source"], r["id"])
        if r["source"] == "openstax":
            doc = split(r["text"])
            if r["summary"] and doc:
                gold = oracle(doc, r["summary"], 5)
                for g in gold:
                    part, inside = window(doc, [g], rng, chars())
                    at = doc.index(part[0])
                    inside = [i - at for i in gold if at <= i < at + len(part)] or inside
                    yield held, Task("openstax", [r["title"]] + part, None, [i + 1 for i in inside][:3])
            for term, meaning in r["glossary"]:
                match = [(rouge1(s, meaning), i) for i, s in enumerate(doc) if term.lower() in s.lower()]
                if match and max(match)[0] > 0.3:
                    part, g = window(doc, [max(match)[1]], rng, chars())
                    yield held, Task("glossary", part, f"What is {term}?", g)
        elif r["source"] == "pep":
            m = re.search(r"\nAbstract\n=+\n(.*?)\n\n[^\n]+\n=+\n", r["text"], re.S)
            lead = split(m.group(1)) if m else []
            if lead:
                rest = split(r["text"][m.end(1):])
                doc, size = [r["title"], "Abstract"] + lead, chars()
                for s in rest:
                    if sum(map(len, doc)) + len(s) > size:
                        break
                    doc.append(s)
                yield held, Task("pep", doc, None, list(range(2, 2 + min(2, len(lead)))))


def cloze(sentence, rng):
    """A rule-made question: a number or a name is taken out, the words around it ask for it. None where there is neither."""
    spans = [(m, "when" if re.fullmatch("1[0-9]{3}|20[0-9]{2}", m.group()) else "how many") for m in re.finditer(r"\b\d[\d,.]*\b", sentence)]
    spans += [(m, rng.choice(["who", "what", "which", "where"])) for m in re.finditer(r"(?<=[a-z,] )(?:[A-Z][a-z]+ ?)+", sentence)]
    if not spans:
        return None
    m, asks = rng.choice(spans)
    before, after = sentence[:m.start()].split(), sentence[m.end():].split()
    left = rng.randint(0, 6)
    around = [w.strip(".,;:!?\"'“”()") for w in before[len(before) - left:] + after[:rng.randint(2, 8)]]
    content = [w for w in around if w and w.lower() not in STOP]
    return f"{asks} {' '.join(w for w in around if w)}?" if len(content) >= 2 else None


def cloze_tasks(docs, rng, chars, per_doc):
    """docs: (held, sentences). Questions made by `cloze`, answered by the sentence that they were made from."""
    for held, doc in docs:
        for _ in range(per_doc if len(doc) >= 6 else 0):
            part, _ = window(doc, [rng.randrange(len(doc))], rng, chars())
            i = rng.randrange(len(part))
            question = cloze(part[i], rng)
            if question and len(part) >= 3:
                yield held, Task("cloze", part, question, [i])


def keyword_tasks(docs, rng, chars, per_doc):
    """docs: (held, sentences). The rarest words of a sentence ask for it; one time in eight they come from elsewhere."""
    docs = [(held, doc) for held, doc in docs if len(doc) >= 6]
    count = Counter(w for _, doc in docs for s in doc for w in set(words(s)))
    for held, doc in docs:
        for _ in range(per_doc):
            part, _ = window(doc, [rng.randrange(len(doc))], rng, chars())
            absent = rng.random() < 0.125
            home = rng.choice(docs)[1] if absent else part
            i = rng.randrange(len(home))
            keys = [w for w in dict.fromkeys(words(home[i])) if w not in STOP and len(w) > 2]
            keys = sorted(keys, key=lambda w: count[w])[:rng.randint(2, 5)]
            if len(keys) < 2 or len(part) < 3 or (absent and sum(any(k in s.lower() for s in part) for k in keys) > 0):
                continue
            keys = [w for w in words(home[i]) if w in keys] if rng.random() < 0.5 else rng.sample(keys, len(keys))
            yield held, Task("none" if absent else "keyword", part, " ".join(dict.fromkeys(keys)), [] if absent else [i])
