import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { completionScript } from './completion-script.ts';

const command = fileURLToPath(new URL('../../../../landbridge', import.meta.url));
const run = promisify(execFile);

/** What bash itself proposes for the last of these words. */
async function complete(...words: readonly string[]): Promise<string[]> {
  const script = [
    'source <("$1" completion bash)',
    'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))',
    '_landbridge',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const { stdout } = await run('bash', ['-c', script, 'bash', command, ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

it('bash completes commands, Actions, flags and values', { timeout: 120_000 }, async () => {
  expect(await complete('com')).toEqual(['compare-peer', 'completion']);
  expect(await complete('vpn', 'create-vpn-c')).toEqual(['create-vpn-connection']);
  expect(await complete('vpn', 'create-vpn-connection', '--pre')).toEqual(['--pre-share-key']);
  expect(await complete('vpn', 'create-vpn-connection', '--name', 'a', '--negotiation-type', '')).toEqual([
    ...['active', 'flowTrigger', 'passive'],
  ]);
  expect(await complete('vpn', 'describe-vpn-gateways', '--output', '=', 'y')).toEqual(['yaml']);
  expect(await complete('vpn', 'describe-vpn-gateways', '--output', '=')).toEqual(['id', 'json', 'table', 'yaml']);
  expect(await complete('serve', '--data-p')).toEqual(['--data-plane']);
  expect(await complete('lab', 'run', '--k')).toEqual(['--keep']);
  expect(await complete('vpn', 'create-vpn-nothing', '')).toEqual([]);
});

it('the function is what bash calls for the command, and other shells are refused', async () => {
  const { stdout } = await run('bash', [
    '-c',
    'source <("$1" completion bash); complete -p landbridge',
    'bash',
    command,
  ]);
  expect(stdout).toContain('-F _landbridge landbridge');
  expect(completionScript('zsh')).toContain('compdef _landbridge landbridge');
  expect(() => completionScript('fish')).toThrow('there is completion for bash and zsh, not for fish');
});
