/** What `swanctl --list-sas` prints, as far as tests compare it: read by nothing of the project's own. */
export interface ListedIkeSa {
  readonly id: number;
  readonly state: string;
  readonly version: string;
  readonly initiatorSpi: string;
  readonly responderSpi: string;
  readonly childSas: readonly ListedChildSa[];
}

export interface ListedChildSa {
  readonly id: number;
  readonly state: string;
  /** `TUNNEL`, `TUNNEL-in-UDP`. */
  readonly mode: string;
  readonly in: ListedPassed;
  readonly out: ListedPassed;
  readonly localSelectors: readonly string[];
  readonly remoteSelectors: readonly string[];
}

export interface ListedPassed {
  readonly spi: string;
  readonly bytes: number;
  readonly packets: number;
}

export function readListedSas(text: string): readonly ListedIkeSa[] {
  return partsOf(text, /^\S+: #/m).map((part) => {
    const head = /^\S+: #(\d+), (\w+), (IKEv[12]), ([0-9a-f]{16})_i\*? ([0-9a-f]{16})_r/.exec(part);
    if (head === null) throw new Error(`no IKE_SA: ${part}`);
    const [, id = '', state = '', version = '', initiatorSpi = '', responderSpi = ''] = head;
    const childSas = partsOf(part, /^ {2}\S+: #/m).map(childSaOf);
    return { id: Number(id), state, version, initiatorSpi, responderSpi, childSas };
  });
}

function childSaOf(part: string): ListedChildSa {
  const head = /^ {2}\S+: #(\d+), reqid \d+, (\w+), ([^,]+),/.exec(part);
  if (head === null) throw new Error(`no CHILD_SA: ${part}`);
  const [, id = '', state = '', mode = ''] = head;
  return {
    ...{ id: Number(id), state, mode, in: passedOf('in', part), out: passedOf('out', part) },
    ...{ localSelectors: selectorsOf('local', part), remoteSelectors: selectorsOf('remote', part) },
  };
}

function passedOf(way: 'in' | 'out', part: string): ListedPassed {
  const line = new RegExp(`^\\s+${way}\\s+([0-9a-f]{8}).*?,\\s+(\\d+) bytes,\\s+(\\d+) packets`, 'm').exec(part);
  const [, spi = '', bytes = '', packets = ''] = line ?? [];
  return { spi, bytes: Number(bytes), packets: Number(packets) };
}

function selectorsOf(side: 'local' | 'remote', part: string): readonly string[] {
  return (
    new RegExp(`^\\s+${side}\\s+(.+)$`, 'm')
      .exec(part)?.[1]
      ?.split(' ')
      .filter((word) => word !== '') ?? []
  );
}

/** What begins with each head, up to the next one. */
function partsOf(text: string, head: RegExp): string[] {
  const starts = [...text.matchAll(new RegExp(head.source, 'gm'))].map(({ index }) => index);
  return starts.map((start, number) => text.slice(start, starts[number + 1]));
}
