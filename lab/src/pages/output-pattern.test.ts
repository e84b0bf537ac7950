import { describe, expect, test } from 'vitest';
import { fitsOutput } from './output-pattern.ts';

describe('fits', () => {
  test.each([
    ['2 done\n', '2 done\n'],
    ['+ vpc/a\n+ vpc/b\n2 done\n', '+ vpc/a\n…\n2 done\n'],
    ['2 done\n', '…\n2 done\n'],
    ['vpngw-1a2b  as wanted\n', 'vpngw-… as wanted\n'],
    ['  vpnx-1   to-idc  up\n', ' vpnx-… to-idc up\n'],
    ['\u001B[1mup\u001B[0m  \n\n', 'up\n'],
    ['a (b) [c] 1.2.3.4/8 $5\n', 'a (b) [c] 1.2.3.4/8 $5\n'],
  ])('%j as %j', (printed, shown) => expect(fitsOutput(printed, shown)).toBe(true));
});

describe('does not fit', () => {
  test.each([
    ['2 done\n', '3 done\n'],
    ['2 done\nand more\n', '2 done\n'],
    ['before\n2 done\n', '2 done\n'],
    ['vpngw-1a2b\nas wanted\n', 'vpngw-… as wanted\n'],
    ['1a2b3c4\n', '1.2.3.4\n'],
    ['updown\n', 'up down\n'],
    ['', 'up\n'],
  ])('%j as %j', (printed, shown) => expect(fitsOutput(printed, shown)).toBe(false));
});
