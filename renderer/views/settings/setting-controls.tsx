// One setting each: its name, what can be chosen, and under it what it does.
import { type ReactNode, useId, useState } from 'react';

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

interface TypedProps {
  name: string;
  /** As it is written into the field. */
  stored: string;
  placeholder: string;
  inputMode: 'numeric' | 'url';
  /** Returns false where what was typed is none; it is taken back then. */
  take(typed: string): boolean;
  children: ReactNode;
}

/** Stored when it is left or Enter is pressed. */
export function Typed({ name, stored, placeholder, inputMode, take, children }: TypedProps) {
  const id = useId();
  const [typed, setTyped] = useState(stored);
  const leave = () => {
    if (!take(typed.trim())) setTyped(stored);
  };
  return (
    <div className="setting">
      <label className="setting-name" htmlFor={id}>
        {name}
      </label>
      <input
        id={id}
        type="text"
        inputMode={inputMode}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-about`}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={leave}
        onKeyDown={(event) => event.key === 'Enter' && leave()}
      />
      <p id={`${id}-about`} className="setting-about">
        {children}
      </p>
    </div>
  );
}
