import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleGatewayPlan, sampleIds } from '../../testing/sample-plans.ts';
import { digestOf } from '../plan/parts.ts';
import { PlanFiles } from './plan-files.ts';
import { PlanHolder } from './plan-holder.ts';

const ids = sampleIds('disk', 2);
const plan = sampleGatewayPlan(ids);

let disk: string;
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'landbridge-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
});
afterEach(() => {
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

function startHolder(): PlanHolder {
  const files = new PlanFiles({ find: () => disk, make: () => disk });
  const logger = pino({ level: 'silent' });
  return new PlanHolder({ files, check: () => undefined, onChanged: () => undefined, logger });
}

/** A plan whose text is at least so large. */
function take(holder: PlanHolder, generation: number, bytes: number): void {
  const issue = { plan: { ...plan, sysctls: { filler: 'x'.repeat(bytes) } }, keys: {} };
  const to = digestOf(issue);
  expect(holder.take({ kind: 'plan', key: plan.key, generation, from: null, to, difference: { is: issue } })).toBe(
    true,
  );
}

it('a plan that finds no room on the disk is held, and after a start there is none rather than the one before', () => {
  const holder = startHolder();
  take(holder, 1, 10);
  expect(startHolder().planFor(plan.key)).toMatchObject({ generation: 1 });
  take(holder, 2, 300_000);
  expect(holder.planFor(plan.key)).toMatchObject({ generation: 2 });
  expect(() => startHolder().planFor(plan.key)).toThrow('not known');
  // There is room again.
  take(holder, 3, 10);
  expect(startHolder().planFor(plan.key)).toMatchObject({ generation: 3 });
});

it('and so with a change of it', () => {
  const holder = startHolder();
  take(holder, 1, 10);
  take(holder, 2, 20);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(1));
  try {
    writeFileSync(join(disk, 'filler'), Buffer.alloc(300_000));
  } catch {
    // As full as it gets.
  }
  take(holder, 3, 20_000);
  expect(holder.planFor(plan.key)).toMatchObject({ generation: 3 });
  expect(() => startHolder().planFor(plan.key)).toThrow('not known');
});
