import { useRef } from 'preact/hooks';
import type { Loaded } from './loaded.ts';

/** What is known, or what was known before as long as something else is loaded; null: nothing. */
export function useLast<T>(loaded: Loaded<T>): T | null {
  const last = useRef<T | null>(null);
  last.current = loaded.value.value ?? (loaded.problem.value === null ? last.current : null);
  return last.current;
}
