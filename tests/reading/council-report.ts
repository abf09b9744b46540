// A report of ten topics, a key sentence each, and a scripted engine that likes those: for the tests of summaries and the reader.
import { planWindow } from '../../reading/window.ts';
import { type MadePage, makeDocument } from './made-document.ts';
import { type Script, wordModel } from './scripted-engine.ts';

export const TOPICS = [
  'harbour',
  'railway',
  'school',
  'library',
  'market',
  'bridge',
  'theatre',
  'hospital',
  'forest',
  'museum',
];
const NOTES = [
  'A first visit in spring brought no new facts on',
  'Two letters from neighbours were read about',
  'Older maps show nothing unusual near',
  'Members asked how much snow fell on',
  'Some photographs were passed around of',
  'Nobody could say who painted',
  'An engineer measured the walls of',
  'Birds were counted twice around',
  'Lunch was served before more talk of',
  'Minutes were kept of the evening at',
];
export const filler = (topic: string, i: number): string => `${NOTES[i]} the ${topic}.`;
const PLANS = [
  'rebuilding of the quay starts next winter',
  'fares go down for young passengers',
  'eleven classrooms get new windows',
  'opening hours end at midnight',
  'traders pay half their rent',
  'heavy lorries must use another road',
  'actors receive longer contracts',
  'two further wards open on Thursday',
  'felling stops for twenty years',
  'entrance becomes free of charge',
];
export const key = (topic: string): string => `It was decided for the ${topic} that ${PLANS[TOPICS.indexOf(topic)]}.`;

/** Ten pages, one topic each: a heading, three other sentences, one key sentence, a caption. */
export const report = makeDocument(
  TOPICS.map(
    (topic, i): MadePage => [
      [{ heading: `On the ${topic}` }],
      [filler(topic, i), filler(topic, (i + 3) % 10), key(topic), filler(topic, (i + 6) % 10)],
      [`Figure 1: A view of the ${topic} from the south side.`],
    ],
  ),
  'Report of the council',
);

export const model = wordModel();
export const plan = planWindow(report, model);
export const likesKeys: Script = (continuation) => (continuation.includes('decided') ? -10 : -60);
