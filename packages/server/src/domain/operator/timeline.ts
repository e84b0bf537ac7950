import type { Finding } from '../diagnosis/finding.ts';

/** What the flight recorder of the acting side keeps. */
export const recordedKinds = [
  /** A line of charon's log, of the level at which it logs; charon prints keys from level 4 on, and never is at that. */
  'ike',
  /** An IKE_SA or CHILD_SA came, went, or was renewed. */
  'sa',
  /** The state of a tunnel is another one. */
  'state',
  /** A finding appeared, or is none any more. */
  'finding',
  /** As DescribeEvents tells it: failover, moved routes. */
  'event',
  /** The health check, each minute and when loss begins or ends. */
  'probes',
  /** A plan was applied, with what the kernel was told for it. */
  'plan',
  /** Of the host: something is not as it should be, or is again. */
  'condition',
] as const;

export type RecordedKind = (typeof recordedKinds)[number];

/** Beside what is recorded: who called for a change. */
export type TimelineKind = RecordedKind | 'audit';

/** `host`, or the id of a resource: of a tunnel, of what has a namespace. */
export type TimelineSubject = string;

/** Something that happened, as the acting side saw it. */
export interface NewLine {
  readonly subject: TimelineSubject;
  readonly kind: RecordedKind;
  /** For people; without secrets. */
  readonly text: string;
  readonly detail?: LineDetail;
}

/** What a reader wants to know by more than words. */
export type LineDetail =
  { readonly state: string; readonly isFirst: boolean } | { readonly finding: Finding; readonly isGone: boolean };

export interface RecordedLine extends NewLine {
  /** Counts up in the order of what happened, whatever the clock of the day says. */
  readonly id: number;
  /** Milliseconds since the epoch, as the clock said then. */
  readonly at: number;
}

/** What is asked of the recorder. */
export interface RecordedSelection {
  /** A gateway's lines are its tunnels' too. */
  readonly subject: TimelineSubject;
  /** Milliseconds since the epoch; null: without a bound. */
  readonly from: number | null;
  /** Before that. */
  readonly to: number | null;
  /** Null: all. */
  readonly kinds: readonly RecordedKind[] | null;
  readonly order: 'oldest-first' | 'newest-first';
  /** Beyond this line, in that order. Null: from the beginning. */
  readonly after: number | null;
  readonly limit: number;
}

export interface RecordedPage {
  readonly lines: readonly RecordedLine[];
  /** Where to go on; null: at the beginning. A page may be short, or empty, while there are more. */
  readonly next: number | null;
  readonly isLast: boolean;
  /** All events and states of the subject from then on are kept; null: none is. */
  readonly storySince: number | null;
}

/** A page, or why there is none, for people. */
export type RecorderAnswer = { readonly page: RecordedPage } | { readonly problem: string };

/** Who can be asked about what the acting side has recorded. */
export type AskRecorder = (selection: RecordedSelection) => Promise<RecorderAnswer>;

/** The most lines of a page. */
export const mostLinesOfPage = 500;

/** What may be kept of a subject, and of all, in bytes. */
export interface RecorderBounds {
  readonly subjectBytes: number;
  readonly hostBytes: number;
}

export const defaultRecorderBounds: RecorderBounds = { subjectBytes: 1024 * 1024, hostBytes: 256 * 1024 * 1024 };
