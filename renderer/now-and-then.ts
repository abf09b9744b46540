// Word of work under way, at most so often: each one draws the window anew, and a book says 3,000 times how far it was read.

/**
 * Calls `tell` at most once in `every` milliseconds; what comes in between is part of what comes next. A word that `matters` beside
 * the one that was told last is told at once.
 */
export function nowAndThen<Word>(
  every: number,
  tell: (word: Word) => void,
  matters: (word: Word, last: Word) => boolean = () => false,
): (word: Word) => void {
  let told: { word: Word; at: number } | undefined;
  return (word) => {
    const at = performance.now();
    if (told && at - told.at < every && !matters(word, told.word)) return;
    told = { word, at };
    tell(word);
  };
}
