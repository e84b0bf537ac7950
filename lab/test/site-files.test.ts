import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience } from '@landbridge/testbed/poll';
import { runChecked, runCommand, type CommandResult } from '@landbridge/testbed/run-command';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { IdcConnection } from '../src/idc-connection.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import type { BuiltScenario, Scenario } from '../src/scenario.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { oneSpd } from '../src/scenarios/1-spd.ts';
import { twoRoute } from '../src/scenarios/2-route.ts';
import { three, type Three } from '../src/scenarios/3.ts';
import { fourRoute } from '../src/scenarios/4-route.ts';
import { fourSpd } from '../src/scenarios/4-spd.ts';
import { fiveCcn } from '../src/scenarios/5-ccn.ts';
import { fiveVpc } from '../src/scenarios/5-vpc.ts';
import { sixMixed } from '../src/scenarios/6-mixed.ts';
import { sixSpd } from '../src/scenarios/6-spd.ts';
import type { TwoDevices } from '../src/scenarios/two-devices.ts';
import { World } from '../src/world.ts';
import { ownCommand } from '../src/own-command.ts';

// examples/*.yaml are the scenarios: what is built by calls is what the file says, and what the file builds works.

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

  // A slow machine's health checks take their time.
  it.skipIf(patience > 1).each([fiveVpc, fiveCcn] as Scenario[])(
    'say what the scenario $name builds, its health checks as well',
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
  const exported = await runChecked([ownCommand, 'export', '--data-dir', world.server.dataDirectory]);
  expect(namesIn(exported)).toEqual(namesIn(await readFile(file, 'utf8')));
  return file;
}

type Named = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WrittenSite {
  readonly vpcs?: Readonly<Record<string, { readonly subnets: Named; readonly routes?: readonly unknown[] }>>;
  readonly customerGateways?: Named;
  readonly vpnGateways?: Readonly<
    Record<string, { readonly tunnels: Named; readonly routes?: readonly unknown[]; readonly announces?: unknown }>
  >;
  readonly directConnectGateways?: Named;
  readonly ccns?: Readonly<Record<string, { readonly instances: readonly { readonly instance: string }[] }>>;
}

/** All objects of a file by name, and how many routes there are. */
function namesIn(text: string) {
  const {
    vpcs = {},
    customerGateways = {},
    vpnGateways = {},
    directConnectGateways = {},
    ccns = {},
  } = parse(text) as WrittenSite;
  const each = <Value, Result>(all: Readonly<Record<string, Value>>, told: (value: Value) => Result) =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, told(value)]));
  const count = (list: readonly unknown[] = []) => list.length;
  return {
    vpcs: each(vpcs, ({ subnets, routes }) => ({ subnets: Object.keys(subnets).sort(), routes: count(routes) })),
    customerGateways: Object.keys(customerGateways).sort(),
    vpnGateways: each(vpnGateways, ({ tunnels, routes, announces }) => ({
      tunnels: Object.keys(tunnels).sort(),
      routes: count(routes),
      announces,
    })),
    directConnectGateways,
    ccns: each(ccns, ({ instances }) => instances.map(({ instance }) => instance).sort()),
  };
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
  const { tunnel, tunnels, pair } = built as Partial<TwoDevices & Three & OneRoute>;
  if (pair !== undefined) return [pair.first.tunnel, pair.second.tunnel];
  return tunnels ?? (tunnel === undefined ? [] : [tunnel]);
}

function apply(...options: readonly string[]): Promise<CommandResult> {
  return runCommand([ownCommand, 'apply', ...options, '--data-dir', world.server.dataDirectory]);
}
