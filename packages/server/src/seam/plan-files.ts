import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applied, digestOf, type Difference } from '../plan/parts.ts';
import { asPlanKey } from '../plan/names.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { OwnFolder } from '../platform/own-folder.ts';
import { replaceFile } from '../platform/replace-file.ts';
import type { Issue } from './issue.ts';

/** A plan as it is held here. */
export interface HeldPlan {
  readonly issue: Issue;
  readonly digest: string;
  readonly generation: number;
}

/** One line of a file: what was changed, from the digest before to the one after. */
interface Line {
  readonly generation: number;
  readonly to: string;
  readonly difference: Difference | null;
}

/** Where files of the acting side are: made when there is something to keep. */
export type Folder = Pick<OwnFolder, 'find' | 'make'>;

const folderName = 'plans';
/** A file with so many bytes of changes is written anew, unless the plan itself is larger. */
const leastBytesToCompact = 64 * 1024;

/**
 * Plans on disk, without secrets: a file a key, to which each change adds a line. What a crash cut off is left out: a plan that is a
 * little older is better than none, and the other side notices by its digest.
 */
export class PlanFiles {
  readonly #parent: Folder;
  /** Bytes of the whole plan, and of changes after it. */
  readonly #sizes = new Map<PlanKey, { whole: number; changes: number }>();

  constructor(parent: Folder) {
    this.#parent = parent;
  }

  read(): Map<PlanKey, HeldPlan> {
    const keys = this.#names()
      .map((name): PlanKey | undefined => (name === 'host' ? name : asPlanKey(name)))
      .filter((key) => key !== undefined);
    return new Map(
      keys.flatMap((key) => {
        const held = this.#readOne(key);
        return held === undefined ? [] : [[key, held] as const];
      }),
    );
  }

  /** @param change what it was made by; it is what it was before when null. */
  write(key: PlanKey, held: HeldPlan, change: Difference | null): void {
    const size = this.#sizes.get(key);
    if (size === undefined || size.changes > Math.max(size.whole, leastBytesToCompact)) {
      this.#writeWhole(key, held);
      return;
    }
    const line = textOf({ generation: held.generation, to: held.digest, difference: change });
    appendFileSync(this.#path(key), line);
    size.changes += line.length;
  }

  remove(key: PlanKey): void {
    this.#sizes.delete(key);
    for (const path of [this.#path(key), `${this.#path(key)}.new`]) rmSync(path, { force: true });
  }

  #writeWhole(key: PlanKey, { issue, digest, generation }: HeldPlan): void {
    const line = textOf({ generation, to: digest, difference: { is: issue } });
    const path = this.#path(key);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, line);
    this.#sizes.set(key, { whole: line.length, changes: 0 });
  }

  /** Its next change writes it whole: what a crash has cut off must not be in the middle. */
  #readOne(key: PlanKey): HeldPlan | undefined {
    let held: HeldPlan | undefined;
    try {
      for (const line of readFileSync(this.#path(key), 'utf8').split('\n').slice(0, -1)) {
        const { generation, to, difference } = JSON.parse(line) as Line;
        const issue = applied(difference, held?.issue) as Issue;
        if (digestOf(issue) !== to) break;
        held = { issue, digest: to, generation };
      }
    } catch {
      // Up to here it can be read.
    }
    return held;
  }

  #names(): string[] {
    const parent = this.#parent.find();
    const folder = parent && join(parent, folderName);
    return folder !== undefined && existsSync(folder) ? readdirSync(folder) : [];
  }

  #path(key: PlanKey): string {
    return join(this.#parent.make(), folderName, key);
  }
}

function textOf(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}
