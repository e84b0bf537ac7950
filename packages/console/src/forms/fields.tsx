import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Labelled {
  readonly label: string;
  /** What belongs into it, in a line below. */
  readonly hint?: string | undefined;
  /** What is wrong with what is in it. */
  readonly wrong?: string | undefined;
}

interface TextFieldProps extends Labelled {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly required?: boolean;
  readonly type?: 'text' | 'number' | 'password' | 'datetime-local';
  readonly placeholder?: string;
}

export function TextField({ value, onInput, required = false, type = 'text', placeholder, ...about }: TextFieldProps) {
  return (
    <Labelling {...about}>
      {(ids) => (
        <input
          {...{ ...ids, type, value, required }}
          {...(placeholder === undefined ? {} : { placeholder })}
          autocomplete={type === 'password' ? 'new-password' : 'off'}
          spellcheck={false}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    </Labelling>
  );
}

interface AreaFieldProps extends Labelled {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly rows?: number;
}

/** Several lines. */
export function AreaField({ value, onInput, rows = 4, ...about }: AreaFieldProps) {
  return (
    <Labelling {...about}>
      {(ids) => (
        <textarea
          {...{ ...ids, value, rows }}
          spellcheck={false}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    </Labelling>
  );
}

export interface Choice {
  readonly value: string;
  /** The value itself unless given. */
  readonly name?: string;
}

interface SelectFieldProps extends Labelled {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

/** What fits into a column of a form, such as the name of an algorithm. */
const shortLength = 24;

export function SelectField({ value, choices, onChange, ...about }: SelectFieldProps) {
  const isLong = choices.some((choice) => (choice.name ?? choice.value).length > shortLength);
  return (
    <Labelling {...about} isLong={isLong}>
      {(ids) => (
        <select {...ids} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name ?? choice.value}
            </option>
          ))}
        </select>
      )}
    </Labelling>
  );
}

interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, checked, onChange }: CheckFieldProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {label}
    </label>
  );
}

interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean;
}

interface LabellingProps extends Labelled {
  readonly isLong?: boolean;
  readonly children: (ids: FieldIds) => ComponentChildren;
}

function Labelling({ label, hint, wrong, isLong = false, children }: LabellingProps) {
  const id = useId();
  const below = `${id}-below`;
  const said = wrong ?? hint;
  return (
    <div class={isLong ? 'field long' : 'field'}>
      <label for={id}>{label}</label>
      {children({
        id,
        ...(said === undefined ? {} : { 'aria-describedby': below }),
        ...(wrong === undefined ? {} : { 'aria-invalid': true }),
      })}
      {said !== undefined && (
        <p id={below} class={wrong === undefined ? 'fine' : 'wrong'}>
          {said}
        </p>
      )}
    </div>
  );
}
