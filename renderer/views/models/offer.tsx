// A model that was looked at on its server: what it is, what it takes, and the question whether to fetch it.
import { Download } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DownloadRow } from '../../../main/common/api.ts';
import type { ModelReport } from '../../engine-protocol.ts';
import { size } from '../../format.ts';
import { fitWords, parameters, trainedOn, withoutQuery } from '../../model-words.ts';
import { FitLine, Licence } from './model-item.tsx';
import type { ModelsProps } from './models-view.tsx';

export function Offer({
  download,
  report,
  now,
  session,
}: ModelsProps & { download: DownloadRow; report: ModelReport }) {
  const get = useRef<HTMLButtonElement>(null);
  useEffect(() => get.current?.focus(), []);
  const fit = fitWords(report, now.room);
  const { parts, bytes, address, hashed } = download;
  return (
    <section className="model offer" aria-label={`Fetch ${report.name}?`}>
      <p className="model-name">{report.name}</p>
      <div className="model-about">
        <p>
          {size(bytes)}
          {parts.length > 1 && ` in ${parts.length} files`} · {report.architecture} · {parameters(report.parameters)} ·{' '}
          {report.types.slice(0, 2).join(', ')}
        </p>
        <p>
          {report.chat ? 'Writes prose and quotes' : 'Quotes; writes no prose (no chat template)'} · {trainedOn(report)}
        </p>
        <p className="model-address">From {withoutQuery(address)}</p>
        <p>
          {hashed
            ? 'It is compared with its publisher’s checksum before it is used.'
            : 'Its publisher states no checksum: only its length can be compared.'}
        </p>
        {report.licence && <Licence name={report.licence} />}
        {fit && <FitLine fit={fit} />}
      </div>
      <div className="model-actions">
        <button ref={get} type="button" className="button primary" onClick={() => void session.startDownload(download)}>
          <Download size={15} strokeWidth={1.9} aria-hidden="true" /> Download {size(bytes)}
        </button>
        <button type="button" className="button" onClick={() => void session.discardDownload(download)}>
          Not now
        </button>
      </div>
    </section>
  );
}
