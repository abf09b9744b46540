// PDFs can be dropped anywhere in the window. Anything dropped is taken by the app, so that the browser never navigates to it.
import { FileDown } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';

export function useDrop(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
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
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) take(files);
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
      <p>Let go to read</p>
    </div>
  </div>
);
