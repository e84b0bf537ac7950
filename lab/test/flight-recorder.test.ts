import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError, callAction, type ApiEndpoint, type JsonObject } from '@landbridge/client';
import { patience, poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ping } from '../src/ping.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { killServiceProcess, serviceProcess } from '../src/service-processes.ts';
import { World } from '../src/world.ts';
import { ownCommand } from '../src/own-command.ts';

// What happened to a tunnel, as the flight recorder of the acting side has it: docs/spec/semantics.md section 15.

const wrongKey = 'no key that anybody agreed on';

let world: World;
let built: OneRoute;
/** Moments, to the second. */
const moments = { up: '', down: '', back: '' };

beforeAll(async () => {
  world = await World.start();
  built = await oneRoute.build(world);
});

afterAll(() => world.stop());

const id = (): string => built.tunnel.connectionId;
const gatewayId = (): string => built.vpc1.gateway.gatewayId;

function command(...words: readonly string[]): Promise<string> {
  return runChecked([ownCommand, ...words, '--data-dir', world.server.dataDirectory]);
}

/** Once this second is over, so that what comes next is in another one. */
async function noteMoment(): Promise<string> {
  const now = new Date();
  await poll(
    'the next second',
    () => Date.now(),
    (at) => at >= Math.ceil((now.getTime() + 1) / 1000) * 1000,
    { within: 2000 },
  );
  return `${now.toISOString().slice(0, 19)}Z`;
}

async function timeline(parameters: JsonObject): Promise<JsonObject[]> {
  const asked = { ResourceId: id(), Order: 'oldest-first', Limit: 500, ...parameters };
  const { LineSet } = await world.cloud.call('DescribeTimeline', asked, 'landbridge');
  return LineSet as JsonObject[];
}

function toldLine(what: string, kinds: readonly string[], isIt: (line: JsonObject) => boolean, from?: string) {
  return poll(
    what,
    () => timeline({ Kinds: kinds, ...(from === undefined ? {} : { From: from }) }),
    (lines) => lines.some(isIt),
    { within: 30_000 },
  );
}

async function killAgent(): Promise<void> {
  await killServiceProcess(world.server.pid, 'agent');
  await poll(
    'the agent is heard again',
    () => world.server.status(),
    (text) => !/^! agent: /m.test(text),
    { within: 30_000 },
  );
}

/** Whether something passes it is another question. */
const isUp = ({ State }: JsonObject) => State === 'up' || State === 'up-unproven';

describe('a peer that changes its key, and comes back; the agent is killed in between', () => {
  it('is written down as it happens', { timeout: 400_000 * patience }, async () => {
    await toldLine('the tunnel is up', ['state'], isUp);
    moments.up = await noteMoment();
    await built.tunnel.idc.charon.load([{ ...built.tunnel.peer, preSharedKey: wrongKey }]);
    await world.cloud.resetVpnConnection(gatewayId(), id());
    await world.cloud.waitUntilDown(id());
    const isReason = ({ Text }: JsonObject) => /^refused: .*(?:[Aa]uthentication|key)/.test(String(Text));
    await toldLine('the reason is told', ['state'], isReason, moments.up);
    moments.down = await noteMoment();
    await killAgent();
    await built.tunnel.idc.charon.load([built.tunnel.peer]);
    await world.cloud.waitUntilConnected(id(), 60_000);
    await toldLine('it is up again', ['state'], isUp, moments.down);
    moments.back = await noteMoment();
    await killAgent();
  });

  it('is told by why, as it was at each moment', async () => {
    const up = await command('why', id(), '--at', moments.up);
    expect(up).toMatch(/was up(?:-unproven)?, since /);
    expect(up).not.toMatch(/[Aa]uthentication refused/);
    const down = await command('why', `to ${built.tunnel.idc.name}`, '--at', moments.down);
    expect(down).toMatch(/was refused, since /);
    expect(down).toMatch(/Authentication refused|Pre shared key differs/);
    // What led to it: the reset, as a call, and what charon said.
    expect(down).toMatch(/audit +vpc:ResetVpnConnection by AKID/);
    expect(down).toMatch(/ike +IKE received AUTHENTICATION_FAILED notify error/);
    // What came of it.
    expect(down).toMatch(/Afterwards:\n(.*state +negotiating.*\n)*.*state +up/);
    const back = await command('why', id(), '--at', moments.back);
    expect(back).toMatch(/was up(?:-unproven)?, since /);
    expect(back).toContain('It has not changed since.');
    expect(await command('why', id())).toMatch(/ is up/);
    const json = JSON.parse(await command('why', id(), '--at', moments.down, '--json')) as JsonObject;
    expect(json).toMatchObject({ id: id(), stateWord: 'refused' });
  });

  it('is in the raw lines, of the tunnel and of its gateway', async () => {
    const lines = await command('logs', id(), '--since', '1h', '--kinds', 'ike,sa,state');
    expect(lines).toMatch(/sa +IKE_SA established with /);
    expect(lines).toMatch(/sa +CHILD_SA installed: 0\.0\.0\.0\/0 === 0\.0\.0\.0\/0, ESP/);
    const ofGateway = await command('logs', 'vpc1-gateway', '--json');
    const kinds = new Set(
      ofGateway
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { Kind: string }).Kind),
    );
    for (const kind of ['ike', 'sa', 'state', 'event', 'plan', 'audit']) expect(kinds).toContain(kind);
    const own = await timeline({ ResourceId: gatewayId(), Kinds: ['state'] });
    expect(own.map(({ ResourceId }) => ResourceId)).toContain(id());
  });

  it('survives the whole service', async () => {
    const before = await timeline({ Kinds: ['state', 'event'] });
    await world.server.restart('SIGTERM');
    await poll(
      'all is told again',
      () => timeline({ Kinds: ['state', 'event'] }).catch(() => []),
      (after) => after.length >= before.length,
      { within: 30_000 },
    );
    expect((await timeline({ Kinds: ['state', 'event'] })).slice(0, before.length)).toEqual(before);
  });
});

