import { expect, test } from 'vitest';
import { mostBytes } from './bounds.ts';
import type { Dialect } from './found-tunnel.ts';
import { readPeerFile } from './read-peer-file.ts';

/** Files as large as may be, with as many tunnels as may be, where each refers to what the rest of the file is full of. */

const tunnels = Array.from({ length: 200 }, (_, number) => number);
const each = (write: (number: number) => string) => tunnels.map(write).join('');

function fill(head: string, write: (number: number) => string, end = ''): string {
  const parts = [head];
  for (let [number, size] = [0, head.length]; size < mostBytes - 200; number++) {
    const part = write(number);
    parts.push(part);
    size += part.length;
  }
  return [...parts, end].join('');
}

const map = (list: string) => (n: number) =>
  `crypto map m${n} 1 ipsec-isakmp\n set peer 192.0.2.${n}\n match address ${list}\n`;
const vti = (n: number) =>
  `interface Tunnel${n}\n ip address 10.9.${n}.1 255.255.255.0\n tunnel protection ipsec profile p\n`;
const phase1 = `config vpn ipsec phase1-interface\n${each((n) => `edit p${n}\nnext\n`)}end\n`;

const files: readonly (readonly [string, Dialect, string])[] = [
  ['keys', 'cisco-ios', fill(each(map('101')), (n) => `crypto isakmp key k address 9.9.${n % 250}.1\n`)],
  [
    'one list',
    'cisco-ios',
    fill(each(map('101')), (n) => `access-list 101 permit ip 10.0.${n % 250}.0 0.0.0.255 any\n`),
  ],
  ['routes', 'cisco-ios', fill(each(vti), (n) => `ip route 10.0.${n % 250}.0 255.255.255.0 10.8.0.1\n`)],
  ['routes', 'fortigate', fill(`${phase1}config router static\n`, (n) => `edit ${n}\nset device p1\nnext\n`, 'end\n')],
  [
    'routes',
    'vyos',
    fill(
      each((n) => `set vpn ipsec site-to-site peer p${n} vti bind vti${n}\n`),
      (n) => `set protocols static route 10.${n % 250}.0.0/24 next-hop 10.8.0.1\n`,
    ),
  ],
  [
    'keys',
    'swanctl',
    fill(
      `connections {\n${each((n) => `c${n} {\n}\n`)}}\nsecrets {\n`,
      (n) => `ike${n} {\nid = a\nsecret = x\n}\n`,
      '}\n',
    ),
  ],
  ['references', 'swanctl', fill('connections {\na : s0 {\n}\n}\n', (n) => `s${n} : s${n + 1}, s${n + 2} {\n}\n`)],
  [
    'inherited words',
    'libreswan',
    fill(`${each((n) => `conn c${n}\n also=x\n left=192.0.2.1\n right=192.0.2.2\n`)}conn x\n`, (n) => ` p${n}=a\n`),
  ],
  [
    'keys',
    'strongswan-ipsec-conf',
    fill(
      each((n) => `conn c${n}\n left=192.0.2.${n}\n right=192.0.2.2\n auto=add\n`),
      () => '192.0.2.1 192.0.2.2 : PSK a\n',
    ),
  ],
  ['changes of a default', 'routeros', fill('', (n) => `/ip ipsec proposal set [ find default=yes ] a${n}=b\n`)],
];

test.each(files)('a crowd of %s in %s is read within a blink', (_, dialect, text) => {
  const started = process.cpuUsage();
  readPeerFile(text, dialect, '192.0.2.1');
  const { user, system } = process.cpuUsage(started);
  // 20 ms to 300 ms; minutes when each tunnel walked through the file.
  expect((user + system) / 1000).toBeLessThan(2000);
});
