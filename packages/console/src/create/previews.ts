import { call, type Reply } from '../calls/call.ts';
import { serviceOf } from '../changes/service-of.ts';
import { freshKey } from './fresh-key.ts';
import { isSecretKey } from './run.ts';
import { fill, isLook, needsOf, type Step } from './step.ts';

export type Preview = Reply<'PreviewChanges'>;

/** Whether the service can say what the step would do: all that it needs is there already. */
export function isPreviewable(step: Step): boolean {
  return !isLook(step) && needsOf(step).every(isSecretKey);
}

/** Makes nothing. Throws CallError where the step would be refused. */
export function previewOf(step: Step, region: string): Promise<Preview> {
  // No other key is needed to see what a tunnel changes.
  const Parameters = fill(step, () => freshKey());
  return call(
    'PreviewChanges',
    { Service: serviceOf(step.action), Action: step.action, Parameters },
    { region, isBackground: true },
  );
}
