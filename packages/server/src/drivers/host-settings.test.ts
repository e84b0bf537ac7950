import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeKernel } from '../../testing/fake-kernel.ts';
import { HostSettingsFile, rememberingKernel, settingsToGiveBack } from './host-settings.ts';
import { applySysctls, readSysctls } from './sysctl.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'landbridge-settings-'))));
afterEach(() => rmSync(root, { recursive: true }));

const forwarding = 'net.ipv4.conf.eth0/7.forwarding';
const delay = 'net.ipv4.neigh.eth0/7.proxy_delay';

function bench() {
  const fake = new FakeKernel();
  fake.host.sysctls.set('net/ipv4/conf/eth0.7/forwarding', '0').set('net/ipv4/neigh/eth0.7/proxy_delay', '80');
  const file = new HostSettingsFile(join(root, 'run', 'host-settings.json'));
  const kernel = rememberingKernel(fake.kernel, file, pino({ level: 'silent' }));
  const set = (netns: string | null, ...writes: readonly (readonly [string, string])[]) =>
    applySysctls(kernel, netns, { writes: writes.map(([name, value]) => ({ name, value })), missing: [] });
  const giveBack = async () => {
    return settingsToGiveBack(file.read(), await readSysctls(kernel, null, [forwarding, delay, 'net.ipv4.ip_forward']));
  };
  const somebodySets = (path: string, value: string) => fake.host.sysctls.set(path, value);
  return { fake, file, set, giveBack, somebodySets };
}

describe('a setting of the host', () => {
  it('is noted before it is first written, and goes back to what it was, however often it is written', async () => {
    const { set, giveBack } = bench();
    await set(null, [forwarding, '1'], [delay, '0']);
    await set(null, [forwarding, '0']);
    await set(null, [forwarding, '1']);
    expect(await giveBack()).toEqual({ settings: { [forwarding]: '0', [delay]: '80' }, left: {} });
  });

  it('that was never written is nobody’s business here, nor one of another namespace or of a device of ours', async () => {
    const { fake, file, set, giveBack } = bench();
    await fake.add('lb-vpc-00000001');
    await set('lb-vpc-00000001', ['net.ipv4.ip_forward', '1']);
    fake.host.sysctls.set('net/ipv4/conf/vpngw-00000001/forwarding', '0');
    await set(null, ['net.ipv4.conf.vpngw-00000001.forwarding', '1']);
    expect(file.read()).toEqual({});
    expect(await giveBack()).toEqual({ settings: {}, left: {} });
  });

  it('that somebody else changed since stays as it is now, and is said', async () => {
    const { set, giveBack, somebodySets } = bench();
    await set(null, [delay, '0']);
    somebodySets('net/ipv4/neigh/eth0.7/proxy_delay', '15');
    expect(await giveBack()).toEqual({ settings: {}, left: { [delay]: '15' } });
    // Written over again, it is what that somebody wanted.
    await set(null, [delay, '0']);
    expect(await giveBack()).toEqual({ settings: { [delay]: '15' }, left: {} });
  });

  it('is as it was already: nothing is done; its device is gone: nothing either', async () => {
    const { fake, set, giveBack, somebodySets } = bench();
    await set(null, [forwarding, '1'], [delay, '0']);
    somebodySets('net/ipv4/conf/eth0.7/forwarding', '0');
    fake.host.sysctls.delete('net/ipv4/neigh/eth0.7/proxy_delay');
    expect(await giveBack()).toEqual({ settings: {}, left: {} });
  });

  it('is compared by its parts, which the kernel separates by tabs', () => {
    const written = { 'net/ipv4/ping_group_range': { before: '1 0', written: '0 10' } };
    const now = (value: string) => new Map([['net.ipv4.ping_group_range', value]]);
    expect(settingsToGiveBack(written, now('0\t10\n')).settings).toEqual({ 'net.ipv4.ping_group_range': '1 0' });
    expect(settingsToGiveBack(written, now('1\t0\n'))).toEqual({ settings: {}, left: {} });
  });

  it('is written all the same where nothing can be noted, and a damaged note is none', async () => {
    const { fake, file, set } = bench();
    writeFileSync(join(root, 'run'), '');
    await set(null, [delay, '0']);
    expect(fake.host.sysctls.get('net/ipv4/neigh/eth0.7/proxy_delay')).toBe('0');
    rmSync(join(root, 'run'));
    mkdirSync(join(root, 'run'));
    writeFileSync(join(root, 'run', 'host-settings.json'), '{"net/ipv4');
    expect(file.read()).toEqual({});
  });
});
