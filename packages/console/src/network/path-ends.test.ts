import { expect, it } from 'vitest';
import { hostIn } from '../ranges/range.ts';
import { endOf, endText, questionOf, searchWith } from './path-ends.ts';

it('an end is an address, a range or an address at a place', () => {
  expect(endOf(' 10.0.1.5 ')).toEqual({ address: '10.0.1.5', placeId: null });
  expect(endOf('10.0.1.0/24')).toEqual({ address: '10.0.1.10', placeId: null });
  expect(endOf('10.0.1.5@subnet-1a')).toEqual({ address: '10.0.1.5', placeId: 'subnet-1a' });
  for (const text of ['', 'host', '10.0.1', '10.0.1.256', '10.0.1.0/33', '10.0.1.5@vpc-1', '10.0.1.5@', '10.0.1.5@a@b'])
    expect([text, endOf(text)]).toEqual([text, null]);
  const end = { address: '10.0.1.5', placeId: 'vpnx-1' };
  expect(endOf(endText(end))).toEqual(end);
});

it('the address that stands for a range is a host’s', () => {
  const hosts = ['10.0.0.0/16', '10.0.0.248/29', '10.0.0.4/30', '10.0.0.4/31', '10.0.0.4/32', '255.255.255.0/24'];
  expect(hosts.map(hostIn)).toEqual(['10.0.0.10', '10.0.0.254', '10.0.0.6', '10.0.0.4', '10.0.0.4', '255.255.255.10']);
});

it('a question is two ends; what is no protocol or port is not asked for', () => {
  const asked = (text: string) => questionOf(new URLSearchParams(text));
  expect(asked('from=10.0.1.5')).toBeNull();
  expect(asked('from=10.0.1.5&to=10.0.2.5&protocol=tcp&port=443')).toMatchObject({ protocol: 'tcp', port: 443 });
  expect(asked('from=10.0.1.5&to=10.0.2.5&protocol=x&port=70000')).toMatchObject({ protocol: null, port: null });
  expect(asked('from=10.0.1.5&to=10.0.2.5')).toMatchObject({ protocol: null, port: null });
});

it('a link changes what it is about, and keeps the rest', () => {
  const search = new URLSearchParams('filter=a&object=vpc-1');
  expect(searchWith(search, { object: 'vpc-2' })).toBe('filter=a&object=vpc-2');
  expect(searchWith(search, { object: null, filter: '' })).toBe('');
});
