// The app's mark, drawn in one colour: the bundle of three needles by which a longleaf pine is known (see assets/icon.svg).
export const Mark = ({ size = 24 }: { size?: number }) => (
  <svg className="mark" width={size} height={size} viewBox="215 215 660 690" aria-hidden="true">
    <path d="M272 846C440 778 640 668 858 452C700 690 470 822 284 862z" opacity="0.7" />
    <path d="M262 842C340 640 480 440 786 236C596 452 430 640 286 856z" />
    <path d="M266 846C392 702 560 540 846 340C652 566 466 712 286 860z" opacity="0.85" />
    <path
      className="mark-sheath"
      d="M228 884C238 850 254 826 280 806C300 812 312 826 318 846C296 872 268 886 236 894C229 895 226 891 228 884z"
    />
  </svg>
);
