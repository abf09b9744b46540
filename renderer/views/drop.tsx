// A PDF can be dropped anywhere in the window. Anything dropped is taken by the app, so that the browser never navigates to it.
import { FileDown } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';

export function useDrop(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFile);
  useEffect(() => {
    const holdsFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const drag = (event: DragEvent) => {
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = holdsFile(event) ? 'copy' : 'none';
      if (holdsFile(event)) setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) take(file);
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over;
}

export const DropOverlay = () => (
  <div className="drop-overlay" aria-hidden="true">
    <div className="drop-sheet">
      <FileDown size={36} strokeWidth={1.4} />
      <p>Let go to read this PDF</p>
    </div>
  </div>
);
