// `longleaf …`: the command line as a whole. What it reads, it reads from the files it is given, and it keeps no history; `models`
// and `history` look into the window's data folder. tools/longleaf.mjs calls `run`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { storedBytes } from '../../../gpu/kernels/cache-append.ts';
import { EXPORT_FORMATS } from '../../../reading/index.ts';
import { appFolder } from '../../places.ts';
import { pageRanges, real, several, tokenIds, whole } from './arguments.ts';
import { askAll, summarizeAll } from './batch.ts';
import { embeddedModel } from './composition.ts';
import { extractFile } from './extract.ts';
import { inspect } from './inspect.ts';
import { HISTORY_ACTIONS, historyCommand } from './library.ts';
import { MODEL_ACTIONS, modelsCommand } from './models.ts';
import { passkey } from './passkey.ts';
import { perplexity } from './perplexity.ts';
import { suggestFor } from './replies.ts';
import { bench, generate, logits } from './run-model.ts';
import { type Running, runCommand } from './running.ts';
import { tokenize } from './tokenize.ts';

const WRONG_ARGUMENTS = 2;

const version = (): string => JSON.parse(readFileSync(join(appFolder(), 'package.json'), 'utf8')).version;

type Work = (running: Running) => Promise<void>;

const adapter = () =>
  new Option('--adapter <name>', 'auto (a graphics card first), swiftshader, or part of a name').default('auto');
const ropeFactor = () =>
  new Option('--rope-factor <number>', 'stretch the window by this factor').argParser(real(1, 64));
const ropeMethod = () =>
  new Option(
    '--rope-method <name>',
    'stretch it by Position Interpolation, NTK-aware scaling or YaRN; as the file does when absent, linear where it does not',
  ).choices(['linear', 'ntk', 'yarn']);
const cacheType = () => new Option('--kv <type>', 'number format of keys and values').choices(Object.keys(storedBytes));

const ocr = () => new Option('--ocr', 'recognise the text of scanned pages (English, on this machine)');

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
  command('extract', 'The text of a PDF, page by page, as JSON; .txt and .md files are read too.')
    .argument('<file>', 'PDF file')
    .option('--text', 'plain text with running heads, a form feed after each page')
    .option('--password <password>', 'of a locked PDF')
    .addOption(ocr())
    .action((file, options) => start((running) => extractFile(file, options, running), options.debug));
  modelCommands(command, start);
  libraryCommands(command, start);
  return program;
}

type AddCommand = (line: string, about: string) => Command;

/** Commands about a model file, for whoever wants to check it or us. */
function modelCommands(add: AddCommand, start: (work: Work, debug: boolean) => Promise<void>): void {
  const command = (line: string, about: string) => add(line, about).argument('<model>', 'GGUF file');
  const running = (line: string, about: string) =>
    command(line, about).addOption(cacheType()).addOption(ropeFactor()).addOption(ropeMethod()).addOption(adapter());
  const tokens = whole(1, 1_048_576);
  const does =
    (work: (file: string, options: never, running: Running) => Promise<void>) =>
    (file: string, options: { debug: boolean }) =>
      start((running) => work(file, options as never, running), options.debug);
  command('inspect', 'What a model file says of itself, without reading its weights.').action(does(inspect));
  command('tokenize', 'Token ids of the text on stdin.')
    .option('--special', 'read names of control tokens, like <s>, as those tokens')
    .action(does(tokenize));
  running('logits', 'Logits of a model after each of some tokens.')
    .requiredOption('--ids <ids>', 'token ids, like 1,2,3', tokenIds)
    .option('--out <file>', 'write all rows as little-endian f32')
    .action(does(logits));
  running('generate', 'Continue a text: with the likeliest token each time, or as the temperature says.')
    .requiredOption('--prompt <text>', 'the text to continue')
    .option('--n <number>', 'most tokens', whole(1, 32_768), 64)
    .option('--temperature <number>', '0 takes the likeliest token', real(0, 10), 0)
    .option('--seed <number>', 'the same seed draws the same text', whole(0, 2 ** 32 - 1), 1)
    .option('--top-k <number>', 'of the likeliest so many tokens', tokens)
    .option('--top-p <share>', 'of the fewest tokens that hold this share of the probability', real(1e-6, 1))
    .option('--min-p <share>', 'of tokens at least so many times as likely as the likeliest', real(0, 1))
    .option('--repeat-penalty <number>', 'above 1: what was said becomes less likely', real(0.1, 10))
    .action(does(generate));
  running('perplexity', 'How well a model predicts a text, with windows of several lengths.')
    .requiredOption('--text <file>', 'the text, as UTF-8')
    .option(
      '--windows <lengths>',
      'tokens of the windows',
      several(whole(16, 1_048_576)),
      [2048, 4096, 8192, 16_384, 32_768],
    )
    .option('--stride <number>', 'tokens by which a window slides', tokens, 256)
    .option('--tokens <number>', 'most tokens of the text; all when absent', tokens)
    .action(does(perplexity));
  running('passkey', 'Whether a model finds a number hidden in a long text, by length and depth.')
    .option('--lengths <lengths>', 'tokens of the texts', several(tokens), [2048, 4096, 8192, 16_384, 32_768])
    .option('--trials <number>', 'for each length', whole(1, 1000), 10)
    .option('--seed <number>', 'of the keys and their places', whole(0, 2 ** 32 - 1), 1)
    .action(does(passkey));
  running('bench', 'How fast a model reads and writes here, as one line of JSON.')
    .option('--n <number>', 'tokens to read', tokens, 512)
    .option('--decode <number>', 'tokens to write', whole(1, 32_768), 32)
    .action(does(bench));
}

