import { useEffect } from 'preact/hooks';
import { call, type Reply } from '../calls/call.ts';
import { Loaded } from '../live/loaded.ts';

export type Mute = Reply<'DescribeFindingMutes'>['FindingMuteSet'][number];

/** Findings that somebody knows of, and that nobody is told of. Asked for while somebody follows it. */
export class MuteBook extends Loaded<readonly Mute[]> {
  constructor() {
    super({ kinds: ['findingMutes'], everyMs: 15_000, load: readMutes });
  }

  of(tunnelId: string, code: string): Mute | undefined {
    return this.value.value?.find((mute) => mute.VpnConnectionId === tunnelId && mute.Code === code);
  }
}

/** While the component is shown. */
export function useMutes(mutes: MuteBook): MuteBook {
  useEffect(() => mutes.follow(), [mutes]);
  return mutes;
}

async function readMutes(isBackground: boolean): Promise<readonly Mute[]> {
  const mutes: Mute[] = [];
  for (;;) {
    const asked = { Offset: mutes.length, Limit: 100 };
    const { FindingMuteSet, TotalCount } = await call('DescribeFindingMutes', asked, { isBackground });
    mutes.push(...FindingMuteSet);
    if (FindingMuteSet.length === 0 || mutes.length >= TotalCount) return mutes;
  }
}
