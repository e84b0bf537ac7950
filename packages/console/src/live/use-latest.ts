import { useRef } from 'preact/hooks';

/** The newest that there was: what is loaded anew is shown as it was until it is there. */
export function useLatest<T>(value: T | null): T | null {
  const latest = useRef<T | null>(null);
  if (value !== null) latest.current = value;
  return latest.current;
}
