import type { RecordedPage, RecordedSelection, RecorderBounds } from '../domain/operator/timeline.ts';
import type { KeepOutcome } from './line-file.ts';
import type { LineToKeep } from './line-store.ts';

export interface ThreadData {
  readonly path: string;
  readonly bounds: RecorderBounds;
}

export type ToThread =
  | { readonly kind: 'keep'; readonly lines: readonly LineToKeep[] }
  | { readonly kind: 'page'; readonly number: number; readonly selection: RecordedSelection }
  | { readonly kind: 'close' };

export type FromThread =
  /** Of the oldest that was not answered yet. */
  | ({ readonly kind: 'kept' } & KeepOutcome)
  | {
      readonly kind: 'page';
      readonly number: number;
      readonly page: RecordedPage | null;
      readonly error: string | null;
    };
