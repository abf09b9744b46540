// Prose against the document: what is true in other words is found, and whatever is planted (another number, another name, a
// negation, a quotation that nobody wrote) is never marked verified.
import { describe, expect, it } from 'vitest';
import { sentenceText } from '../../../reading/document.ts';
import { createAligner } from '../../../reading/replies/align.ts';
import { makeDocument } from '../made-document.ts';

const report = makeDocument([
  [
    [
      'The bridge over the Ash was built by the engineer Maria Stern in 1891.',
      'It carries two roads and one railway.',
      'The council paid 48,500 crowns for the bridge and borrowed 12,000 of them from Konrad Berg.',
    ],
    [
      'Anna Holm has three mills and Ben Krog has five.',
      'The north mill burned in 1884, but the south mill was rebuilt in 1902.',
      'Nobody was injured in the fire of 1884.',
    ],
  ],
  [
    [
      'Tenants may end the contract after six months, but the landlord must give notice of one year.',
      'The deposit shall not exceed two monthly rents.',
      'No dog is allowed in the garden without the written consent of the owner.',
    ],
    [
      'In the trial, 62 percent of patients who took the drug recovered, compared with 41 percent in the other group.',
      'The authors conclude that “the drug is safe for adults under sixty” and should be studied further.',
      'The committee did not accept the proposal of Dr. Lind.',
      'Sales rose from 3.4 million in 2019 to 5.1 million in 2021.',
      'Holm sued Krog for damages in 1897.',
    ],
    ['The mayor of Lind sued the mayor of Berg for the damages that Krog caused.'],
  ],
]);
const aligner = createAligner(report, report.sentences);

describe('what the document says', () => {
  it.each(report.sentences.map((sentence) => sentenceText(report, sentence)))('word for word: %s', (text) => {
    const { status, sources } = aligner.align(text);
    expect(status).toBe('verified');
    expect(sentenceText(report, sources[0])).toBe(text);
  });

  it.each([
    ['Maria Stern built the bridge over the Ash in 1891.', ''],
    ['In 1891 the bridge over the Ash was built by the engineer Maria Stern.', 'The bridge over'],
    ['The bridge carries two roads and one railway.', 'It carries'],
    ['Ben Krog has five mills.', ''],
    ['The south mill was rebuilt in 1902.', 'The north mill'],
    ['The deposit must not exceed two monthly rents.', 'The deposit'],
    ['According to the report, 62 % of patients who took the drug recovered.', 'In the trial'],
    ['The authors conclude that "the drug is safe for adults under sixty".', ''],
    ['The proposal of Dr. Lind was not accepted by the committee.', ''],
    ['Holm sued Krog for damages.', 'Holm sued'],
    ['Sales rose from 3.4 million to 5.1 million.', ''],
    ['In the fire of 1884 nobody was injured.', ''],
    ['The bridge was built by the engineer Maria Stern.', 'The bridge over'],
    ['Patients who took the drug recovered.', ''],
  ])('in other words: %s', (text, source) => {
    const aligned = aligner.align(text);
    // Strict as it is, the rule may leave a true sentence unverified; those that it does stand with an empty source here.
    expect(aligned.status === 'verified').toBe(source !== '');
    if (source) expect(sentenceText(report, aligned.sources[0])).toContain(source);
  });

  it('in quotation marks, set right where only marks, blanks, hyphens or case differ', () => {
    const { status, text } = aligner.align(
      'Tenants may end the contract "after Six   months", but the landlord must give notice of one year.',
    );
    expect({ status, text }).toEqual({
      status: 'repaired',
      text: 'Tenants may end the contract "after six months", but the landlord must give notice of one year.',
    });
  });
});

