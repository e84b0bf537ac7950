import type { AuditEvent, AuditPage, AuditSelection } from '../domain/operator/audit-event.ts';
import type { EventSelection, EventStretch, OwnedEvent, RecordedEvent } from '../domain/operator/event.ts';
import type { Task } from '../domain/operator/task.ts';

/** What happened, as the store keeps it: bounded, read with an index, never part of a decision. */
export interface Logs {
  readonly events: {
    /** Those of the series that it does not have yet. Undefined: of what is gone. */
    append(
      series: string,
      events: readonly { readonly number: number; readonly event: OwnedEvent | undefined }[],
    ): Promise<void>;
    /** The newest first. `total` counts before paging. */
    page(accountId: string, selection: EventSelection): Promise<{ total: number; events: RecordedEvent[] }>;
    /** In their order, beyond one of them. */
    stretch(accountId: string, selection: EventStretch): Promise<RecordedEvent[]>;
  };
  readonly audit: {
    /** Of calls that changed nothing; what changed something is written with its change. */
    append(events: readonly AuditEvent[]): Promise<void>;
    /** The newest first. */
    page(selection: AuditSelection): Promise<AuditPage>;
  };
  readonly tasks: {
    find(accountId: string, requestId: string): Promise<Task | undefined>;
  };
}
