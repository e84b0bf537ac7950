import { useEffect } from 'preact/hooks';

/** What the window and its bookmarks are called while the page is shown. */
export function useTitle(name: string): void {
  useEffect(() => {
    document.title = name === '' ? 'Landbridge' : `${name} · Landbridge`;
  }, [name]);
}
