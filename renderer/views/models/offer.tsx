// A model that was looked at on its server: what it is, what it takes, and the question whether to fetch it.
import { Download } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DownloadRow } from '../../../main/common/api.ts';
import type { ModelReport } from '../../engine/engine-protocol.ts';
import { size } from '../../format.ts';
import { withoutQuery } from '../../models/model-words.ts';
import { ModelFacts } from './model-facts.tsx';
import type { ModelsProps } from './models-props.ts';

export function Offer({
  download,
  report,
  now,
  session,
}: ModelsProps & { download: DownloadRow; report: ModelReport }) {
  const get = useRef<HTMLButtonElement>(null);
  useEffect(() => get.current?.focus(), []);
  const { parts, bytes, address, hashed } = download;
  return (
    <section className="model offer" aria-label={`Fetch ${report.name}?`}>
      <p className="model-name">{report.name}</p>
      <div className="model-about">
        <ModelFacts report={report} room={now.room} bytes={bytes} files={parts.length}>
          <p>
            {hashed
              ? 'It is compared with its publisher’s checksum before it is used.'
              : 'Its publisher states no checksum: only its length can be compared.'}
          </p>
          <p className="model-address">From {withoutQuery(address)}</p>
        </ModelFacts>
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
