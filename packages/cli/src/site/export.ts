import { relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { adminEndpoint, type EndpointOptions } from '../endpoint.ts';
import type { Call } from '../list-all.ts';
import { callsOf } from '../calls.ts';
import { partAround } from './part-of-site.ts';
import { writeKey } from './pre-shared-keys.ts';
import { readPresent } from './present-objects.ts';
import type { Secret } from './secret.ts';
import { keyOf, type Key } from './site-object.ts';
import { siteOfObjects, type KeyReference, type WrittenSite } from './site-of-objects.ts';
import { printLines } from '../output/print.ts';

export interface ExportCommandOptions extends EndpointOptions {
  readonly site: string;
  readonly region?: string;
  readonly vpc?: string;
  readonly vpnGateway?: string;
  readonly ccn?: string;
  /** Where keys are written to, a file for each tunnel; absent: nowhere. */
  readonly keys?: string;
}

/** `landbridge export`: what is there, as a site file on standard output. Keys are never in it. */
export async function exportSite(options: ExportCommandOptions): Promise<void> {
  const call = callsOf(await adminEndpoint(options, options.region));
  const { site, leftOut } = await exported(call, options, keyWriter(options.keys));
  printLines(
    leftOut.map((key) => `left out, as a site file cannot say it: ${key}`),
    process.stderr,
  );
  process.stdout.write(siteText(site));
}

type ExportSelection = Pick<ExportCommandOptions, 'site' | 'region' | 'vpc' | 'vpnGateway' | 'ccn'>;

/** Throws where the named object is not there. */
export async function exported(
  call: Call,
  { site, region, vpc, vpnGateway, ccn }: ExportSelection,
  keyReference: KeyReference,
): Promise<WrittenSite> {
  const present = await readPresent(call, { ownIds: new Set(), sourceChecks: true });
  const roots = [
    ...(vpc === undefined ? [] : [keyOf('vpc', vpc)]),
    ...(vpnGateway === undefined ? [] : [keyOf('vpnGateway', vpnGateway)]),
    ...(ccn === undefined ? [] : [keyOf('ccn', ccn)]),
  ];
  const missing = roots.find((root) => !present.some(({ key }) => key === root));
  if (missing !== undefined) throw new Error(`there is no ${missing}`);
  return siteOfObjects(roots.length === 0 ? present : partAround(present, roots), site, region, keyReference);
}

export function siteText(site: Readonly<Record<string, unknown>>): string {
  const head = '# Written by `landbridge export`. What a tunnel’s preSharedKey is left out of stays as it is.\n';
  return `${head}${stringify(site, { lineWidth: 0 })}`;
}

/** Writes each key into a file of its own and gives its reference, as seen from here. */
function keyWriter(directory: string | undefined) {
  return (tunnel: Key, key: Secret): string | undefined => {
    if (directory === undefined) return undefined;
    const name = tunnel.slice(tunnel.indexOf(' ') + 1).replaceAll(/[^A-Za-z0-9._-]+/g, '-');
    const file = resolve(directory, `${name}.psk`);
    writeKey(file, key.reveal());
    return `file:${relative(process.cwd(), file)}`;
  };
}
