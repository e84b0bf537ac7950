/** Instants of the service (UTC), as people here read and write them: by the clock of this machine. */

const two = (count: number) => String(count).padStart(2, '0');

function dayAndMinute(at: Date): readonly [string, string] {
  return [
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    `${two(at.getHours())}:${two(at.getMinutes())}`,
  ];
}

/** `2026-11-22 20:00:00.123`: what a failover took can be read. */
export function shownTime(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  const [day, minute] = dayAndMinute(at);
  return `${day} ${minute}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** As a field of dates and times holds it; empty for what is no instant. */
export function fieldOf(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? '' : dayAndMinute(at).join('T');
}

/** What such a field holds, as an instant; empty while it is not filled in. */
export function instantOf(field: string): string {
  const at = new Date(field);
  return !/T\d/.test(field) || Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
