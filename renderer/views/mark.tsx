// The app's mark: the bundle of three needles by which a longleaf pine is known.
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg className="mark" width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
    <path d="M15.6 29.5C15.2 20.8 10.6 11.3 3.6 5.6" />
    <path d="M16 29.5C15.5 19.6 15.6 10.4 16.4 2.4" />
    <path d="M16.4 29.5C16.9 20.9 21.3 11.5 28.4 6" />
  </svg>
);
