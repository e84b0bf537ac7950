import { useLoaded } from '../live/loaded.ts';
import { CheckField, AreaField, SelectField, TextField, type Choice } from '../forms/fields.tsx';
import { Problem } from '../parts/problem.tsx';
import type { Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import type { Field, FieldPath } from './field.ts';
import type { ReadableKind, ShownObject } from './readable-kind.ts';

export function labelOf(path: string): string {
  return say(`field.${path as FieldPath}`);
}

interface FormFieldsProps {
  readonly fields: readonly Field[];
  readonly form: Form;
  readonly onChange: (form: Form) => void;
  /** Where objects are that can be chosen, and what they are a part of: empty where that does not matter. */
  readonly region: string;
  readonly within: string;
}

const groups = [undefined, 'ike', 'esp', 'dpd', 'check'] as const;

/** The fields that mean something beside the others, in their groups. */
export function FormFields({ fields, form, onChange, region, within }: FormFieldsProps) {
  return (
    <>
      {groups.map((group) => {
        const shown = fields.filter((field) => field.group === group && field.when?.(form) !== false);
        if (shown.length === 0) return null;
        const inputs = (
          <div class="fields">
            {shown.map((field) => (
              <FormField
                key={field.path}
                {...{ field, region, within }}
                value={form[field.path] ?? ''}
                onChange={(value) => onChange({ ...form, [field.path]: value })}
              />
            ))}
          </div>
        );
        if (group === undefined) return inputs;
        return (
          <fieldset key={group}>
            <legend>{say(`group.${group}`)}</legend>
            {inputs}
          </fieldset>
        );
      })}
    </>
  );
}

interface FormFieldProps extends Pick<FormFieldsProps, 'region' | 'within'> {
  readonly field: Field;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function FormField({ field, value, onChange, region, within }: FormFieldProps) {
  const { path, type, from, hasHint } = field;
  const label = say(field.label ?? `field.${path}`);
  if (type === 'truth' || type === 'truth-text' || type === 'flag') {
    return <CheckField label={label} checked={value === 'true'} onChange={(checked) => onChange(String(checked))} />;
  }
  const about = { label, ...(hasHint === true ? { hint: say(`hint.${path as HintPath}`) } : {}) };
  if (from !== undefined) return <ObjectField {...{ about, value, onChange, from, region, within }} />;
  return <TypedField {...{ about, field, value, onChange }} />;
}

interface TypedFieldProps extends Pick<FormFieldProps, 'field' | 'value' | 'onChange'> {
  readonly about: { readonly label: string; readonly hint?: string };
}

function TypedField({ about, field, value, onChange }: TypedFieldProps) {
  const { type, choices, required = false } = field;
  if (choices !== undefined) {
    return <SelectField {...about} value={value} onChange={onChange} choices={choicesWith(value, choices)} />;
  }
  if (type === 'lines' || type === 'policies') return <AreaField {...about} value={value} onInput={onChange} />;
  const inputType = type === 'secret' ? 'password' : type === 'number' ? 'number' : 'text';
  return <TextField {...{ ...about, value, required }} type={inputType} onInput={onChange} />;
}

type HintPath = 'PreShareKey' | 'SecurityPolicyDatabases' | 'DnsServers';

/** What an object has can be kept, though it is chosen no more. */
function choicesWith(value: string, choices: readonly string[]): readonly Choice[] {
  return (choices.includes(value) ? choices : [value, ...choices]).map((choice) => ({ value: choice }));
}

interface ObjectFieldProps extends Pick<FormFieldsProps, 'region' | 'within'> {
  readonly about: { readonly label: string };
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly from: readonly ReadableKind[];
}

/** Another object, by its name. */
function ObjectField({ about, value, onChange, from, region, within }: ObjectFieldProps) {
  const loaded = useLoaded(`${region} ${within}`, () => ({
    ...{ kinds: from.flatMap(({ rows }) => rows), everyMs: 60_000 },
    load: async (isBackground: boolean) => {
      const found = await Promise.all(from.map((kind) => readAll(kind, region, isBackground)));
      return found.flat();
    },
  }));
  const objects = (loaded.value.value ?? []).filter((object) => object.within === '' || object.within === within);
  const choices = objects.map(({ id, name }) => ({ value: id, name: `${name} (${id})` }));
  const isListed = objects.some(({ id }) => id === value);
  return (
    <div>
      <SelectField
        {...about}
        {...{ value, onChange }}
        choices={isListed ? choices : [{ value, name: value || '–' }, ...choices]}
      />
      <Problem of={loaded.problem.value} again={() => void loaded.refresh(false)} />
    </div>
  );
}

async function readAll(kind: ReadableKind, region: string, isBackground: boolean): Promise<readonly ShownObject[]> {
  const found: ShownObject[] = [];
  for (;;) {
    const { objects, total } = await kind.read({ offset: found.length }, { region, isBackground });
    found.push(...objects);
    if (objects.length === 0 || found.length >= total) return found;
  }
}
