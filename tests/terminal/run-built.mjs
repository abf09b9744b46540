// `longleaf` without a look at the sources: what the tests' setup built is what they run.
import { run } from '../../dist/main/terminal.js';

await run(process.argv.slice(2));
