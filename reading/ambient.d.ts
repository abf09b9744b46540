// What every host of this folder has (browser and Node alike) although the ES library does not declare it.
// Only this folder's tsconfig includes the file: the DOM and Node tsconfigs bring their own, fuller declarations.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}
declare const performance: { now(): number };
declare function setTimeout(callback: () => void, milliseconds?: number): unknown;