describe('what is written down', () => {
  it('is read by nobody else', async () => {
    const operator = await world.server.endpoint();
    const credential = await world.cloud.createAccount('stranger');
    const stranger: ApiEndpoint = { ...operator, credential };
    for (const ResourceId of [id(), gatewayId(), built.vpc1.vpcId, 'host', 'vpnx-00000000']) {
      const code = await callAction(stranger, 'landbridge', 'DescribeTimeline', { ResourceId }).then(
        () => 'it was told',
        (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
      );
      expect([ResourceId, code]).toEqual([ResourceId, 'ResourceNotFound']);
    }
    const file = join(world.server.dataDirectory, '..', 'stranger.json');
    await writeFile(file, JSON.stringify(credential));
    for (const word of ['why', 'logs']) {
      const { code, stdout, stderr } = await runCommand([ownCommand, word, id(), '--credentials', file]);
      expect([word, code, stdout]).toEqual([word, 1, '']);
      expect(stderr).toContain('ResourceNotFound');
    }
  });

  it('holds no key, in no line and not in the file', async () => {
    const { preSharedKey } = built.tunnel.peer;
    const secrets = [preSharedKey, wrongKey].flatMap((key) => {
      const bytes = Buffer.from(key);
      return [key, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')];
    });
    const lines = JSON.stringify([...(await timeline({})), ...(await timeline({ ResourceId: 'host' }))]);
    const folder = join(world.server.dataDirectory, 'agent');
    const names = (await readdir(folder)).filter((name) => name.startsWith('recorder.db'));
    expect(names).toContain('recorder.db');
    const files = Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
    // What is looked for would be found.
    expect(files.includes('AUTHENTICATION_FAILED')).toBe(true);
    for (const secret of secrets) {
      expect(lines).not.toContain(secret);
      expect(files.includes(secret)).toBe(false);
    }
  });
});

it('of a tunnel that is deleted is told to whose it was; while the agent does nothing the story is not told', async () => {
  const ended = id();
  expect(await ping(built.vpc1.hostA, built.tunnel.idc.host.address, { count: 3 })).toMatchObject({ received: 3 });
  await world.deleteResources();
  expect(await command('why', ended, '--at', moments.down)).toMatch(/was refused, since /);
  const agent = (await serviceProcess(world.server.pid, 'agent')) ?? expect.fail('there is no agent');
  process.kill(agent, 'SIGSTOP');
  try {
    await expect(timeline({ ResourceId: ended })).rejects.toMatchObject({ code: 'ResourceUnavailable' });
  } finally {
    process.kill(agent, 'SIGCONT');
  }
});
