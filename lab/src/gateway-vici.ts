import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectCharon, type Charon } from '@landbridge/vici';
import { runChecked } from './run-command.ts';

/** `swanctl --list-conns --raw` at the charon of one of the server's gateways: what the agent told it, seen with another tool. */
export async function gatewayCharonConnections(dataDirectory: string, gatewayId: string): Promise<string> {
  const socket = await gatewayViciSocket(dataDirectory, gatewayId);
  return runChecked(['swanctl', '--list-conns', '--raw', '--uri', `unix://${socket}`]);
}

/** A connection of our own to it, beside the server's. */
export async function connectGatewayCharon(dataDirectory: string, gatewayId: string): Promise<Charon> {
  return connectCharon(await gatewayViciSocket(dataDirectory, gatewayId));
}

async function gatewayViciSocket(dataDirectory: string, gatewayId: string): Promise<string> {
  const files = await readdir(dataDirectory, { recursive: true });
  const socket = files.find((path) => path.includes(gatewayId) && /vici[^/]*$/.test(path));
  if (socket === undefined) throw new Error(`no vici socket of ${gatewayId} below ${dataDirectory}`);
  return join(dataDirectory, socket);
}
