import { signal } from '@preact/signals';

/** Milliseconds since the epoch, as the server has it, moved on each second while the page is seen. */
export const now = signal(Date.now());
/** How far this machine's clock is behind the server's. */
let behindMs = 0;

/** @param serverTime milliseconds since the epoch, as just told. */
export function setByServer(serverTime: number): void {
  behindMs = serverTime - Date.now();
  move();
}

/** How long ago something was, by this machine's clock, as of this second. */
export function passedSince(at: number): number {
  return now.value - behindMs - at;
}

function move(): void {
  now.value = Date.now() + behindMs;
}

/** For as long as the page is open. */
export function keepTime(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') move();
  }, 1000);
  document.addEventListener('visibilitychange', move);
}
