import { Type, type Static, type TObject } from 'typebox';
import { about } from '../schema/about.ts';
import { oneOf } from '../schema/request-schemas.ts';

/** How a tunnel is, in each answer that says it; the words are explained in docs/spec/semantics.md section 3. */
export const tunnelState = {
  State: oneOf(
    'up',
    'up-unproven',
    'partly-up',
    'one-way-out',
    'one-way-in',
    'no-route',
    'policy-drop',
    'mtu-hole',
    'check-failed',
    'held-down',
    'negotiating',
    'peer-silent',
    'refused',
    'unknown',
  ),
  Reason: about(Type.String(), 'For people; empty when the word says it all.'),
  Since: about(Type.String(), 'Since when it is in this state: UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`.'),
  Proof: about(Type.String(), 'What was last seen to go there and back through it, for people; empty: nothing yet.'),
  ProvenAt: about(Type.String(), 'When, UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`; empty: not yet.'),
};

export type WireTunnelState = Static<TObject<typeof tunnelState>>;
