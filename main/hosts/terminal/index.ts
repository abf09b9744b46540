// `longleaf …`: the command line as a whole. What it reads, it reads from the files it is given, and it keeps no history; `models`
// and `history` look into the window's data folder. tools/longleaf.mjs calls `run`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS } from '../../../reading/index.ts';
import { appFolder } from '../../places.ts';
import { askAll, summarizeAll } from './batch.ts';
import { embeddedModel } from './composition.ts';
import { extractFile } from './extract.ts';
import { HISTORY_ACTIONS, historyCommand, MODEL_ACTIONS, modelsCommand } from './library.ts';
import { generate, inspect, logits, tokenize } from './model-commands.ts';
import { type Running, runCommand } from './running.ts';

const WRONG_ARGUMENTS = 2;

const whole =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };

const factor = (value: string): number => {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 1 && number <= 64))
    throw new InvalidArgumentError('It must be a number from 1 to 64.');
  return number;
};

/** "3-40,50" as [[3, 40], [50, 50]]. */
export const pageRanges = (value: string): [number, number][] =>
  value.split(',').map((part) => {
    const [, first, last = first] = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part) ?? [];
    if (first === undefined || Number(first) < 1 || Number(last) < Number(first))
      throw new InvalidArgumentError('Write pages like 3-40,50.');
    return [Number(first), Number(last)];
  });

const tokenIds = (value: string): number[] =>
  value.split(',').map((part) => {
    if (!/^\s*\d{1,7}\s*$/.test(part)) throw new InvalidArgumentError('Write token ids like 1,2,3.');
    return Number(part);
  });

const version = (): string => JSON.parse(readFileSync(join(appFolder(), 'package.json'), 'utf8')).version;

type Work = (running: Running) => Promise<void>;

const adapter = () =>
  new Option('--adapter <name>', 'auto (a graphics card first), swiftshader, or part of a name').default('auto');
const ropeFactor = () => new Option('--rope-factor <number>', 'stretch the window by this factor').argParser(factor);

/** Builds the commands; `start` runs the chosen one. */
function commands(start: (work: Work, debug: boolean) => Promise<void>): Command {
  const program = new Command('longleaf')
    .description('Reads long PDFs on this machine; every sentence of a summary leads to its page.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(longleaf --help shows what can be asked for)');
  const command = (line: string, about: string) =>
    program
      .command(line)
      .description(about)
      .option('--json', 'one JSON object on stdout, nothing else')
      .addOption(new Option('--debug', 'show where an error came from').default(false));
  replyCommands(command, start);
  command('extract', 'The text of a PDF, page by page, as JSON.')
    .argument('<file>', 'PDF file')
    .option('--text', 'plain text with running heads, a form feed after each page')
    .option('--password <password>', 'of a locked PDF')
    .action((file, options) => start((running) => extractFile(file, options, running), options.debug));
  command('inspect', 'What a model file says of itself, without reading its weights.')
    .argument('<model>', 'GGUF file')
    .action((file, options) => start((running) => inspect(file, options, running), options.debug));
  command('tokenize', 'Token ids of the text on stdin.')
    .argument('<model>', 'GGUF file')
    .action((file, options) => start((running) => tokenize(file, options, running), options.debug));
  command('logits', 'Logits of a model after each of some tokens.')
    .argument('<model>', 'GGUF file')
    .requiredOption('--ids <ids>', 'token ids, like 1,2,3', tokenIds)
    .addOption(ropeFactor())
    .option('--out <file>', 'write all rows as little-endian f32')
    .addOption(adapter())
    .action((file, options) => start((running) => logits(file, options, running), options.debug));
  command('generate', 'Continue a text, always with the likeliest token.')
    .argument('<model>', 'GGUF file')
    .requiredOption('--prompt <text>', 'the text to continue')
    .option('--n <number>', 'most tokens', whole(1, 32_768), 64)
    .addOption(ropeFactor())
    .addOption(adapter())
    .action((file, options) => start((running) => generate(file, options, running), options.debug));
  libraryCommands(command, start);
  return program;
}

type AddCommand = (line: string, about: string) => Command;

/** The main job: summaries and answers. */
function replyCommands(command: AddCommand, start: (work: Work, debug: boolean) => Promise<void>): void {
  const reply = (line: string, about: string) =>
    command(line, about)
      .option('--model <file>', 'model file (GGUF); the one that came with Longleaf when absent', embeddedModel())
      .option('--sentences <number>', 'most sentences of the reply', whole(1, 200))
      .option('--pages <ranges>', 'pages to read, like 3-40,50; all when absent', pageRanges)
      .option('--context <tokens>', 'most tokens of the window', whole(256, 1_048_576))
      .addOption(ropeFactor())
      .option(
        '--out <file>',
        'write the result too: a .md, .html, .pdf or .json file, or a folder with a file for each summary',
      )
      .option('--password <password>', 'of a locked PDF')
      .addOption(adapter());

  reply('summarize', 'Summarize PDFs in their own sentences, each with its page.')
    .argument('<file...>', 'PDF files')
    .addOption(new Option('--length <length>', 'of the summary').choices(['short', 'medium', 'long']).default('medium'))
    .option('--for <purpose>', 'what the summary is for, like "a lawyer" or "the risks"')
    .option('--by-section', 'sum up each section by itself')
    .option('--no-parts', 'refuse what does not fit into the window instead of reading it in parts')
    .addOption(new Option('--format <format>', 'of the files that --out FOLDER gets').choices(EXPORT_FORMATS))
    .action((files, options) => start((running) => summarizeAll(files, options, running), options.debug));
  reply(
    'ask',
    'Answer a question with sentences of PDFs, or say that they do not say; several are compared in a table.',
  )
    .usage('[options] <file...> <question>')
    .argument('<file...>', 'PDF files, and at the end the question in quotation marks')
    .action((words, options, ask) => {
      if (words.length < 2) ask.error('error: name a PDF file and then ask the question');
      return start((running) => askAll(words.slice(0, -1), words.at(-1), options, running), options.debug);
    });
}

/** Commands over the data folder that the window uses too. */
function libraryCommands(command: AddCommand, start: (work: Work, debug: boolean) => Promise<void>): void {
  command('models', 'The models at hand: list them, import one, check one against its hash, remove one.')
    .addArgument(new Argument('[action]').choices(MODEL_ACTIONS).default('list'))
    .argument('[what]', 'file to import, or id of a model')
    .action((action, what, options) =>
      start((running) => modelsCommand(action, what, options, running), options.debug),
    );
  command('history', 'What was asked in the window and what came back.')
    .addArgument(new Argument('[action]').choices(HISTORY_ACTIONS).default('list'))
    .argument('[what]', 'words to search for, or number of a reply')
    .addOption(new Option('--format <format>', 'of an export, which goes to stdout').choices(EXPORT_FORMATS))
    .action((action, what, options) =>
      start((running) => historyCommand(action, what, options, running), options.debug),
    );
}

/** Runs one command line and ends the process: 0 done, 1 it could not, 2 wrong arguments, 130 stopped. */
export async function run(args: readonly string[]): Promise<never> {
  // Whoever reads our output may stop early, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  let code = 0;
  const program = commands(async (work, debug) => {
    code = await runCommand(work, debug);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : WRONG_ARGUMENTS;
  }
  process.exit(code);
}
