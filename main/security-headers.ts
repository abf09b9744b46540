// Headers of every response, whichever host sends it. The policy lets the window run its own scripts, compile WebAssembly
// (pdf.js) and talk to its own origin; nothing of a document can load, run, frame or submit anything.

/**
 * `url` of the request. On loopback the window's WebSocket is its own origin under another scheme, which is named; and there no shell
 * denies new windows, so the page is sandboxed: it may run and save files, and opens neither windows nor dialogues.
 */
export const contentSecurityPolicy = (url: URL): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self' data: blob:",
    `connect-src 'self'${url.protocol === 'http:' ? ` ws://${url.host}` : ''}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    ...(url.protocol === 'http:' ? ['sandbox allow-scripts allow-same-origin allow-forms allow-downloads'] : []),
  ].join('; ');

export const securityHeaders = (url: URL): Record<string, string> => ({
  'Content-Security-Policy': contentSecurityPolicy(url),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
});
