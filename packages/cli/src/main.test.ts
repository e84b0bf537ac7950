import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../../landbridge', import.meta.url));

it('who reads no further ends the command quietly', { timeout: 120_000 }, async () => {
  const script = '"$0" completion bash | true; echo "ended with ${PIPESTATUS[0]}"';
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, command]);
  expect(stderr).toBe('');
  expect(stdout).toBe('ended with 0\n');
});
