// One setting each: its name, what can be chosen, and under it what it does.
import { type ReactNode, useId } from 'react';

interface CheckProps {
  name: string;
  checked: boolean;
  change(checked: boolean): void;
  children: ReactNode;
}

export function Check({ name, checked, change, children }: CheckProps) {
  const about = useId();
  return (
    <div className="setting">
      <label className="setting-check">
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={about}
          onChange={(event) => change(event.currentTarget.checked)}
        />
        {name}
      </label>
      <p id={about} className="setting-about">
        {children}
      </p>
    </div>
  );
}

interface ChoiceProps {
  name: string;
  value: string | number;
  options: readonly (readonly [string | number, string])[];
  disabled?: boolean;
  choose(value: string): void;
  children: ReactNode;
}

export function Choice({ name, value, options, disabled, choose, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="setting">
      <label className="setting-name" htmlFor={id}>
        {name}
      </label>
      <select id={id} value={value} disabled={disabled} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      <p className="setting-about">{children}</p>
    </div>
  );
}
