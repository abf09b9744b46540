// A button that is only an icon: its name is spoken, and shown as a tooltip on hover and focus.
import type { ReactNode } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';

interface IconButtonProps {
  label: string;
  onPress(): void;
  children: ReactNode;
  disabled?: boolean;
}

export const IconButton = ({ label, onPress, children, disabled }: IconButtonProps) => (
  <TooltipTrigger delay={500}>
    <Button className="icon-button" aria-label={label} onPress={onPress} isDisabled={disabled}>
      {children}
    </Button>
    <Tooltip className="tooltip" offset={6}>
      {label}
    </Tooltip>
  </TooltipTrigger>
);
