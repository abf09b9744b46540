// The key that commands are given with, as it is called on this machine.
const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent);

export const modifier = mac ? '⌘' : 'Ctrl';
