// One page of the text that the model reads: its blocks as they are laid before it, and greyed what was left out, with the reason.
import { EyeOff, ScanText } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { Page, ReadDocument, TextBlock } from '../../reading/document.ts';
import { type LeftOutLine, piecesOf, type Span, type TextMarks, textPage } from '../document/text-pages.ts';

interface TextPageProps extends TextMarks {
  document: ReadDocument;
  number: number;
  top: number;
  /** False for a page that is not in the model's window. */
  inWindow: boolean;
  /** The stretch of the text that a citation on show quotes, where it touches this page. */
  marked?: Span;
  /** The block that Tab comes to, where it is on this page. */
  active: number;
}

export const TextPageView = memo(function TextPageView(props: TextPageProps) {
  const { document, number, top, inWindow } = props;
  const page = document.pages[number - 1]!;
  const { first, end, above, below } = textPage(document, number);
  return (
    <article
      className="text-page"
      aria-label={`Page ${number}`}
      aria-posinset={number}
      aria-setsize={document.pages.length}
      data-item={number - 1}
      data-out={!inWindow || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <header className="text-page-head">
        <span className="text-page-number">Page {number}</span>
        {page.label && <span>printed {page.label}</span>}
        {page.recognised && (
          <span className="text-badge">
            <ScanText size={13} strokeWidth={1.9} aria-hidden="true" />
            {page.recognised === 'here' ? 'Recognised from a scan' : 'Text layer of a scan'}
          </span>
        )}
        {!inWindow && <span className="text-badge out">Not in the window</span>}
      </header>
      {above.map((line) => (
        <LeftOutView key={`${line.boxes[0]?.y} ${line.text}`} line={line} />
      ))}
      {first === end && above.length + below.length === 0 && <p className="text-none">{NOTHING[page.state]}</p>}
      {grouped(document.blocks, first, end).map(({ kind, from, to }) => (
        <Group key={from} kind={kind} from={from} to={to} {...props} />
      ))}
      {below.map((line) => (
        <LeftOutView key={`${line.boxes[0]?.y} ${line.text}`} line={line} />
      ))}
    </article>
  );
});

const NOTHING: Record<Page['state'], string> = {
  text: 'All of this page belongs to the paragraph before.',
  blank: 'A blank page.',
  scanned: 'A picture without text: the model reads nothing here.',
  failed: 'This page could not be read.',
};

const LeftOutView = ({ line }: { line: LeftOutLine }) => (
  <p className="text-left-out" data-boxes={JSON.stringify(line.boxes)}>
    <span className="text-reason">
      <EyeOff size={12} strokeWidth={1.9} aria-hidden="true" />
      {line.reason}, left out<span className="unseen">: </span>
    </span>
    <span dir="auto">{line.text.length > 400 ? `${line.text.slice(0, 400)}…` : line.text}</span>
  </p>
);

interface Run {
  kind: TextBlock['kind'];
  /** Indices of blocks: [from, to). */
  from: number;
  to: number;
}

/** Items that follow on one another are one list, rows one table. */
function grouped(blocks: readonly TextBlock[], first: number, end: number): Run[] {
  const runs: Run[] = [];
  for (let i = first; i < end; i++) {
    const { kind } = blocks[i]!;
    const last = runs.at(-1);
    if (last?.kind === kind && (kind === 'item' || kind === 'row')) last.to = i + 1;
    else runs.push({ kind, from: i, to: i + 1 });
  }
  return runs;
}

function Group({ kind, from, to, ...props }: TextPageProps & Run) {
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  const { blocks } = props.document;
  const marks = (index: number) => ({
    'data-block': index,
    tabIndex: index === props.active ? 0 : -1,
    dir: 'auto',
  });
  if (kind === 'item')
    return (
      <ul className="text-list">
        {indices.map((index) => (
          <li key={index} {...marks(index)}>
            <Words {...props} start={blocks[index]!.start} end={blocks[index]!.end} />
          </li>
        ))}
      </ul>
    );
  if (kind === 'row') return <Table {...props} indices={indices} marks={marks} />;
  const words = <Words {...props} start={blocks[from]!.start} end={blocks[from]!.end} />;
  if (kind === 'heading')
    return (
      <h3 className="text-heading" data-level={Math.min(4, blocks[from]!.level ?? 1)} {...marks(from)}>
        {words}
      </h3>
    );
  return (
    <p className={kind === 'caption' ? 'text-caption' : 'text-prose'} {...marks(from)}>
      {words}
    </p>
  );
}

interface TableProps extends TextPageProps {
  indices: readonly number[];
  marks(index: number): { 'data-block': number; tabIndex: number; dir: string };
}

function Table({ indices, marks, ...props }: TableProps) {
  const { blocks } = props.document;
  const columns = Math.max(...indices.map((index) => blocks[index]!.cells?.length ?? 1));
  return (
    <div className="text-table">
      <table>
        <tbody>
          {indices.map((index) => {
            const { start, end, cells = [start] } = blocks[index]!;
            return (
              <tr key={index} {...marks(index)}>
                {cells.map((cell, c) => (
                  <td key={cell} colSpan={c === cells.length - 1 ? columns - c : 1}>
                    <Words {...props} start={cell} end={cells[c + 1] ?? end} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Words({ document, start, end, ...marks }: TextPageProps & Span): ReactNode {
  return piecesOf(document, start, end, marks).map((piece) => (
    <span key={piece.start}>
      {piece.page !== undefined && (
        <span className="text-break" title={`Page ${piece.page} begins here`}>
          <span className="unseen">page </span>
          {piece.page}
        </span>
      )}
      {piece.marked || piece.found ? (
        <mark className={piece.found ? 'text-found' : 'text-quoted'} data-now={piece.found === 'now' || undefined}>
          {piece.text}
        </mark>
      ) : (
        piece.text
      )}
    </span>
  ));
}
