import type { Credential } from '@landbridge/client';

/** What living-demo-process.ts says. */
export type LivingDemoMessage =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'open'; readonly key: Credential }
  | { readonly kind: 'failure'; readonly message: string; readonly state: string };
