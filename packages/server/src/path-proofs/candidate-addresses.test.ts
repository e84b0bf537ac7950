import { parseCidr, parseIpAddress } from '@landbridge/net';
import { expect, it } from 'vitest';
import { candidateAddresses } from './candidate-addresses.ts';

const place = { range: parseCidr('10.0.1.0/29'), router: parseIpAddress('10.0.1.1') };
const fromThe = (nth: number) => () => nth;

it('candidates are hosts of the subnet from a random one on: not its router, nor its first and last address', () => {
  expect(candidateAddresses(place, new Set(), 10, fromThe(3))).toEqual(['4', '5', '6', '2', '3'].map((n) => `10.0.1.${n}`)); // prettier-ignore
  expect(candidateAddresses(place, new Set(), 2, fromThe(5))).toEqual(['10.0.1.6', '10.0.1.2']);
});

it('what somebody has is none, and a subnet may have none left', () => {
  expect(candidateAddresses(place, new Set(['10.0.1.4', '10.0.1.6']), 10, fromThe(3))).toEqual(['10.0.1.5', '10.0.1.2', '10.0.1.3']); // prettier-ignore
  const all = new Set(['2', '3', '4', '5', '6'].map((n) => `10.0.1.${n}`));
  for (let start = 0; start < 6; start++) expect(candidateAddresses(place, all, 10, fromThe(start))).toEqual([]);
  const tiny = { range: parseCidr('10.0.1.0/31'), router: parseIpAddress('10.0.1.1') };
  expect(candidateAddresses(tiny, new Set(), 10, fromThe(0))).toEqual([]);
});

it('of a full subnet the last free address is found, wherever the search begins', () => {
  const wide = { range: parseCidr('10.0.0.0/22'), router: parseIpAddress('10.0.0.1') };
  const taken = new Set(Array.from({ length: 1023 }, (_, index) => `10.0.${index >> 8}.${index & 255}`));
  taken.delete('10.0.2.7');
  for (const start of [0, 517, 518, 519, 1021]) {
    expect(candidateAddresses(wide, taken, 6, fromThe(start))).toEqual(['10.0.2.7']);
  }
});

it('a huge subnet costs what is taken, not what it is', () => {
  const huge = { range: parseCidr('10.0.0.0/8'), router: parseIpAddress('10.0.0.1') };
  expect(candidateAddresses(huge, new Set(['10.1.0.1']), 3, fromThe(65_536))).toEqual(['10.1.0.2', '10.1.0.3', '10.1.0.4']); // prettier-ignore
});
