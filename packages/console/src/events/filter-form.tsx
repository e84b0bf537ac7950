import { useState } from 'preact/hooks';
import { SelectField, TextField, type Choice } from '../forms/fields.tsx';
import { say } from '../words/said.ts';
import { fieldOf, instantOf } from './moments.ts';

/** One thing that a list can be asked for by. */
export interface Criterion {
  /** In the address of the page. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'text' | 'moment' | 'choice';
  readonly choices?: readonly Choice[];
}

interface FilterFormProps {
  readonly criteria: readonly Criterion[];
  readonly search: URLSearchParams;
  /** What is asked for from now on; what is empty is not. */
  readonly onShow: (asked: Readonly<Record<string, string>>) => void;
}

/** Asks when told to, and not with every letter. What is asked for is the address of the page. */
export function FilterForm(props: FilterFormProps) {
  return <Draft key={props.search.toString()} {...props} />;
}

function Draft({ criteria, search, onShow }: FilterFormProps) {
  const asked = Object.fromEntries(criteria.map(({ name }) => [name, search.get(name) ?? '']));
  const [draft, setDraft] = useState<Readonly<Record<string, string>>>(asked);
  const show = (wanted: Readonly<Record<string, string>>) =>
    onShow(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value.trim() !== '')));
  const isFiltered = Object.values(asked).some((value) => value !== '');
  return (
    <form
      class="criteria"
      role="search"
      aria-label={say('events.filter')}
      onSubmit={(event) => {
        event.preventDefault();
        show(draft);
      }}
    >
      {criteria.map((criterion) => (
        <CriterionField
          key={criterion.name}
          criterion={criterion}
          value={draft[criterion.name] ?? ''}
          onValue={(value) => setDraft((before) => ({ ...before, [criterion.name]: value }))}
        />
      ))}
      <div class="buttons">
        {isFiltered && (
          <button type="button" class="quiet" onClick={() => show({})}>
            {say('events.clear')}
          </button>
        )}
        <button type="submit">{say('events.show')}</button>
      </div>
    </form>
  );
}

interface CriterionFieldProps {
  readonly criterion: Criterion;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function CriterionField({ criterion, value, onValue }: CriterionFieldProps) {
  const { label, hint, kind, choices = [] } = criterion;
  if (kind === 'choice') return <SelectField label={label} value={value} choices={choices} onChange={onValue} />;
  if (kind === 'text') return <TextField {...{ label, value }} placeholder={hint ?? ''} onInput={onValue} />;
  return (
    <TextField
      {...{ label, type: 'datetime-local', value: fieldOf(value) }}
      onInput={(field) => onValue(instantOf(field))}
    />
  );
}
