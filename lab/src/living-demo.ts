import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Credential } from '@landbridge/client';
import { Interrupted, withInterruption } from './interruption.ts';
import type { LivingDemoMessage } from './living-demo-messages.ts';
import { runInPrivateLab } from './private-lab.ts';
import { relay } from './relay.ts';

// `make demo STAY=1`: a living network in a lab of its own, and its console before the browsers of this machine, until Ctrl-C. The server is in
// another network namespace; a Unix socket leads from here to there, in a folder that is this user's alone.

const script = fileURLToPath(new URL('living-demo-process.ts', import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function stay(folder: string, signal: AbortSignal): Promise<number> {
  const path = join(folder, 'console');
  const onMessage = (message: unknown): void => {
    const said = message as LivingDemoMessage;
    if (said.kind === 'progress') say(`  ${said.line}`);
    else if (said.kind === 'open') void openTo(path, said.key);
    else say(`${said.state}\n${said.message}`);
  };
  say('two VPCs, a Direct Connect network and three IDCs on one CCN; beside them a VPC and an IDC with two devices');
  return runInPrivateLab([script, path], { onMessage, signal });
}

/** On whatever port is free: nothing of this machine is in the way. */
async function openTo(path: string, { secretId, secretKey }: Credential): Promise<void> {
  const server = await relay({ host: '127.0.0.1', port: 0 }, { path });
  const { port } = server.address() as AddressInfo;
  say(`
The console is open to this machine:

  http://127.0.0.1:${port}/console
  SecretId   ${secretId}
  SecretKey  ${secretKey}

Ctrl-C takes everything down, and the key with it.`);
}

const folder = await mkdtemp(join(tmpdir(), 'landbridge-demo-'));
try {
  process.exitCode = await withInterruption((signal) => stay(folder, signal));
} catch (error) {
  if (error instanceof Interrupted) say('\nEverything is gone.');
  else {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
// Browsers hold connections.
process.exit();
