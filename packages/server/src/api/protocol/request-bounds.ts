/**
 * What a request may be at most, checked before anything is built of it (docs/adr/0021). The sizes are the vendor's
 * (docs/spec/protocol.md section 1) but that of JSON, for which it has 10 MB: that is for multipart, which nothing here
 * takes.
 */
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Bytes of a v1 form. */
export const mostFormBytes = mebibyte;
/** Bytes of a query, signed either way. */
export const mostQueryBytes = 32 * kibibyte;
/** Bytes of the request line and all headers; the query comes on top of some room for headers. */
export const mostHeaderBytes = mostQueryBytes + 16 * kibibyte;
/** Values of any kind in a JSON body, and parameters of a query or form: more than what quotas let any Action make of. */
export const mostValues = 10_000;
/** Objects and arrays inside each other, and steps of a flattened name. */
export const deepestNesting = 12;
/** Characters of a flattened name and of one encoded value. */
export const longestName = 256;
export const longestValue = 64 * kibibyte;
/** Bodies held at a time whose signature is not proven: as many of the largest ones as this. */
export const unprovenBodies = 8;
/** What is left of a refused body is read and dropped up to this size, so that its sender gets to read the answer. */
export const mostDroppedBytes = 16 * mebibyte;
/** Bytes that are hashed or scanned before others have their turn. */
export const sliceBytes = 64 * kibibyte;
/** Parts of a body, which a sender makes as small as he likes, before others have their turn. */
export const sliceParts = 1000;

/** Milliseconds: headers, then the whole request; between two requests; and how often that is looked at. */
export const requestTimes = { headersMs: 10_000, wholeMs: 30_000, idleMs: 60_000, lookEveryMs: 2000 } as const;
/** Connections at a time, on each listener; with more the oldest one goes. */
export const mostConnections = 1000;
