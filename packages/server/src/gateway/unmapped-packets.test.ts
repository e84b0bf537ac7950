import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { UnmappedPair } from '../drivers/nft.ts';
import { UnmappedPackets } from './unmapped-packets.ts';

const id = 'vpnx-tunnel01';
const logger = pino({ level: 'silent' });
const { signal } = new AbortController();
const counters = (unmapped: number) => [
  { name: `${id}.unmapped`, packets: unmapped, bytes: 0 },
  { name: `${id}.outside-mappings`, packets: 99, bytes: 0 },
];

test('the kernel is asked while such packets come, and at no other time', async () => {
  let asked = 0;
  const readUnmapped = () => {
    asked++;
    return Promise.resolve(new Map([[id, { source: '10.0.2.5', destination: '192.168.1.10' }]]));
  };
  const packets = new UnmappedPackets({ readUnmapped, logger });
  const newest = async (unmapped: number) => [...(await packets.newest(counters(unmapped), signal))];
  expect(await newest(0)).toEqual([]);
  expect(asked).toBe(0);
  expect(await newest(3)).toEqual([[id, '10.0.2.5 → 192.168.1.10']]);
  expect(await newest(3)).toEqual([]);
  expect(asked).toBe(1);
  // The counters begin anew.
  expect(await newest(1)).toEqual([]);
  expect(await newest(2)).toHaveLength(1);
});

test('what the kernel does not say is not known, and ends nothing', async () => {
  const readUnmapped = () => Promise.reject<ReadonlyMap<string, UnmappedPair>>(new Error('no such set'));
  const packets = new UnmappedPackets({ readUnmapped, logger });
  expect((await packets.newest(counters(3), signal)).size).toBe(0);
  expect((await new UnmappedPackets({ logger }).newest(counters(3), signal)).size).toBe(0);
});
