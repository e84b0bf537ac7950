import { spanOf } from '../../live/span.ts';
import { bitsOf } from '../../parts/bit-rate.ts';
import { language, say } from '../../words/said.ts';
import { shapes } from '../state-mark.tsx';
import { kindOfName, type StateWord } from '../tunnel.ts';
import type { Band, Line } from './bands.ts';
import type { Moment } from './moment.ts';
import { lossOf } from './probe-chart.tsx';
import { clockOf } from './timeline-chart.tsx';

/** A part of what is said of a moment. */
export interface MomentWords {
  readonly part: 'clock' | 'rate' | 'state' | 'probes' | 'happened';
  readonly text: string;
  /** How it looks, of a state. */
  readonly kind?: string;
}

/** @param isSeen shapes are for eyes. */
export function momentWords(moment: Moment, isSeen: boolean): readonly MomentWords[] {
  const { at, rate, band, probes, line, otherLines } = moment;
  const words: MomentWords[] = [{ part: 'clock', text: clockOf(at) }];
  if (rate !== null) words.push({ part: 'rate', text: rateWords(rate) });
  if (band !== null) {
    const kind = kindOfName(band.state);
    words.push({ part: 'state', kind, text: (isSeen ? `${shapes[kind]} ` : '') + stateWords(band) });
  }
  if (probes !== null) words.push({ part: 'probes', text: probeWords(probes) });
  if (line !== null) words.push({ part: 'happened', text: happenedWords(line, otherLines) });
  if (words.length === 1) words.push({ part: 'rate', text: say('timeline.unknown') });
  return words;
}

function rateWords(rate: NonNullable<Moment['rate']>): string {
  return `${say('tunnel.in')} ${bitsOf(rate.in)}, ${say('tunnel.out')} ${bitsOf(rate.out)}`;
}

/** It may have begun before the window did, and go on after it. */
function stateWords({ state, from, to, isWhole }: Band): string {
  const name = say(`state.${state}` as StateWord) || state;
  return `${name} ${isWhole ? '' : '≥ '}${spanOf(to - from, language.value)}`;
}

function probeWords({ lossRatio, delayMs }: NonNullable<Moment['probes']>): string {
  const loss = lossOf(lossRatio);
  if (delayMs === null) return say('timeline.probesLost', { loss });
  return say('timeline.probedThen', { delay: delayMs.toFixed(1), loss });
}

function happenedWords({ Time, Text, Finding }: Line, otherLines: number): string {
  const others = otherLines === 0 ? '' : ` ${say('timeline.othersThen', { count: otherLines })}`;
  return `${clockOf(Date.parse(Time))} ${Finding?.Summary ?? Text}${others}`;
}
