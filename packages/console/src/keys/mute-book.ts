import { useEffect } from 'preact/hooks';
import { call, type Reply } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import { Loaded } from '../live/loaded.ts';

export type Mute = Reply<'DescribeFindingMutes'>['FindingMuteSet'][number];

/** Findings that somebody knows of, and that nobody is told of. Asked for while somebody follows it. */
export class MuteBook extends Loaded<readonly Mute[]> {
  constructor() {
    const calls = new GentleCalls(call);
    super({
      ...{ kinds: ['findingMutes'], everyMs: 15_000 },
      load: (isBackground) => calls.list('DescribeFindingMutes', 'FindingMuteSet', {}, { isBackground }),
    });
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
