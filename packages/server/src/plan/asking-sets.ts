/**
 * Sets of a gateway's packet filter that count, by tunnel: `asked`: segments that open a TCP connection, and echo requests, into it; `answered`:
 * what accepts or refuses one, and echo replies, out of it; `called`: segments that open a TCP connection from there; `accepted`: what accepts
 * one. An element is forgotten when it has counted nothing for a while.
 */
export const askingSets = ['asked', 'answered', 'called', 'accepted'] as const;

export type AskingSet = (typeof askingSets)[number];
