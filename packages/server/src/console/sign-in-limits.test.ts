import { expect, it } from 'vitest';
import { SignInLimits } from './sign-in-limits.ts';

function limitsAt() {
  const time = { ms: 0 };
  return { time, limits: new SignInLimits({ elapsed: () => time.ms }) };
}

it('lets an address be wrong ten times, and then once in ten seconds', () => {
  const { time, limits } = limitsAt();
  for (let count = 0; count < 10; count++) {
    expect(limits.waitSeconds('192.0.2.1', `AKID${count}`)).toBe(0);
    limits.failed('192.0.2.1', `AKID${count}`);
  }
  expect(limits.waitSeconds('192.0.2.1', 'AKIDnew')).toBe(10);
  expect(limits.waitSeconds('192.0.2.2', 'AKIDnew')).toBe(0);
  time.ms = 9999;
  expect(limits.waitSeconds('192.0.2.1', 'AKIDnew')).toBe(1);
  time.ms = 10_000;
  expect(limits.waitSeconds('192.0.2.1', 'AKIDnew')).toBe(0);
});

it('limits what is tried about one key from many addresses', () => {
  const { limits } = limitsAt();
  for (let count = 0; count < 20; count++) limits.failed(`192.0.2.${count}`, 'AKIDone');
  expect(limits.waitSeconds('198.51.100.1', 'AKIDone')).toBe(10);
  expect(limits.waitSeconds('198.51.100.1', 'AKIDother')).toBe(0);
});

it('takes a network of IPv6 for one address, however it is written', () => {
  const { limits } = limitsAt();
  for (let count = 0; count < 10; count++) limits.failed(`2001:db8::${count}`, `AKID${count}`);
  expect(limits.waitSeconds('2001:db8:0:0:1:2:3:4', 'AKIDnew')).toBe(10);
  expect(limits.waitSeconds('2001:db8:0:1::1', 'AKIDnew')).toBe(0);
});

it('remembers a bounded number of them, the newest', () => {
  const { limits } = limitsAt();
  for (let count = 0; count < 10; count++) limits.failed('192.0.2.1', `AKID${count}`);
  for (let count = 0; count < 10_100; count++) limits.failed(`10.0.${count >> 8}.${count & 255}`, 'AKIDany');
  expect(limits.waitSeconds('192.0.2.1', 'AKIDnew')).toBe(0);
});
