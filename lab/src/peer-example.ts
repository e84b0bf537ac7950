import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What the examples of docs/peers show, and what a lab puts in its place. */
export interface PeerValues {
  readonly deviceAddress: string;
  readonly gatewayAddress: string;
  readonly preSharedKey: string;
  readonly ikeVersion: 1 | 2;
}

const shown = {
  deviceAddress: '198.51.100.7',
  gatewayAddress: '203.0.113.17',
  preSharedKey: 'a long random secret',
} as const;

/** Where an example is; to run it as it stands. */
export function peerExampleFile(name: string): string {
  return fileURLToPath(new URL(`../../docs/peers/${name}`, import.meta.url));
}

/** One of the examples of docs/peers with other values: all else is run as a reader would copy it. */
export async function peerExample(name: string, values: PeerValues): Promise<string> {
  const text = await readFile(peerExampleFile(name), 'utf8');
  return fillExample(values.ikeVersion === 1 ? asIkeV1(text) : text, values);
}

/** Puts a lab's values where the example shows its own. */
export function fillExample(text: string, values: Omit<PeerValues, 'ikeVersion'>): string {
  return text
    .replaceAll(shown.deviceAddress, values.deviceAddress)
    .replaceAll(shown.gatewayAddress, values.gatewayAddress)
    .replaceAll(shown.preSharedKey, values.preSharedKey);
}

/** Takes the value of a comment `# IKEv1: …` in the place of the one before it. */
export function asIkeV1(text: string): string {
  return text.replace(/^(\s*\S+ ?= ?)\S+ +# IKEv1: (.*)$/gm, '$1$2');
}
