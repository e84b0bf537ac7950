import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand, type CommandResult } from '@landbridge/testbed/run-command';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IdcConnection } from '../src/idc-connection.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import type { BuiltScenario, Scenario } from '../src/scenario.ts';
import { oneRoute } from '../src/scenarios/1-route.ts';
import { oneSpd } from '../src/scenarios/1-spd.ts';
import { twoRoute } from '../src/scenarios/2-route.ts';
import { three } from '../src/scenarios/3.ts';
import { fourRoute } from '../src/scenarios/4-route.ts';
import { fourSpd } from '../src/scenarios/4-spd.ts';
import { sixMixed } from '../src/scenarios/6-mixed.ts';
import { sixSpd } from '../src/scenarios/6-spd.ts';
import { World } from '../src/world.ts';

// examples/*.yaml are the scenarios: what is built by calls is what the file says, and what the file builds works.

const landbridge = fileURLToPath(new URL('../../landbridge', import.meta.url));
const examples = fileURLToPath(new URL('../../examples', import.meta.url));

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterEach(async () => {
  await world.deleteResources();
  await world.lab.removeNodes();
});

afterAll(() => world.stop());

describe('the example files', () => {
  it.each([oneSpd, three, fourRoute, fourSpd, sixSpd, sixMixed] as Scenario[])(
    'say what the scenario $name builds, all of it, and nothing else',
    async (scenario) => {
      const built = await scenario.build(world);
      await expectToSayIt(scenario, built);
    },
  );

  it.each([oneRoute, twoRoute] as Scenario[])(
    'build $name, where packets go as its table says, and take it away again',
    async (scenario) => {
      const built = await scenario.build(world);
      const file = await expectToSayIt(scenario, built);
      await world.deleteResources();
      const applied = await apply('-f', file);
      expect(applied).toMatchObject({ code: 0, stderr: '' });
      try {
        expect(mismatches(await measureMatrix(built.hosts, scenario.expected))).toEqual([]);
        expect(await apply('-f', file)).toMatchObject({ code: 0, stdout: 'nothing to change\n' });
      } finally {
        await writeFile(file, `site: scenario-${scenario.name}\n`);
        expect(await apply('-f', file, '--prune')).toMatchObject({ code: 0 });
      }
      expect((await world.cloud.call('DescribeVpcs'))['TotalCount']).toBe(0);
    },
  );
});

/** Neither the file nor the service has anything that the other has not. */
async function expectToSayIt(scenario: Scenario, built: BuiltScenario): Promise<string> {
  const file = await placeExample(scenario.name, tunnelsOf(built));
  expect(await apply('-f', file, '--dry-run')).toMatchObject({ code: 0, stderr: '', stdout: 'nothing to change\n' });
  return file;
}

/** The example beside the keys that the devices of the lab have. */
async function placeExample(name: string, tunnels: readonly IdcConnection[]): Promise<string> {
  const directory = join(world.lab.directory, `site-${name}`);
  await mkdir(join(directory, 'keys'), { recursive: true });
  await copyFile(join(examples, `${name}.yaml`), join(directory, 'site.yaml'));
  for (const { idc, peer } of tunnels) {
    const keyFile = join(directory, 'keys', `${idc.name.toLowerCase().replaceAll(' ', '-')}.psk`);
    await writeFile(keyFile, `${peer.preSharedKey}\n`, { mode: 0o600 });
  }
  return join(directory, 'site.yaml');
}

function tunnelsOf(built: BuiltScenario): readonly IdcConnection[] {
  const { tunnel, tunnels } = built as { tunnel?: IdcConnection; tunnels?: readonly IdcConnection[] };
  return tunnels ?? (tunnel === undefined ? [] : [tunnel]);
}

function apply(...options: readonly string[]): Promise<CommandResult> {
  return runCommand([landbridge, 'apply', ...options, '--data-dir', world.server.dataDirectory]);
}
