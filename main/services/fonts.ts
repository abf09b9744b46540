// Fonts of this machine that write what the app's own do not: the scripts of the world for an export as PDF. Found by well-known
// names in the folders where each system keeps its fonts; nothing is installed, and a file is only ever read.
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

export interface SystemFont {
  path: string;
  /** PostScript name of the font to take from a collection (.ttc). */
  family?: string;
}

/** Most files that are looked at: a font folder may be endless. */
const MOST_FILES = 20_000;

const fontFolders = (platform: string, home: string, env: Record<string, string | undefined>): string[] => {
  if (platform === 'win32') return [join(env.WINDIR ?? 'C:\\Windows', 'Fonts')];
  if (platform === 'darwin') return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library', 'Fonts')];
  return ['/usr/share/fonts', '/usr/local/share/fonts', join(home, '.local', 'share', 'fonts'), join(home, '.fonts')];
};

/** By name, in the order in which they are asked; `family` is the member of a collection. */
const KNOWN: readonly { name: RegExp; family?: string }[] = [
  { name: /^DejaVuSans\.ttf$/ },
  { name: /^arial\.ttf$/i },
  { name: /^segoeui\.ttf$/i },
  { name: /^Noto(Sans|Naskh)(?!CJK|Mono)[A-Za-z]*-Regular\.(ttf|otf)$/ },
  { name: /^NotoSansCJK-Regular\.ttc$/, family: 'NotoSansCJKsc-Regular' },
  { name: /^(DroidSansFallback(Full)?|wqy-.*|unifont)\.(ttf|otf)$/ },
  { name: /^Arial Unicode\.ttf$/i },
  { name: /^(Nirmala|LeelawUI|malgun|ebrima|gadugi|seguisym)\.ttf$/i },
  { name: /^msyh\.ttc$/i, family: 'MicrosoftYaHei' },
  { name: /^(AppleSDGothicNeo|Kohinoor|SFArabic|GeezaPro|Thonburi)\.(ttf|otf)$/i },
];

/** Files of the known names, in the order above. Folders that are not there or may not be read count as empty. */
export const findSystemFonts = async (
  platform: string = process.platform,
  folders: readonly string[] = fontFolders(platform, homedir(), process.env),
): Promise<SystemFont[]> => {
  const found: { rank: number; font: SystemFont }[] = [];
  const open = [...folders];
  let seen = 0;
  for (let folder = open.shift(); folder !== undefined && seen < MOST_FILES; folder = open.shift()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      seen++;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) open.push(path);
      else {
        const rank = KNOWN.findIndex(({ name }) => name.test(basename(path)));
        if (rank >= 0) found.push({ rank, font: { path, family: KNOWN[rank]!.family } });
      }
    }
  }
  return found.sort((a, b) => a.rank - b.rank || a.font.path.localeCompare(b.font.path)).map(({ font }) => font);
};
