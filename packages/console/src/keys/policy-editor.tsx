import { AreaField, CheckField, SelectField } from '../forms/fields.tsx';
import { say } from '../words/said.ts';
import {
  emptyStatement,
  formOf,
  NoPolicy,
  policyOf,
  presetNames,
  type PolicyDraft,
  type Preset,
  type StatementDraft,
} from './policy.ts';

interface PolicyEditorProps {
  readonly draft: PolicyDraft;
  readonly onChange: (draft: PolicyDraft) => void;
  /** What the service has against it. */
  readonly wrong: string | undefined;
}

/** What a key may do: one of what most keys are for, statements in a form, or the same as JSON. */
export function PolicyEditor({ draft, onChange, wrong }: PolicyEditorProps) {
  const chosen = draft.as === 'preset' ? draft.preset : draft.as;
  const choose = (value: string) => onChange(drafted(value as Preset | 'form' | 'json', draft));
  return (
    <fieldset class="policy">
      <legend>{say('policy.heading')}</legend>
      <SelectField
        label={say('policy.choice')}
        value={chosen}
        choices={[
          ...presetNames.map((preset) => ({ value: preset, name: say(`policy.preset.${preset}`) })),
          { value: 'form', name: say('policy.form') },
          { value: 'json', name: say('policy.json') },
        ]}
        onChange={choose}
        wrong={draft.as === 'json' ? undefined : wrong}
      />
      {draft.as === 'form' && <Form draft={draft} onChange={onChange} />}
      {draft.as === 'json' && (
        <AreaField
          label={say('policy.jsonField')}
          value={draft.text}
          onInput={(text) => onChange({ as: 'json', text })}
          rows={10}
          wrong={wrong}
        />
      )}
    </fieldset>
  );
}

/** What is there so far, in another way; what cannot be read is begun anew. */
function drafted(wanted: Preset | 'form' | 'json', draft: PolicyDraft): PolicyDraft {
  if (wanted !== 'form' && wanted !== 'json') return { as: 'preset', preset: wanted };
  const policy = readable(draft) ?? { Statements: [{ Access: 'read' as const }] };
  if (wanted === 'form') return formOf(policy);
  return { as: 'json', text: JSON.stringify(policy, null, 2) };
}

function readable(draft: PolicyDraft) {
  try {
    const policy = policyOf(draft);
    // Whoever typed it may have typed anything.
    if (policy !== null) formOf(policy);
    return policy;
  } catch (error) {
    if (error instanceof NoPolicy || error instanceof TypeError) return null;
    throw error;
  }
}

interface FormProps {
  readonly draft: PolicyDraft & { readonly as: 'form' };
  readonly onChange: (draft: PolicyDraft) => void;
}

function Form({ draft, onChange }: FormProps) {
  const { statements } = draft;
  const put = (changed: readonly StatementDraft[]) => onChange({ ...draft, statements: changed });
  return (
    <>
      <p class="fine">{say('policy.how')}</p>
      <ol class="statements">
        {statements.map((statement, index) => (
          <li key={index}>
            <StatementFields
              number={index + 1}
              statement={statement}
              onChange={(changed) => put(statements.with(index, changed))}
              onRemove={() => put(statements.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      <p>
        <button type="button" onClick={() => put([...statements, emptyStatement])}>
          {say('policy.add')}
        </button>
      </p>
      <CheckField
        label={say('policy.showsSecrets')}
        checked={draft.showsSecrets}
        onChange={(showsSecrets) => onChange({ ...draft, showsSecrets })}
      />
    </>
  );
}

interface StatementFieldsProps {
  /** From 1. */
  readonly number: number;
  readonly statement: StatementDraft;
  readonly onChange: (statement: StatementDraft) => void;
  readonly onRemove: () => void;
}

function StatementFields({ number, statement, onChange, onRemove }: StatementFieldsProps) {
  const { access, actions, resources, tags } = statement;
  return (
    <fieldset>
      <legend>{say('policy.statement', { number })}</legend>
      <SelectField
        label={say('policy.access')}
        value={access}
        choices={[
          { value: 'read', name: say('policy.access.read') },
          { value: 'write', name: say('policy.access.write') },
        ]}
        onChange={(value) => onChange({ ...statement, access: value as StatementDraft['access'] })}
      />
      <div class="fields">
        <AreaField
          label={say('policy.actions')}
          hint={say('policy.actionsHint')}
          value={actions}
          rows={3}
          onInput={(value) => onChange({ ...statement, actions: value })}
        />
        <AreaField
          label={say('policy.resources')}
          hint={say('policy.resourcesHint')}
          value={resources}
          rows={3}
          onInput={(value) => onChange({ ...statement, resources: value })}
        />
        <AreaField
          label={say('policy.tags')}
          hint={say('policy.tagsHint')}
          value={tags}
          rows={3}
          onInput={(value) => onChange({ ...statement, tags: value })}
        />
      </div>
      <button type="button" class="quiet" onClick={onRemove}>
        {say('policy.remove', { number })}
      </button>
    </fieldset>
  );
}
