// Lines of text for a page of an export: where a line may break, which font writes which part, and the order in which parts stand
// when right-to-left and left-to-right text meet. A small part of the Unicode line breaking and bidirectional algorithms
// (UAX 14, UAX 9): runs of words, no nested embeddings, enough for quotations and receipts.

/** A piece of a line in one font and one direction; letters of right-to-left pieces are ordered by the font itself. */
export interface Atom {
  text: string;
  font: string;
  direction: 'left-to-right' | 'right-to-left' | 'neutral';
  /** Whether a line may end before it. */
  breaks: boolean;
}

export type PlacedAtom = Atom & { width: number };

export interface Line {
  atoms: PlacedAtom[];
  width: number;
  rightToLeft: boolean;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
/** Scripts that break between any two characters. */
const IDEOGRAPH =
  /[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u{20000}-\u{3ffff}]/u;
const MARK = /[\p{M}\u200d]/u;

export const isSpace = (text: string): boolean => text.trim() === '';

const directionOf = (sign: string): Atom['direction'] =>
  RIGHT_TO_LEFT.test(sign) ? 'right-to-left' : /[\p{L}\p{N}]/u.test(sign) ? 'left-to-right' : 'neutral';

/** Splits `text` wherever the font, the direction or a possible end of line changes. */
export const atomsOf = (text: string, fontOf: (character: string) => string): Atom[] => {
  const atoms: Atom[] = [];
  let afterSpace = true;
  for (const sign of text.replace(/\s+/g, ' ').trim()) {
    const space = sign === ' ';
    const last = atoms.at(-1);
    if (last && MARK.test(sign)) {
      last.text += sign;
      continue;
    }
    const ideograph = IDEOGRAPH.test(sign);
    const direction = space ? 'neutral' : directionOf(sign);
    const font = space ? (last?.font ?? fontOf('a')) : fontOf(sign);
    const joins =
      last &&
      !space &&
      !afterSpace &&
      !ideograph &&
      !IDEOGRAPH.test(last.text) &&
      last.font === font &&
      (last.direction === direction || (direction === 'neutral' && last.direction !== 'neutral'));
    if (joins) last.text += sign;
    else atoms.push({ text: sign, font, direction, breaks: afterSpace || ideograph });
    afterSpace = space;
  }
  return atoms;
};

/** Breaks atoms into lines of at most `width`, each in the order in which it is seen. */
export const arrange = (atoms: readonly PlacedAtom[], width: number): Line[] => {
  const rightToLeft = atoms.find(({ direction }) => direction !== 'neutral')?.direction === 'right-to-left';
  const lines: PlacedAtom[][] = [[]];
  let used = 0;
  for (const word of wordsOf(atoms.flatMap((atom) => (atom.width > width ? pieces(atom, width) : [atom])))) {
    const length = word.reduce((sum, atom) => sum + atom.width, 0);
    const visible = isSpace(word[0]!.text) ? 0 : length;
    if (used > 0 && used + visible > width) {
      lines.push([]);
      used = 0;
    }
    if (used === 0 && visible === 0) continue;
    lines.at(-1)!.push(...word);
    used += length;
  }
  return lines.map((line) => {
    while (line.length > 0 && isSpace(line.at(-1)!.text)) line.pop();
    return {
      atoms: inSight(line, rightToLeft),
      width: line.reduce((sum, atom) => sum + atom.width, 0),
      rightToLeft,
    };
  });
};

/** Atoms that no line may end between. */
const wordsOf = (atoms: readonly PlacedAtom[]): PlacedAtom[][] => {
  const words: PlacedAtom[][] = [];
  for (const atom of atoms) {
    const last = words.at(-1);
    if (!last || atom.breaks || isSpace(atom.text) || isSpace(last[0]!.text)) words.push([atom]);
    else last.push(atom);
  }
  return words;
};

/** A word longer than a line, cut where the line ends: by the average width of its characters. */
const pieces = (atom: PlacedAtom, width: number): PlacedAtom[] => {
  const signs = [...atom.text];
  const each = atom.width / signs.length;
  const count = Math.max(1, Math.floor((width / each) * 0.9));
  return Array.from({ length: Math.ceil(signs.length / count) }, (_, i) => {
    const part = signs.slice(i * count, (i + 1) * count);
    return { ...atom, text: part.join(''), width: each * part.length, breaks: true };
  });
};

/** UAX 9, rules N1, N2 and L2 for two levels: runs against the line's direction are turned around. */
const inSight = (line: readonly PlacedAtom[], rightToLeft: boolean): PlacedAtom[] => {
  const base: Atom['direction'] = rightToLeft ? 'right-to-left' : 'left-to-right';
  const strong = line.map(({ direction }) => direction);
  const resolved = strong.map((direction, i) => {
    if (direction !== 'neutral') return direction;
    const before = strong.slice(0, i).findLast((one) => one !== 'neutral') ?? base;
    const after = strong.slice(i + 1).find((one) => one !== 'neutral') ?? base;
    return before === after ? before : base;
  });
  const runs: { direction: Atom['direction']; atoms: PlacedAtom[] }[] = [];
  line.forEach((atom, i) => {
    const last = runs.at(-1);
    if (last && last.direction === resolved[i]) last.atoms.push(atom);
    else runs.push({ direction: resolved[i]!, atoms: [atom] });
  });
  for (const run of runs) if (run.direction === 'right-to-left') run.atoms.reverse();
  if (rightToLeft) runs.reverse();
  return runs.flatMap(({ atoms }) => atoms);
};
