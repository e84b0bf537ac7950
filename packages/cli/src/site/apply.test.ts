import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { apply } from './apply.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'apply-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(directory, { recursive: true });
});

const gateways = (customerGateway: string) => `
site: test
customerGateways: { idc: { address: 198.51.100.7 } }
vpnGateways:
  gateway: { tunnels: { one: { customerGateway: ${customerGateway}, mode: route, preSharedKey: 'generate:one.psk' } } }
`;

function applying(text: string, timeout = '60'): Promise<void> {
  const file = join(directory, 'site.yaml');
  writeFileSync(file, text);
  return apply({ file, timeout, endpoint: 'http://127.0.0.1:1', dataDir: directory });
}

it('refuses a time to wait that is none, before anything is made', async () => {
  await expect(applying(gateways('idc'), '1m')).rejects.toThrow('--timeout is a number above 0');
  expect(existsSync(join(directory, 'one.psk'))).toBe(false);
});

it('makes no key for a file that is wrong', async () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await applying(gateways('nobody'));
  expect(process.exitCode).toBe(2);
  expect(told.mock.calls.flat().join('')).toContain('tunnel gateway/one names customerGateway nobody');
  expect(existsSync(join(directory, 'one.psk'))).toBe(false);
});

it('makes the keys of a file that is right', async () => {
  await expect(applying(gateways('idc'))).rejects.toThrow('no access key');
  expect(existsSync(join(directory, 'one.psk'))).toBe(true);
});
