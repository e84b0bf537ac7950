/**
 * charon's unsolicited events, typed. Source: strongSwan 5.9.8 src/libcharon/plugins/vici/vici_query.c (ike_updown …)
 * and vici_logger.c. 5.9.8 has no `alert` event.
 */
import { readChildSa, readIkeSa } from './ike-sa.ts';
import type { ChildSa, IkeSa } from './ike-sa.ts';
import type { ViciMessage } from './message.ts';
import { SectionReader } from './section-reader.ts';

export type CharonEvent =
  /** An IKE_SA was established or is ending; `ikeSa.childSas` is empty. */
  | { readonly kind: 'ike-updown'; readonly isUp: boolean; readonly ikeSa: IkeSa }
  | { readonly kind: 'ike-rekey'; readonly oldIkeSa: IkeSa; readonly newIkeSa: IkeSa }
  /** The endpoints are about to change to these; `ikeSa` still has the old ones. */
  | {
      readonly kind: 'ike-update';
      readonly localHost: string;
      readonly localPort: number;
      readonly remoteHost: string;
      readonly remotePort: number;
      readonly ikeSa: IkeSa;
    }
  | { readonly kind: 'child-updown'; readonly isUp: boolean; readonly ikeSa: IkeSa; readonly childSa: ChildSa }
  | {
      readonly kind: 'child-rekey';
      readonly ikeSa: IkeSa;
      readonly oldChildSa: ChildSa;
      readonly newChildSa: ChildSa;
    }
  /** A line of charon's log of level 0 or 1, whatever its own loggers are set to. */
  | {
      readonly kind: 'log';
      /** Subsystem: `IKE`, `CFG`, `NET`, `KNL` … */
      readonly group: string;
      readonly level: number;
      readonly thread: number;
      readonly ikeSaName: string | undefined;
      readonly ikeSaUniqueId: number | undefined;
      readonly text: string;
    };

export type CharonEventKind = CharonEvent['kind'];
export type CharonEventOf<K extends CharonEventKind> = Extract<CharonEvent, { kind: K }>;

/** Throws ViciDecodeError. */
export function decodeCharonEvent(kind: CharonEventKind, message: ViciMessage): CharonEvent {
  const root = new SectionReader(message, kind);
  if (kind === 'log') {
    return {
      kind,
      group: root.text('group'),
      level: root.integer('level'),
      thread: root.integer('thread'),
      ikeSaName: root.optionalText('ikesa-name'),
      ikeSaUniqueId: root.optionalInteger('ikesa-uniqueid'),
      text: root.text('msg'),
    };
  }
  const [name, section] = root.onlySection();
  switch (kind) {
    case 'ike-updown':
      return { kind, isUp: root.isYes('up'), ikeSa: readIkeSa(name, section) };
    case 'ike-rekey':
      return {
        kind,
        oldIkeSa: readIkeSa(name, section.section('old')),
        newIkeSa: readIkeSa(name, section.section('new')),
      };
    case 'ike-update':
      return {
        kind,
        localHost: root.text('local-host'),
        localPort: root.integer('local-port'),
        remoteHost: root.text('remote-host'),
        remotePort: root.integer('remote-port'),
        ikeSa: readIkeSa(name, section),
      };
    case 'child-updown': {
      const [, child] = section.section('child-sas').onlySection();
      return { kind, isUp: root.isYes('up'), ikeSa: readIkeSa(name, section), childSa: readChildSa(child) };
    }
    case 'child-rekey': {
      const [, child] = section.section('child-sas').onlySection();
      return {
        kind,
        ikeSa: readIkeSa(name, section),
        oldChildSa: readChildSa(child.section('old')),
        newChildSa: readChildSa(child.section('new')),
      };
    }
  }
}
