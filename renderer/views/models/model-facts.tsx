// What a model is and whether there is room for it, in the lines that rows and offers share.
import { CircleCheck, CircleSlash, Scale } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ModelReport, RoomReport } from '../../engine/engine-protocol.ts';
import { size } from '../../format.ts';
import { type FitWords, fitWords, licenceName, parameters, trainedOn } from '../../models/model-words.ts';

interface ModelFactsProps {
  report: ModelReport;
  room: RoomReport | undefined;
  bytes: number;
  files?: number;
  /** Its file's name, where it is known by another. */
  file?: string;
  /** What else is to be said of it, in lines of its own. */
  children?: ReactNode;
}

export function ModelFacts({ report, room, bytes, files = 1, file, children }: ModelFactsProps) {
  const { architecture, parameters: number, types, chat, licence } = report;
  const fit = fitWords(report, room);
  return (
    <>
      <p>
        {chat ? 'Writes prose and quotes' : 'Quotes; writes no prose (no chat template)'} · {trainedOn(report)}
      </p>
      <p>
        {weight(bytes, files)} · {parameters(number)} · {architecture} · {types.slice(0, 2).join(', ')}
      </p>
      {file && <p>{file}</p>}
      {children}
      {licence && (
        <p className="model-licence">
          <Scale size={13} strokeWidth={1.8} aria-hidden="true" /> Licence: {licenceName(licence)}
        </p>
      )}
      {fit && <FitLine fit={fit} />}
    </>
  );
}

/** "2.49 GB in 3 files". */
export const weight = (bytes: number, files = 1): string => `${size(bytes)}${files > 1 ? ` in ${files} files` : ''}`;

export const FitLine = ({ fit }: { fit: FitWords }) => (
  <p className="model-fit" data-fit={fit.kind}>
    {fit.kind === 'none' ? (
      <CircleSlash size={13} strokeWidth={2} aria-hidden="true" />
    ) : (
      <CircleCheck size={13} strokeWidth={2} aria-hidden="true" />
    )}
    {fit.sentence}
  </p>
);
