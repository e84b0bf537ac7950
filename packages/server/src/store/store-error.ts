/** The data directory or the database cannot be used; the message tells the operator what to do. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** The disk is full or fails: nothing was changed, and trying again does not help before somebody looks after it. */
export class DiskError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DiskError';
  }
}

/** Somebody else has changed the store: what was decided before has to be decided again. */
export class StaleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StaleError';
  }
}
