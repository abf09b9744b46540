// The only seam to a desktop shell. Electron, a loopback server with a Chromium window, and the terminal each implement it; the
// rest of `main` never asks which one it runs on.
import type { Port } from './common/rpc.ts';

/** What the app offers to the shell that hosts it. */
export interface AppSurface {
  /** Answers the window's requests: its own files, documents and models by URL, with ranges. */
  handle(request: Request): Promise<Response>;
  /** Serves one window over a port until the port closes. */
  connect(port: Port): void;
}

export interface Host {
  /** Where documents, history and settings live. */
  readonly dataFolder: string;
  /** Read-only files that came with the app: the embedded model, the sample PDF. */
  readonly assetsFolder: string;
  /** The built window. */
  readonly rendererFolder: string;
  /** Starts to serve windows; resolves once a window could connect. */
  serve(surface: AppSurface): Promise<void>;
  openWindow(): Promise<void>;
  /** One line for whoever started the app. */
  say(line: string): void;
  /** Shows a file of the data folder in the system's file manager. */
  showInFolder(path: string): Promise<void>;
  /** Lets the reader choose a folder of the machine; undefined when none was chosen. Absent where a path has to be written. */
  chooseFolder?(): Promise<string | undefined>;
  /** How far the work is that a window does, 0 … 1, in the taskbar; undefined: none is under way, and the machine may sleep. Absent where neither can be said. */
  showProgress?(share: number | undefined): void;
  /** Says one sentence in the system's own way; a press on it brings the window forward. Absent where only the window itself can. */
  notify?(sentence: string): void;
  /** Which proxies the system wants an address to be asked through, as a proxy script says it. Absent where the environment says so. */
  systemProxy?(address: string): Promise<string>;
  /** Called once when the shell is about to end. */
  onQuit(callback: () => void): void;
}
