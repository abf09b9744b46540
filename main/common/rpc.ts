// Typed calls over one port: a MessagePort in Electron, a WebSocket in the Chromium host. Values are plain JSON.

/** One end of a connection between a window and main. */
export interface Port {
  post(message: string): void;
  /** One listener; messages that came before it was set are kept for it. */
  listen(onMessage: (message: string) => void): void;
  onClose(callback: () => void): void;
  close(): void;
}