const LIES: Record<string, string[]> = {
  'another number': report.sentences.flatMap((sentence) => {
    const text = sentenceText(report, sentence);
    return [...text.matchAll(/\d[\d.,]*\d|\btwo\b|\bthree\b|\bfive\b|\bsix\b|\bone\b/g)].flatMap(
      ({ 0: number, index }) =>
        ['17', '1899', 'four', `1${number}`]
          .filter((other) => other !== number)
          .map((other) => text.slice(0, index) + other + text.slice(index + number.length)),
    );
  }),
  'another name': report.sentences.flatMap((sentence) => {
    const text = sentenceText(report, sentence);
    const names = ['Maria Stern', 'Konrad Berg', 'Anna Holm', 'Ben Krog', 'Lind', 'Ash', 'Holm', 'Krog'];
    return names
      .filter((name) => text.includes(name))
      .flatMap((name) => names.filter((other) => !text.includes(other)).map((other) => text.replace(name, other)));
  }),
  'a negation, put in or taken out': [
    'The bridge over the Ash was not built by the engineer Maria Stern in 1891.',
    'The bridge over the Ash was never built by the engineer Maria Stern.',
    'It does not carry two roads and one railway.',
    'The north mill did not burn in 1884.',
    "The south mill wasn't rebuilt in 1902.",
    'The deposit shall exceed two monthly rents.',
    'The deposit may exceed two monthly rents.',
    'A dog is allowed in the garden without the written consent of the owner.',
    'The committee accepted the proposal of Dr. Lind.',
    'The committee did accept the proposal of Dr. Lind.',
    'Somebody was injured in the fire of 1884.',
    'Everybody was injured in the fire of 1884.',
    'The council never paid 48,500 crowns for the bridge.',
    'Patients who took the drug failed to recover.',
    'Holm never sued Krog for damages.',
    'Without Konrad Berg the council paid 48,500 crowns for the bridge.',
  ],
  'who did what to whom': [
    'Krog sued Holm for damages in 1897.',
    'Krog sued Holm for damages.',
    'Konrad Berg paid the council 48,500 crowns for the bridge.',
    'Konrad Berg borrowed 12,000 of them from the council.',
    'Sales rose from 5.1 million in 2019 to 3.4 million in 2021.',
    'Sales rose from 5.1 million to 3.4 million.',
    'Sales fell from 3.4 million in 2019 to 5.1 million in 2021.',
  ],
  'things that belong to others': [
    'Anna Holm has five mills.',
    'Ben Krog has three mills.',
    'The north mill was rebuilt in 1902.',
    'The south mill burned in 1884.',
    'The north mill burned in 1902.',
    'The council borrowed 48,500 crowns from Konrad Berg.',
    'In the trial, 41 percent of patients who took the drug recovered.',
    'Sales rose to 5.1 million in 2019.',
    'The landlord may end the contract after six months.',
    'The landlord must give notice of six months.',
    'Maria Stern paid 48,500 crowns for the bridge.',
    'Maria Stern has three mills.',
    'Holm sued Krog for damages in 1884.',
    'The mayor sued Berg.',
    'Lind caused the damages.',
    'Holm caused the damages.',
    'Dr. Lind was injured in the fire of 1884.',
  ],
  'duties and conditions': [
    'Tenants must end the contract after six months.',
    'Tenants may end the contract before six months.',
    'Tenants may end the contract after six months only.',
    'The landlord may give notice of one year.',
    'The deposit should not exceed two monthly rents.',
    'All dogs are allowed in the garden.',
    'Every dog is allowed in the garden with the written consent of the owner.',
    'The drug is safe for all adults.',
    'The drug is safe for adults over sixty.',
    'Most patients who took the drug recovered.',
    'At least 62 percent of patients who took the drug recovered.',
  ],
  'what stands nowhere': [
    'The bridge over the Ash was painted by the engineer Maria Stern in 1891.',
    'The bridge over the Ash was sold by the engineer Maria Stern in 1891.',
    'The council paid 48,500 crowns for the railway.',
    'The tower over the Ash was built by the engineer Maria Stern in 1891.',
    'The drug is dangerous for adults under sixty.',
    'The bridge collapsed in 1891.',
    'The document does not mention mills.',
    'Volcanoes erupt.',
    'Yes.',
    '',
  ],
  'quotations that nobody wrote': [
    'The authors conclude that “the drug is safe for children under sixty”.',
    'The authors conclude that "the drug is not safe for adults under sixty".',
    'The authors conclude that «the drug is safe for adults over sixty».',
    'The authors conclude that “the drug is safe”, “cheap and quick”.',
    'The report says: "The bridge was built by Maria Stern in 1981."',
    'The report says "No dog is allowed in the garden with the written consent".',
    'The council "paid 48,501 crowns".',
    'The council “paid 48,500 crowns of its own money” for the bridge.',
    'Holm wrote that „Krog owes me five mills“.',
    '"Nobody was injured in the fire of 1885."',
    'The deposit "shall never exceed two monthly rents".',
    'The committee "did not accept the proposal of Dr. Lund".',
    'The landlord must give "notice of two years".',
    '“Tenants may end the contract after sixty months”',
  ],
};

describe('what the document does not say', () => {
  it('is planted in more than 100 ways', () => {
    expect(Object.values(LIES).flat().length).toBeGreaterThan(150);
  });

  it.each(Object.entries(LIES))('%s', (_, lies) => {
    const believed = lies.filter((lie) => ['verified', 'repaired'].includes(aligner.align(lie).status));
    expect(believed).toEqual([]);
  });

  it.each(['another number', 'a negation, put in or taken out', 'quotations that nobody wrote'])(
    '%s: not even near',
    (kind) => {
      expect(LIES[kind].filter((lie) => aligner.align(lie).status !== 'unverified')).toEqual([]);
    },
  );

  it('a sentence that opens with "these" or "it" takes no word from the one before', () => {
    const made = makeDocument([
      [
        [
          'The members of the Ivy league met in spring.',
          'These efforts, however, had the opposite effect.',
          'It carries two roads.',
        ],
      ],
    ]);
    const { align } = createAligner(made, made.sentences);
    expect(align('These members, however, had the opposite effect.').status).not.toBe('verified');
    expect(align('Hard, hard, hard roads.').status).not.toBe('verified');
  });

  it('words of a content that stand nowhere are never verified, though they hold a text together elsewhere', () => {
    const made = makeDocument([[['Recalls remove elected politicians from office.', 'The report was long.']]]);
    const { align } = createAligner(made, made.sentences);
    expect(align('Recalls remove included politicians from office.').status).toBe('near');
    expect(align('The report states that recalls remove elected politicians from office.').status).toBe('verified');
  });
});

describe('what it cannot verify', () => {
  it('is near where names, numbers and most words stand, and led there', () => {
    const { status, sources } = aligner.align('Ben Krog apparently owns five mills.');
    expect(status).toBe('near');
    expect(sentenceText(report, sources[0])).toContain('Ben Krog');
  });

  it.each([
    'Ben Krog apparently owns nine mills by the river.',
    'Volcanoes near the bridge erupt.',
    'Farmers and patients meet the mayor slowly on rainy days.',
  ])('is led to the nearest sentence all the same: %s', (text) => {
    const { status, sources } = aligner.align(text);
    expect(status).toBe('unverified');
    expect(sources.length).toBeGreaterThan(0);
  });

  it('leads nowhere where not a word is met', () => {
    expect(aligner.align('Volcanoes erupt.')).toMatchObject({ status: 'unverified', sources: [] });
  });
});
