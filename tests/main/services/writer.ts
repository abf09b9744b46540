// A child process for the tests that kill it: opens the history in the folder it is given and writes runs without end. Prints a line
// `<id of the run> <length of its text>` once each was acknowledged.
import { writeSync } from 'node:fs';
import { openDatabase } from '../../../main/services/database/index.ts';
import { openHistory } from '../../../main/services/history.ts';
import { aReply } from '../a-reply.ts';

const [folder, documentId] = process.argv.slice(2);
const history = openHistory(openDatabase(folder).database);
writeSync(1, 'ready\n');
for (let n = 0; ; n++) {
  const { id, reply } = history.add(documentId, aReply('x'.repeat(1 + ((n * 977) % 15_000))));
  writeSync(1, `${id} ${reply.sentences[0].text.length}\n`);
}
