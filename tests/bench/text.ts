// The text of PDFs by others, Longleaf's beside plain pdf.js's and poppler's other two orders, against poppler's reading order: the table
// of RESULTS.md. Text from the right is scored a second time without what poppler writes otherwise than it is printed (`alike`).
import {
  alike,
  longleafText,
  missing,
  plainText,
  popplerText,
  type Score,
  scoredFiles,
  scores,
  setRight,
} from '../reading/layout/scored.ts';

const shown = ({ word_f1, bigram_f1, order }: Score): string =>
  `${word_f1.toFixed(4)} / ${bigram_f1.toFixed(3)} / ${order === null ? '-' : order.toFixed(3)}`;

/** Prints a row for each file whose path holds `part`, and the means; `words`: least words of a file. */
export const benchText = async (part = '', words = 100): Promise<void> => {
  const absent = missing();
  if (absent) {
    console.log(`Nothing to compare with: ${absent}.`);
    return;
  }
  const sums = [0, 0, 0, 0];
  const behind: string[] = [];
  const files = scoredFiles(words).filter(({ file }) => file.includes(part));
  console.log('| file | Longleaf | plain pdf.js | pdftotext -raw | pdftotext -layout |\n|---|---|---|---|---|');
  for (const { file, kind, truth } of files) {
    const ref = popplerText(file);
    const texts = [
      await longleafText(file).catch(() => ''),
      await plainText(file).catch(() => ''),
      popplerText(file, '-raw'),
      popplerText(file, '-layout'),
    ];
    const rows: [string, Score[]][] = [[file, scores(texts.map((hyp) => ({ ref, hyp })))]];
    if (['arabic', 'persian', 'hebrew'].includes(kind))
      rows.push([`${file}, made alike`, scores(texts.map((hyp) => ({ ref: alike(ref), hyp: alike(hyp) })))]);
    const right = setRight(file, ref);
    if (right !== ref)
      rows.push([
        `${file}, ligatures set right`,
        scores(texts.map((hyp) => ({ ref: right, hyp: setRight(file, hyp) }))),
      ]);
    if (truth) rows.push([`${file}, its source`, scores(texts.map((hyp) => ({ ref: truth, hyp })))]);
    for (const [name, row] of rows) console.log(`| ${name} | ${row.map(shown).join(' | ')} |`);
    rows[0][1].forEach((score, i) => {
      sums[i] += score.word_f1;
    });
    const [ours, plain, raw, layout] = rows.at(truth ? 0 : -1)![1];
    if (ours.word_f1 < Math.max(plain.word_f1, raw.word_f1)) behind.push(`${file} (words)`);
    if (kind === 'columns' && (ours.order ?? 0) < (layout.order ?? 0)) behind.push(`${file} (order)`);
  }
  console.log(
    `Mean F1 of words: ${sums.map((sum) => (sum / files.length).toFixed(4)).join(', ')}; ${files.length} files.`,
  );
  console.log(`Behind plain pdf.js or -raw in words, or -layout in order: ${behind.join(', ') || 'none'}.`);
};
