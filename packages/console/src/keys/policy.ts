import type { Parameters } from '../calls/call.ts';

/** What a key may do; where there is none it may do what its account may. */
export type Policy = NonNullable<Parameters<'CreateAccessKey'>['Policy']>;
export type Statement = Policy['Statements'][number];

/** What most keys are for. */
export const presets = {
  all: null,
  look: { Statements: [{ Access: 'read' }] },
  lookAtSecrets: { Statements: [{ Access: 'read' }], ShowsSecrets: true },
  operate: {
    Statements: [
      { Access: 'read' },
      {
        Access: 'write',
        Actions: [
          'ResetVpnConnection',
          'AskPeerProposals',
          'ProvePath',
          'DrillFailover',
          'MuteFinding',
          'UnmuteFinding',
        ],
      },
    ],
  },
  off: { Statements: [] },
} satisfies Readonly<Record<string, Policy | null>>;

export type Preset = keyof typeof presets;
export const presetNames = Object.keys(presets) as readonly Preset[];

/** A statement as it is typed: lists as lines. */
export interface StatementDraft {
  readonly access: Statement['Access'];
  readonly actions: string;
  readonly resources: string;
  /** `key=value` each. */
  readonly tags: string;
}

/** A policy while it is made up. */
export type PolicyDraft =
  | { readonly as: 'preset'; readonly preset: Preset }
  | { readonly as: 'form'; readonly statements: readonly StatementDraft[]; readonly showsSecrets: boolean }
  | { readonly as: 'json'; readonly text: string };

export const emptyStatement: StatementDraft = { access: 'read', actions: '', resources: '', tags: '' };

/** Undefined: none of them. */
export function presetOf(policy: Policy | null): Preset | undefined {
  const wanted = canonical(policy);
  return presetNames.find((name) => canonical(presets[name]) === wanted);
}

export function draftOf(policy: Policy | null): PolicyDraft {
  const preset = presetOf(policy);
  if (preset !== undefined || policy === null) return { as: 'preset', preset: preset ?? 'all' };
  return formOf(policy);
}

export function formOf({ Statements, ShowsSecrets = false }: Policy): PolicyDraft & { readonly as: 'form' } {
  const statements = Statements.map(({ Access, Actions = [], Resources = [], Tags = [] }) => ({
    access: Access,
    actions: Actions.join('\n'),
    resources: Resources.join('\n'),
    tags: Tags.map(({ Key, Value }) => `${Key}=${Value}`).join('\n'),
  }));
  return { as: 'form', statements, showsSecrets: ShowsSecrets };
}

/** Throws NoPolicy where what is typed is none at all; what it says is judged by the service. */
export function policyOf(draft: PolicyDraft): Policy | null {
  if (draft.as === 'preset') return presets[draft.preset];
  if (draft.as === 'form') return { Statements: draft.statements.map(statementOf), ShowsSecrets: draft.showsSecrets };
  return parsePolicy(draft.text);
}

/** What is typed is no JSON object. */
export class NoPolicy extends Error {}

function parsePolicy(text: string): Policy {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new NoPolicy(error instanceof Error ? error.message : '');
  }
  // Null would be no policy: everything.
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new NoPolicy('{ }');
  return parsed as Policy;
}

function statementOf({ access, actions, resources, tags }: StatementDraft): Statement {
  const [Actions, Resources] = [listed(actions), listed(resources)];
  const Tags = linesOf(tags).map(tagOf);
  return {
    Access: access,
    ...(Actions.length > 0 && { Actions }),
    ...(Resources.length > 0 && { Resources }),
    ...(Tags.length > 0 && { Tags }),
  };
}

function tagOf(line: string) {
  const at = line.indexOf('=');
  return at < 0 ? { Key: line, Value: '' } : { Key: line.slice(0, at), Value: line.slice(at + 1) };
}

function listed(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function canonical(policy: Policy | null): string {
  return JSON.stringify(policy === null ? null : policyOf(formOf(policy)));
}
