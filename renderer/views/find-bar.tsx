// The bar over the pages in which words are looked for: a field, how many there are and which one is shown, and the way from one to the
// next. Esc closes it and gives the focus back to where it was.
import { CaseSensitive, ChevronDown, ChevronUp, WholeWord, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { ToggleButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import { plural } from '../format.ts';
import { countWords, placeOfMatch } from '../search/find.ts';
import { giveBackFocus } from '../search/open-find.ts';
import type { State } from '../state.ts';
import { useSelected } from '../store.ts';
import { IconButton } from './icon-button.tsx';
import type { ViewProps } from './view-props.ts';

/** Characters, as many as a sentence may have. */
const LONGEST_QUERY = 1_000;
/** The last time that its field was asked to take the focus: the bar is drawn anew where a narrow window shows another pane. */
let answered = 0;

export function FindBar(props: ViewProps) {
  const open = useSelected(props.finding, (f) => f.open);
  return open ? <OpenBar {...props} /> : null;
}

function OpenBar({ now, finding }: ViewProps) {
  const { query, matchCase, wholeWords, asked, found } = useSelected(finding, (f) => f);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked === answered) return;
    answered = asked;
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  const close = () => {
    finding.close();
    giveBackFocus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && event.target === field.current && !event.nativeEvent.isComposing)
      finding.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const none = found.matches.length === 0;
  return (
    <search className="find" aria-label="Find in the document" onKeyDown={press}>
      <div className="find-row">
        <div className="find-field">
          <input
            ref={field}
            type="text"
            aria-label="Find in the document"
            placeholder="Find in the document"
            enterKeyHint="search"
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            maxLength={LONGEST_QUERY}
            value={query}
            onChange={({ currentTarget }) => finding.change({ query: currentTarget.value })}
          />
          <Count now={now} finding={finding} />
        </div>
        <Toggle label="Match case" pressed={matchCase} onChange={(on) => finding.change({ matchCase: on })}>
          <CaseSensitive size={17} strokeWidth={1.8} aria-hidden="true" />
        </Toggle>
        <Toggle label="Whole words" pressed={wholeWords} onChange={(on) => finding.change({ wholeWords: on })}>
          <WholeWord size={17} strokeWidth={1.8} aria-hidden="true" />
        </Toggle>
        <span className="find-steps">
          <IconButton label="Previous match" onPress={() => finding.step(-1)} disabled={none}>
            <ChevronUp size={17} strokeWidth={1.8} aria-hidden="true" />
          </IconButton>
          <IconButton label="Next match" onPress={() => finding.step(1)} disabled={none}>
            <ChevronDown size={17} strokeWidth={1.8} aria-hidden="true" />
          </IconButton>
        </span>
        <IconButton label="Close the find bar" onPress={close}>
          <X size={16} strokeWidth={1.8} aria-hidden="true" />
        </IconButton>
      </div>
      <Pictures now={now} />
    </search>
  );
}

/** "3 of 41", said politely with the page. */
function Count({ now, finding }: Pick<ViewProps, 'now' | 'finding'>) {
  const find = useSelected(finding, (f) => f);
  const words = countWords(find, now.opening !== undefined);
  const page = placeOfMatch(find)?.page;
  return (
    <output className="find-count" data-none={words === 'Not found' || undefined}>
      {words}
      {page !== undefined && <span className="unseen">, page {page}</span>}
    </output>
  );
}

/** Words in pictures are not found before they were recognised. */
function Pictures({ now }: { now: State }) {
  const pictures = now.document?.read?.pages.filter(({ state }) => state === 'scanned').length ?? 0;
  if (pictures === 0) return null;
  return (
    <p className="find-pictures">
      {plural(pictures, 'page')} {pictures === 1 ? 'is a picture' : 'are pictures'}: nothing is found there until the
      text is recognised.
    </p>
  );
}

interface ToggleProps {
  label: string;
  pressed: boolean;
  onChange(on: boolean): void;
  children: ReactNode;
}

const Toggle = ({ label, pressed, onChange, children }: ToggleProps) => (
  <TooltipTrigger delay={500}>
    <ToggleButton className="icon-button find-toggle" aria-label={label} isSelected={pressed} onChange={onChange}>
      {children}
    </ToggleButton>
    <Tooltip className="tooltip" offset={6}>
      {label}
    </Tooltip>
  </TooltipTrigger>
);
