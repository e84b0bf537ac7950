import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeNetnsd } from '../../testing/fake-netnsd.ts';
import type { Commands } from '../platform/commands.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { LeftoverSas, parseOutPolicies, parseSas } from './leftover-sas.ts';

/** As iproute2 6.1 prints it on Linux 6.1, `nokeys`. */
const state = `src 203.0.113.128 dst 203.0.113.11
	proto esp spi 0xc1a7388a reqid 1 mode tunnel
	replay-window 0 flag af-unspec
	aead rfc4106(gcm(aes)) <<Keys hidden>> 128
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
	anti-replay context: seq 0x0, oseq 0x18, bitmap 0x00000000
	if_id 0x1
src 203.0.113.11 dst 203.0.113.128
	proto esp spi 0xcd5056ab reqid 1 mode tunnel
	replay-window 0 flag af-unspec
	anti-replay esn context:
	 seq-hi 0x0, seq 0x18, oseq-hi 0x0, oseq 0x0
	 replay_window 2048, bitmap-length 64
	 00000000 00000000 00000000 00ffffff 
	if_id 0x1
`;
const tunnelPolicies = `src 0.0.0.0/0 dst 10.1.0.0/16 
	dir out priority 399999 ptype main 
	tmpl src 203.0.113.128 dst 203.0.113.11
		proto esp spi 0xc1a7388a reqid 1 mode tunnel
	if_id 0x1
src 10.1.0.0/16 dst 0.0.0.0/0 
	dir fwd priority 399999 ptype main 
	tmpl src 203.0.113.11 dst 203.0.113.128
		proto esp reqid 1 mode tunnel
	if_id 0x1
src 0.0.0.0/0 dst 10.2.0.0/16 
	dir out priority 399999 ptype main 
	tmpl src 203.0.113.128 dst 203.0.113.12
		proto esp reqid 2 mode tunnel
	if_id 0x2
src 0.0.0.0/0 dst 0.0.0.0/0 
	socket out priority 0 ptype main 
`;
const outbound = { source: '203.0.113.128', destination: '203.0.113.11', spi: '0xc1a7388a' };
const inbound = { source: '203.0.113.11', destination: '203.0.113.128', spi: '0xcd5056ab' };

describe('reading the kernel', () => {
  it('finds every SA', () => {
    expect(parseSas(state)).toEqual([outbound, inbound]);
    expect(parseSas('')).toEqual([]);
  });

  it('finds policies that send into an SA, and no traps, sockets or other directions', () => {
    expect(parseOutPolicies(tunnelPolicies)).toEqual([
      { source: '0.0.0.0/0', destination: '10.1.0.0/16', ifId: '0x1', spi: '0xc1a7388a' },
    ]);
  });
});

describe('LeftoverSas', () => {
  const signal = new AbortController().signal;
  let directory: string;
  let clock: FakeClock;
  let written: string[];
  let kernelHas: { state: string; policy: string };

  beforeEach(async () => {
    directory = await mkdtemp('/tmp/leftover-');
    clock = new FakeClock();
    written = [];
    kernelHas = { state, policy: tunnelPolicies };
  });

  afterEach(() => rm(directory, { recursive: true }));

  function leftovers(): LeftoverSas {
    const commands: Commands = {
      start: () => Promise.reject(new Error('nothing to start')),
      run: (argv, options) => {
        if (argv.includes('state')) return Promise.resolve(kernelHas.state);
        if (argv.includes('policy')) return Promise.resolve(kernelHas.policy);
        written.push(...(options?.input ?? '').split('\n').filter(Boolean));
        return Promise.resolve('');
      },
    };
    const kernel = { commands, netnsd: fakeNetnsd(), hostNetns: null, listNetns: () => Promise.resolve([]) };
    return new LeftoverSas(kernel, 'lb-vpngw-00000001', `${directory}/leftovers.json`, clock);
  }

  it('stay for a minute, then they go with their policies in all directions', async () => {
    const left = leftovers();
    await left.note();
    await clock.advance(59_000);
    await left.removeExpired(signal);
    expect(written).toEqual([]);
    await clock.advance(1000);
    await left.removeExpired(signal);
    expect(written).toEqual([
      'xfrm policy delete src 0.0.0.0/0 dst 10.1.0.0/16 dir out if_id 0x1',
      'xfrm policy delete src 10.1.0.0/16 dst 0.0.0.0/0 dir in if_id 0x1',
      'xfrm policy delete src 10.1.0.0/16 dst 0.0.0.0/0 dir fwd if_id 0x1',
      'xfrm state delete src 203.0.113.128 dst 203.0.113.11 proto esp spi 0xc1a7388a',
      'xfrm state delete src 203.0.113.11 dst 203.0.113.128 proto esp spi 0xcd5056ab',
    ]);
    expect(await readdir(directory)).toEqual([]);
  });

  it('leave alone what a new charon has put in their place', async () => {
    const left = leftovers();
    await left.note();
    kernelHas = { state: state.slice(state.indexOf('src 203.0.113.11 ')), policy: tunnelPolicies.replace('0xc1a7388a', '0xc9999999') }; // prettier-ignore
    await clock.advance(60_000);
    await left.removeExpired(signal);
    expect(written).toEqual(['xfrm state delete src 203.0.113.11 dst 203.0.113.128 proto esp spi 0xcd5056ab']);
  });

  it('are remembered over a restart of this process', async () => {
    await leftovers().note();
    await clock.advance(60_000);
    await leftovers().removeExpired(signal);
    expect(written).toHaveLength(5);
  });

  it('are looked for in the file once, not each time', async () => {
    const left = leftovers();
    await left.removeExpired(signal);
    await leftovers().note();
    await clock.advance(60_000);
    await left.removeExpired(signal);
    expect(written).toEqual([]);
  });

  it('are none after a clean start', async () => {
    kernelHas = { state: '', policy: '' };
    const left = leftovers();
    await left.note();
    await clock.advance(60_000);
    await left.removeExpired(signal);
    expect(written).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });
});
