import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { callAction } from '@landbridge/client';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { printJson, printLines } from './output/print.ts';

interface ComparePeerOptions extends EndpointOptions {
  readonly dialect?: string;
  readonly tunnel?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** What ComparePeerConfiguration answers. */
export interface WireComparison {
  readonly Dialect: string;
  /** Empty: it could be any of CandidateSet. */
  readonly TunnelName: string;
  readonly Key: 'equal' | 'differs' | 'unreadable' | 'not-in-the-file' | 'hidden';
  readonly DifferenceSet: readonly {
    readonly Field: string;
    readonly Severity: 'breaks' | 'warns' | 'notes';
    readonly Ours: string;
    readonly Theirs: string;
    /** 0: the device's default. */
    readonly Line: number;
    readonly FixHere: string;
    readonly FixThere: string;
  }[];
  readonly UnknownSet: readonly string[];
  readonly NoteSet: readonly { readonly Line: number; readonly Text: string }[];
  readonly CandidateSet: readonly { readonly Name: string; readonly Line: number }[];
}

/**
 * `landbridge compare-peer vpnx-… FILE`: what differs between a tunnel and a device's configuration; `-` reads it from standard
 * input. Ends with exit code 1 where the tunnel cannot work, and with 2 where nobody can tell which tunnel of the file is meant.
 */
export async function comparePeer(id: string, file: string, options: ComparePeerOptions): Promise<void> {
  const Configuration = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  const endpoint = await adminEndpoint(options, options.region);
  const answer = await callAction(endpoint, 'landbridge', 'ComparePeerConfiguration', {
    VpnConnectionId: id,
    Configuration,
    ...(options.dialect === undefined ? {} : { Dialect: options.dialect }),
    ...(options.tunnel === undefined ? {} : { TunnelName: options.tunnel }),
  });
  const comparison = answer as unknown as WireComparison;
  if (options.json === true) printJson(comparison);
  else printLines(renderComparison(comparison));
  process.exitCode = exitCodeOf(comparison);
}

function exitCodeOf({ TunnelName, DifferenceSet }: WireComparison): 0 | 1 | 2 {
  if (TunnelName === '') return 2;
  return DifferenceSet.some(({ Severity }) => Severity === 'breaks') ? 1 : 0;
}

const marks = { breaks: '!', warns: '?', notes: '-' } as const;
const keyWords = {
  equal: 'the key is equal',
  differs: 'the key differs',
  unreadable: 'the key is encrypted in the file: it cannot be compared',
  'not-in-the-file': 'no key of this tunnel is in the file',
  hidden: 'this access key may not see the tunnel’s key, so it was not compared',
} as const;

/** What stops the tunnel first, then what hinders it, then what is good to know. */
export function renderComparison(comparison: WireComparison): string[] {
  const { Dialect, TunnelName, Key, DifferenceSet, UnknownSet, NoteSet, CandidateSet } = comparison;
  if (TunnelName === '') return candidates(CandidateSet);
  const order = ['breaks', 'warns', 'notes'];
  const sorted = [...DifferenceSet].sort((a, b) => order.indexOf(a.Severity) - order.indexOf(b.Severity));
  const width = Math.max(0, ...sorted.map(({ Field }) => Field.length));
  return [
    `${TunnelName} (${Dialect}): ${sorted.length === 0 ? 'nothing differs' : `${sorted.length} differ`}; ${keyWords[Key]}`,
    ...sorted.flatMap(({ Field, Severity, Ours, Theirs, Line, FixHere, FixThere }) => [
      `${marks[Severity]} ${Field.padEnd(width)}  ours ${Ours}, theirs ${Theirs} (${Line === 0 ? 'by default' : `line ${Line}`})`,
      `  ${' '.repeat(width)}  there: ${FixThere}`,
      ...(FixHere === 'nothing' ? [] : [`  ${' '.repeat(width)}  or here: ${FixHere}`]),
    ]),
    ...(UnknownSet.length === 0 ? [] : [`  the file does not say: ${UnknownSet.join(', ')}`]),
    ...NoteSet.map(({ Line, Text }) => `  line ${Line}: ${Text}`),
  ];
}

function candidates(set: WireComparison['CandidateSet']): string[] {
  if (set.length === 0) return ['there is no tunnel in the file'];
  return ['name one of these tunnels with --tunnel:', ...set.map(({ Name, Line }) => `  ${Name} (line ${Line})`)];
}