/** The main job: summaries and answers. */
function replyCommands(command: AddCommand, start: (work: Work, debug: boolean) => Promise<void>): void {
  const reply = (line: string, about: string) =>
    command(line, about)
      .option(
        '--model <file>',
        'model file (GGUF), or an imported model by its id; the one that came with Longleaf when absent',
        embeddedModel(),
      )
      .addOption(
        new Option(
          '--mode <mode>',
          'quotes: sentences of the document; prose: the words of an instruct model, each sentence checked',
        )
          .choices(['quotes', 'prose'])
          .default('quotes'),
      )
      .option('--temperature <number>', 'of prose: 0 takes the likeliest words', real(0, 2), 0)
      .option('--seed <number>', 'of prose: the same seed draws the same words', whole(0, 2 ** 32 - 1), 1)
      .option('--sentences <number>', 'most sentences of the reply', whole(1, 200))
      .option('--pages <ranges>', 'pages to read, like 3-40,50; all when absent', pageRanges)
      .option('--context <tokens>', 'most tokens of the window', whole(256, 1_048_576))
      .option('--no-parts', 'refuse what does not fit into the window instead of reading it in parts')
      .addOption(ropeFactor())
      .option(
        '--out <file>',
        'write the result too: a .md, .html, .pdf or .json file, or a folder with a file for each summary',
      )
      .option('--password <password>', 'of a locked PDF')
      .addOption(ocr())
      .option('--by-words', 'quotes at once, chosen by words alone: no model is asked')
      .option('--no-keep', 'keep nothing on disk of what was read into the model')
      .addOption(adapter());

  reply('summarize', 'Summarize PDFs in their own sentences, each with its page.')
    .argument('<file...>', 'PDF files')
    .addOption(new Option('--length <length>', 'of the summary').choices(['short', 'medium', 'long']).default('medium'))
    .option('--for <purpose>', 'what the summary is for, like "a lawyer" or "the risks"')
    .option('--by-section', 'sum up each section by itself')
    .addOption(new Option('--format <format>', 'of the files that --out FOLDER gets').choices(EXPORT_FORMATS))
    .action((files, options) => start((running) => summarizeAll(files, options, running), options.debug));
  reply(
    'ask',
    'Answer a question with sentences of PDFs, or say that they do not say; several are compared in a table.',
  )
    .usage('[options] <file...> <question>')
    .argument('<file...>', 'PDF files, and at the end the question in quotation marks')
    .option(
      '--then <question>',
      'asked after it, in the same conversation; may be given again',
      (one, all: string[] = []) => [...all, one],
    )
    .option('--suggest', 'name a PDF file only: questions that it answers')
    .action((words: string[], options, ask: Command) => {
      if (options.suggest) return start((running) => suggestFor(words[0]!, options, running), options.debug);
      if (words.length < 2) ask.error('error: name a PDF file and then ask the question');
      if (options.then && words.length > 2) ask.error('error: --then is for one document');
      return start((running) => askAll(words.slice(0, -1), words.at(-1)!, options, running), options.debug);
    });
}

/** Commands over the data folder that the window uses too. */
function libraryCommands(command: AddCommand, start: (work: Work, debug: boolean) => Promise<void>): void {
  command(
    'models',
    'The models at hand: list them, search the catalogue, download one, import one, use those of a folder where they lie, check one against its hash, remove one.',
  )
    .addArgument(new Argument('[action]').choices(MODEL_ACTIONS).default('list'))
    .argument(
      '[what]',
      'words, name or address (https) of a model to fetch, file or folder to import, folder to use (or none), or id of a model',
    )
    .addOption(
      new Option('--sha256 <hash>', 'what a downloaded file must be').argParser((text) => {
        if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
        throw new InvalidArgumentError('A SHA-256 has 64 hexadecimal digits.');
      }),
    )
    .action((action, what, options) =>
      start((running) => modelsCommand(action, what, options, running), options.debug),
    );
  command('history', 'What was asked in the window and what came back.')
    .addArgument(new Argument('[action]').choices(HISTORY_ACTIONS).default('list'))
    .argument('[what]', 'words to search for, number of a reply, or a PDF to forget')
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
