import { appendFileSync, readFileSync } from 'node:fs';
import { allActions } from '@landbridge/catalogue/services';

/** For tests only: which Action refused what, over all test files of a run. */

/** Names the file that gathers them: set by untried-errors-reporter.ts, which compares them with the catalogue at the end. */
const variable = 'LANDBRIDGE_PROVOKED_ERRORS';

export function gatherProvokedErrors(file: string): void {
  process.env[variable] = file;
}

/** Of one harness: `ACTION REASON` each. */
export function recordProvokedErrors(provoked: ReadonlySet<string>): void {
  const file = process.env[variable];
  if (file !== undefined && provoked.size > 0) appendFileSync(file, [...provoked, ''].join('\n'));
}

/** What would take the impossible, with what proves it instead. */
const unprovokable: Readonly<Record<string, string>> = {
  'CreateVpnConnection no-if-id-left': '65,535 tunnels of one gateway; the rule alone: vpn-connection-rules.test.ts',
  'PreviewChanges no-if-id-left': 'as that of CreateVpnConnection',
  'PreviewChanges capture-place-missing': 'the acting side finds it when a capture starts, which a preview does not',
  'PreviewChanges capture-fits-nothing': 'as that of capture-place-missing',
  'PreviewChanges capture-program-missing': 'as that of capture-place-missing',
  'PreviewChanges peer-questions-away': 'a preview asks no peer, and nobody whether one can be asked',
  'PreviewChanges peer-question-not-there': 'as that of peer-questions-away',
  'PreviewChanges peer-asked-now': 'as that of peer-questions-away',
  'PreviewChanges peer-questions-of-account': 'as that of peer-questions-away',
  'PreviewChanges peer-questions-of-host': 'as that of peer-questions-away',
  'PreviewChanges peer-question-failed': 'as that of peer-questions-away',
  'PreviewChanges proofs-away': 'a preview sends no packet, and asks nobody whether one can be sent',
  'PreviewChanges proof-not-there': 'as that of proofs-away',
  'PreviewChanges proof-no-free-address': 'as that of proofs-away',
  'PreviewChanges proof-under-way': 'as that of proofs-away',
  'PreviewChanges proofs-of-host': 'as that of proofs-away',
  'PreviewChanges proofs-of-account': 'as that of proofs-away',
  'PreviewChanges proof-failed': 'as that of proofs-away',
  'PreviewChanges drill-not-used': 'as that of proofs-away',
  'PreviewChanges drill-no-standby': 'as that of proofs-away',
  'PreviewChanges drill-unanswered': 'as that of proofs-away',
  'PreviewChanges drill-other-way': 'as that of proofs-away',
};

/** What the catalogue lists for an Action and no test saw it refuse. */
export function untriedErrors(file: string): string[] {
  const provoked = new Set([...readFileSync(file, 'utf8').split('\n'), ...Object.keys(unprovokable)]);
  return allActions
    .flatMap(({ name, definition }) => definition.errors.map((reason) => `${name} ${reason}`))
    .filter((error) => !provoked.has(error));
}
