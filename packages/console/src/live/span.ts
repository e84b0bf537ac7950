import type { Language } from '../words/said.ts';

const units = [
  { ms: 86_400_000, en: 'd', zh: '天' },
  { ms: 3_600_000, en: 'h', zh: '小时' },
  { ms: 60_000, en: 'min', zh: '分' },
  { ms: 1000, en: 's', zh: '秒' },
] as const;

/** A time span in its two largest units at most: `3 h 12 min`, `45 s`. Clocks that differ make none negative. */
export function spanOf(ms: number, language: Language): string {
  const whole = Math.max(0, Math.floor(ms / 1000)) * 1000;
  const first = units.findIndex((unit) => whole >= unit.ms);
  if (first < 0) return language === 'zh' ? '0 秒' : '0 s';
  const [large, small] = [units[first], units[first + 1]];
  if (large === undefined) return '';
  const count = Math.floor(whole / large.ms);
  const rest = small === undefined ? 0 : Math.floor((whole % large.ms) / small.ms);
  const more = rest === 0 || small === undefined || count >= 10 ? '' : ` ${rest} ${small[language]}`;
  return `${count} ${large[language]}${more}`;
}
