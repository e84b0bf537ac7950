import { authenticationFindings } from './authentication-findings.ts';
import { childSaFindings } from './child-sa-findings.ts';
import { ikeFindings } from './ike-findings.ts';

/** What keeps IKE from coming to an agreement, or will. */
export const negotiationFindings = { ...ikeFindings, ...authenticationFindings, ...childSaFindings } as const;
