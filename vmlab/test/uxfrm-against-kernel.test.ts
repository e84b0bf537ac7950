import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '@landbridge/testbed/run-command';

// ESP packets between the kernel and uxfrm, both ways: packages/uxfrm/test/differential/esp_*.cpp.

const uxfrm = fileURLToPath(new URL('../../packages/uxfrm/', import.meta.url));
let lines: string[] = [];

beforeAll(async () => {
  const program = `${uxfrm}build/test/differential/esp-differential`;
  const { code, stdout, stderr } = await runCommand([program, `${uxfrm}build/uxfrm`], { within: 120_000 });
  if (code !== 0) process.stdout.write(stderr);
  lines = stdout.trim().split('\n');
});

/** Checks whose names match: how many there are, and those that failed. */
function checks(name: RegExp): { total: number; failed: string[] } {
  const of = lines.filter((line) => name.test(line) && /^(ok|FAILED) /.test(line));
  return { total: of.length, failed: of.filter((line) => line.startsWith('FAILED')) };
}

describe('ESP between the kernel and uxfrm', () => {
  it.each([
    ['AES-GCM with 128, 192 and 256 bits and every ICV', /^\w+ aes-gcm-\d+ icv/, 40],
    ['ChaCha20-Poly1305', /^\w+ chacha20/, 4],
    ['AES-CBC with every HMAC', /^\w+ cbc\(aes\)/, 76],
    ['3DES with every HMAC', /^\w+ cbc\(des3_ede\)/, 24],
    ['NULL with every HMAC', /^\w+ ecb\(cipher_null\)/, 24],
    ['what a replay window takes and refuses at its edges', /^\w+ replay window/, 60],
    ['lifetimes by packets, with their events', /^\w+ packet lifetimes/, 2],
    ['the usage of an SA', /^\w+ bytes and packets/, 1],
    ['the event of a NAT', /^\w+ another port/, 2],
    ['outer fragments', /^\w+ outer fragments/, 2],
    ['wrong keys and unknown SPIs', /^\w+ (wrong key|an unknown SPI)/, 6],
  ])('%s', (_title, name, total) => {
    expect(checks(name)).toEqual({ total, failed: [] });
  });

  it('ran all of it', () => {
    expect(lines.at(-1)).toMatch(/^\d+ checks passed, 0 failed$/);
  });
});
