import { rest } from '../calls/rest.ts';

const part = 4;
const mostMs = 5000;

/** However fast things change, what is read by itself rests four times as long as it took, five seconds at most. */
export function resting<T>(load: (isBackground: boolean) => Promise<T>): (isBackground: boolean) => Promise<T> {
  let freeAt = 0;
  return async (isBackground) => {
    if (isBackground) await rest(freeAt - Date.now());
    const began = Date.now();
    try {
      return await load(isBackground);
    } finally {
      freeAt = Date.now() + Math.min(mostMs, part * (Date.now() - began));
    }
  };
}
