// Radio buttons in one row, of which one is chosen.
interface SegmentsProps<Value extends string> {
  name: string;
  options: readonly { value: Value; name: string }[];
  value: Value;
  choose(value: Value): void;
}

export function Segments<Value extends string>({ name, options, value, choose }: SegmentsProps<Value>) {
  return (
    <fieldset className="segments">
      <legend>{name}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} data-chosen={option.value === value || undefined}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => choose(option.value)}
            />
            {option.name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
