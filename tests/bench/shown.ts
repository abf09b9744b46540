// How figures are printed.
import type { Rouge } from './rouge.ts';

export const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;

export const shownRouge = ({ r1, r2, rL }: Rouge): string => [r1, r2, rL].map((one) => one.toFixed(3)).join(' / ');
