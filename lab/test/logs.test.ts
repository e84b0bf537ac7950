import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patience, poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownCommand } from '../src/own-command.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { killServiceProcess } from '../src/service-processes.ts';
import { World } from '../src/world.ts';

// What the log tells, and how much of it: docs/configuration.md, "The log".

interface Line {
  readonly level: string;
  readonly time: string;
  readonly process: string;
  readonly area: string;
  readonly msg: string;
  readonly connection?: string;
  readonly reason?: string;
}

let world: World;
let built: OneRoute;

beforeAll(async () => {
  world = await World.start();
  built = await oneRoute.build(world);
});

afterAll(() => world.stop());

const id = (): string => built.tunnel.connectionId;

/** Every line of the log: what is no JSON fails, but for what the command line says itself. */
async function lines(): Promise<Line[]> {
  const text = await world.server.log();
  // The last one may be written just now.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const told = whole.filter((line) => line !== '' && !line.startsWith('listening on '));
  return told.map((line) => JSON.parse(line) as Line);
}

async function told(what: string, isIt: (line: Line) => boolean, after = 0): Promise<Line> {
  const seen = await poll(
    what,
    async () => (await lines()).slice(after).find(isIt),
    (line) => line !== undefined,
    { within: 60_000 },
  );
  return seen!;
}

const setLevels = (...words: readonly string[]) =>
  runChecked([ownCommand, 'log-levels', ...words, '--data-dir', world.server.dataDirectory]);

const statusSays = (what: string, isIt: (text: string) => boolean) =>
  poll(what, () => world.server.status(), isIt, { within: 30_000 });

it('has lines of JSON of both processes, with their time', async () => {
  await told('the controller', ({ process }) => process === 'controller');
  await told('the agent', ({ process }) => process === 'agent');
  for (const line of await lines()) {
    expect(line).toMatchObject({ level: expect.any(String) as string, area: expect.any(String) as string });
    expect(Date.parse(line.time)).toBeGreaterThan(Date.now() - 3_600_000);
    expect(new Date(line.time).toISOString()).toBe(line.time);
  }
});

it('of gateways’ daemons is there as it is written, with times in UTC', async () => {
  const folder = join(world.server.dataDirectory, 'run', built.vpc1.gateway.gatewayId);
  const linesOf = async (name: string) => (await readFile(join(folder, `${name}.log`), 'utf8')).trim().split('\n');
  const hourAgo = Date.now() - 3_600_000;
  // A message may go on in further lines.
  const [charonTime = ''] = (await linesOf('charon')).findLast((line) => !line.startsWith(' '))?.split(' ') ?? [];
  expect(charonTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
  expect(Date.parse(`${charonTime}Z`)).toBeGreaterThan(hourAgo);
  expect(Date.parse(`${charonTime}Z`)).toBeLessThanOrEqual(Date.now());
  for (const line of await linesOf('uxfrm')) {
    const { time } = JSON.parse(line) as Line;
    expect(new Date(time).toISOString()).toBe(time);
    expect(Date.parse(time)).toBeGreaterThan(hourAgo);
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
  }
});

it('warns of a tunnel that fails, with its id and the reason', { timeout: 200_000 * patience }, async () => {
  const isOfTunnel = ({ connection, msg }: Line) => connection === id() && msg.startsWith('tunnel is ');
  expect(await told('the tunnel is up', isOfTunnel)).toMatchObject({ level: 'info', area: 'tunnels' });
  const after = (await lines()).length;
  await built.tunnel.idc.charon.load([{ ...built.tunnel.peer, preSharedKey: 'no key that anybody agreed on' }]);
  try {
    await world.cloud.resetVpnConnection(built.vpc1.gateway.gatewayId, id());
    await world.cloud.waitUntilDown(id());
    const isRefusal = (line: Line) => isOfTunnel(line) && /[Aa]uthentication|key/.test(line.reason ?? '');
    const refusal = await told('why it is down', isRefusal, after);
    expect(refusal).toMatchObject({ level: 'warn', msg: 'tunnel is down', area: 'tunnels', process: 'agent' });
  } finally {
    await built.tunnel.idc.charon.load([built.tunnel.peer]);
    await world.cloud.waitUntilConnected(id(), 60_000);
  }
  const isUp = (line: Line) => isOfTunnel(line) && line.msg === 'tunnel is up';
  expect(await told('it is up again', isUp, after)).toMatchObject({ level: 'info' });
  const failures = (await lines()).filter((line) => isOfTunnel(line) && line.msg === 'tunnel is down');
  expect(new Set(failures.map(({ level }) => level))).toEqual(new Set(['warn']));
});

it('tells more, or less, of an area while it runs, of both processes', { timeout: 200_000 * patience }, async () => {
  expect((await lines()).filter(({ level }) => level === 'debug')).toEqual([]);
  expect(await world.server.status()).not.toMatch(/^! (agent )?log: /m);
  try {
    await setLevels('tunnels=debug', 'store=debug', 'api=warn');
    await statusSays('both have taken it', (text) => /^! log: /m.test(text) && /^! agent log: /m.test(text));
    expect(await world.server.status()).toMatch(/^! agent log: .*tunnels debug instead of info.*--as-configured/m);
    const after = (await lines()).length;
    await world.cloud.resetVpnConnection(built.vpc1.gateway.gatewayId, id());
    const said = await told('what charon says', ({ msg }) => msg === 'charon says', after);
    expect(said).toMatchObject({ level: 'debug', process: 'agent', area: 'tunnels' });
    const committed = await told('a commit', ({ msg }) => msg === 'committed', after);
    expect(committed).toMatchObject({ level: 'debug', process: 'controller', area: 'store' });
    expect((await lines()).slice(after).filter(({ area, level }) => area === 'api' && level === 'info')).toEqual([]);
    await world.cloud.waitUntilConnected(id(), 60_000);
  } finally {
    await setLevels('--as-configured');
  }
  await statusSays('both are as configured', (text) => !/^! (agent )?log: /m.test(text));
  const after = (await lines()).length;
  await world.cloud.resetVpnConnection(built.vpc1.gateway.gatewayId, id());
  await told('calls are told again', ({ area, level }) => area === 'api' && level === 'info', after);
  await world.cloud.waitUntilConnected(id(), 60_000);
  expect((await lines()).slice(after).filter(({ level }) => level === 'debug')).toEqual([]);
});

it('is as configured after a restart of a process', { timeout: 200_000 * patience }, async () => {
  try {
    await setLevels('network=debug');
    await statusSays('both have taken it', (text) => /^! log: /m.test(text) && /^! agent log: /m.test(text));
    await killServiceProcess(world.server.pid, 'agent');
    await statusSays('a new agent has not', (text) => /^! log: /m.test(text) && !/^! agent(?: log)?: /m.test(text));
  } finally {
    await setLevels('--as-configured');
  }
  await statusSays('both are as configured', (text) => !/^! (agent )?log: /m.test(text));
});

it('refuses what is no level', async () => {
  const { code, stderr } = await runCommand([ownCommand, 'log-levels', 'tunnels=loud']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('tunnels: must be one of debug, info, warn, error, silent');
});
