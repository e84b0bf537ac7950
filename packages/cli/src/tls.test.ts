import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../server/testing/sample-certificate.ts';

const command = fileURLToPath(new URL('../../../landbridge', import.meta.url));
const run = promisify(execFile);

test('the command line calls a service over TLS, with its authority in a file', { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'landbridge-cli-'));
  const dataDir = join(directory, 'data');
  const config = join(directory, 'landbridge.json');
  const tls = { ...(await makeCertificate(directory, 'service')), listen: '127.0.0.1:0' };
  writeFileSync(config, JSON.stringify({ tls, listen: '127.0.0.1:0', dataPlane: 'none', regions: ['north'] }));
  const service = spawn(command, ['serve', '--data-dir', dataDir, '--config', config]);
  const exit = once(service, 'exit');
  try {
    let said = '';
    service.stdout.on('data', (data: Buffer) => (said += data.toString()));
    service.stderr.on('data', (data: Buffer) => (said += data.toString()));
    await expect.poll(() => said, { timeout: 60_000 }).toMatch(/listening on https:\/\/\S+\n/);
    const url = /listening on (https:\/\/\S+)/.exec(said)?.[1] ?? '';
    const call = (...flags: string[]) =>
      run(command, [
        'call',
        'CreateVpc',
        '{"VpcName": "a", "CidrBlock": "10.0.0.0/16"}',
        '--data-dir',
        dataDir,
        ...flags,
      ]);
    const trusted = ['--endpoint', url, '--ca-file', tls.certificate];
    expect(JSON.parse((await call(...trusted)).stdout)).toMatchObject({ Vpc: { VpcName: 'a' } });
    await expect(call('--endpoint', url)).rejects.toMatchObject({
      stderr: expect.stringMatching(/self-signed/) as string,
    });
    await expect(call('--endpoint', url, '--ca-file', config)).rejects.toMatchObject({
      stderr: expect.stringContaining('holds no certificate in PEM') as string,
    });
    await expect(call(...trusted, '--region', 'south')).rejects.toMatchObject({
      stderr: expect.stringContaining('UnsupportedRegion') as string,
    });
    const status = await run(command, ['status', '--data-dir', dataDir, ...trusted]);
    expect(status.stdout).toContain('no VPN gateways');
  } finally {
    service.kill('SIGTERM');
    await exit;
    rmSync(directory, { recursive: true, force: true });
  }
});
