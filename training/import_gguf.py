"""Continues from a GGUF file: its tokenizer and dequantised weights become what the training code starts from.

    python import_gguf.py --out RUN [--from ../assets/models/longleaf-sprig-q8_0.gguf]

writes RUN/tokenizer.json and RUN/start.pt, a checkpoint that every stage takes with --start RUN/start.pt.
"""
import argparse
import json
from pathlib import Path

import gguf
import torch

from model import Config, Llama, save


def field(reader, name):
    return reader.fields[name].contents()


def read_tokenizer(reader):
    tokens = field(reader, "tokenizer.ggml.tokens")
    return {"vocab": {token: i for i, token in enumerate(tokens)}, "merges": field(reader, "tokenizer.ggml.merges")}


def read_model(reader):
    """-> Llama with the weights of the file in float32; its rope_factor is that of the file."""
    has_factor = "llama.rope.scaling.factor" in reader.fields
    model = Llama(Config(
        vocab=len(field(reader, "tokenizer.ggml.tokens")), d=field(reader, "llama.embedding_length"),
        n_layers=field(reader, "llama.block_count"), n_heads=field(reader, "llama.attention.head_count"),
        n_kv_heads=field(reader, "llama.attention.head_count_kv"), ff=field(reader, "llama.feed_forward_length"),
        rope_factor=float(field(reader, "llama.rope.scaling.factor")) if has_factor else 1.0))
    weights = {t.name: torch.from_numpy(gguf.quants.dequantize(t.data, t.tensor_type).copy()) for t in reader.tensors}
    model.load_state_dict(weights)
    return model


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--from", dest="file", type=Path, default=Path("../assets/models/longleaf-sprig-q8_0.gguf"))
    a = args.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    reader = gguf.GGUFReader(a.file)
    (a.out / "tokenizer.json").write_text(json.dumps(read_tokenizer(reader), ensure_ascii=False, indent=0))
    model = read_model(reader)
    save(a.out / "start.pt", model)
    print(f"{a.file.name}: {sum(p.numel() for p in model.parameters()):,} parameters, RoPE factor {model.config.rope_factor}")
