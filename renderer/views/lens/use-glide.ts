// A number that glides to where it is sent, by equal ratios in equal times, so that a factor of 16 is four doublings. It jumps where the
// reader wants less motion, and when it becomes another thing's number.
import { useEffect, useRef, useState } from 'react';
import { useMedia } from '../../theme.ts';

/** Milliseconds. */
const DURATION = 420;

const eased = (t: number): number => 1 - (1 - t) ** 3;

/** `of`: whose number it is. */
export function useGlide(target: number, of: number): number {
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [shown, setShown] = useState({ of, value: target });
  const latest = useRef(shown);
  latest.current = shown;
  const jump = still || shown.of !== of;
  useEffect(() => {
    const from = latest.current;
    if (still || from.of !== of || from.value === target) {
      setShown({ of, value: target });
      return;
    }
    let frame = 0;
    let begun: number | undefined;
    const move = (now: number) => {
      begun ??= now;
      const t = Math.min(1, (now - begun) / DURATION);
      setShown({ of, value: t === 1 ? target : from.value * (target / from.value) ** eased(t) });
      if (t < 1) frame = requestAnimationFrame(move);
    };
    frame = requestAnimationFrame(move);
    return () => cancelAnimationFrame(frame);
  }, [target, of, still]);
  return jump ? target : shown.value;
}
