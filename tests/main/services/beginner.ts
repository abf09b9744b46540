// A child process for the test that kills it: stores one reply, begins another, says so, and waits.
import { writeSync } from 'node:fs';
import { openDatabase } from '../../../main/services/database/index.ts';
import { openHistory } from '../../../main/services/history.ts';
import { aReply } from '../a-reply.ts';

const [folder, documentId] = process.argv.slice(2);
const history = openHistory(openDatabase(folder).database);
history.add(documentId, aReply());
history.begin(documentId, { kind: 'answer', question: 'Why?', pages: [[1, 2]] });
writeSync(1, 'begun\n');
setInterval(() => undefined, 1_000);
