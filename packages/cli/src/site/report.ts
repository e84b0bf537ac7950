import type { Outcome } from './apply-steps.ts';
import type { FieldValue, PresentObject, SiteObject } from './site-object.ts';
import type { Step } from './steps.ts';

/** A step in one line, in the words of the file; keys stay secret. */
export function describeStep(step: Step): string {
  switch (step.do) {
    case 'create':
      return `+ ${step.key}`;
    case 'delete':
      return `- ${step.key}`;
    case 'change':
      return `~ ${step.key}: ${step.fields.map((field) => change(field, step.object, step.present)).join(', ')}`;
    case 'refuse':
      return `! ${step.key}: ${step.fields.map((field) => change(field, step.object, step.present)).join(', ')} cannot be changed: give it another name, or delete it first`;
  }
}

/** What became of a step, in one line. */
export function describeOutcome(outcome: Outcome, where: (object: SiteObject) => string): string {
  const line = describeStep(outcome.step);
  if (outcome.result === 'done') return line;
  const why = outcome.result === 'held' ? `waits for ${outcome.by}` : outcome.why;
  const place = outcome.step.do === 'delete' ? '' : `${where(outcome.step.object)}: `;
  return `! ${place}${outcome.step.key}: ${why}`;
}

function change(field: string, wanted: SiteObject, present: PresentObject): string {
  return `${field} ${shown(present.fields[field])} -> ${shown(wanted.fields[field])}`;
}

function shown(value: FieldValue | undefined): string {
  if (value === undefined) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
