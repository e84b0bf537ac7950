import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

export interface VirtualRows {
  readonly count: number;
  /** Pixels of each row. */
  readonly height: number;
  readonly scrolled: RefObject<HTMLElement>;
}

/** The rows of a long list that can be seen now, and how high all of them are: the others are not in the page. */
export function useVirtual({ count, height, scrolled }: VirtualRows) {
  const [, rerender] = useReducer((turn: number) => turn + 1, 0);
  const options = {
    count,
    estimateSize: () => height,
    getScrollElement: () => scrolled.current,
    overscan: 8,
    ...{ observeElementRect, observeElementOffset, scrollToFn: elementScroll },
    onChange: () => rerender(0),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [height]);
  return {
    rows: virtualizer.getVirtualItems() as readonly VirtualItem[],
    totalHeight: virtualizer.getTotalSize(),
    scrollTo: (index: number) => virtualizer.scrollToIndex(index),
  };
}
