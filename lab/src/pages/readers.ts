import { NewcomerHost } from './newcomer-host.ts';
import { PageError, type Page } from './page-steps.ts';

interface Reader {
  readonly host: NewcomerHost;
  /** Pages that made the network what it is. */
  readonly through: string[];
  /** After them. */
  network: string;
}

/**
 * Goes through pages on hosts where nothing is yet. A page that leaves the network as it found it costs the next one nothing: that one is
 * read on the same host, where it finds the files as well that were there before. Where the network is another one, the next page that does
 * not go on from just that gets another host, as after a page that went wrong.
 */
export class Readers {
  readonly #pages: ReadonlyMap<string, Page>;
  #reader: Reader | null = null;

  constructor(pages: ReadonlyMap<string, Page>) {
    this.#pages = pages;
  }

  /** Goes through `path`, after `before` and nothing else that would be seen. Throws PageError. */
  async follow(before: readonly string[], path: string): Promise<void> {
    const reader = await this.#readerAfter(before);
    try {
      await this.#goThrough(reader, path);
    } catch (error) {
      await this.stop().catch(() => undefined);
      throw error;
    }
  }

  async stop(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.host.stop();
  }

  async #readerAfter(before: readonly string[]): Promise<Reader> {
    if (this.#reader !== null && this.#reader.through.join() === before.join()) return this.#reader;
    await this.stop();
    const host = await NewcomerHost.start();
    const reader = (this.#reader = { host, through: [], network: '' });
    await host.keepFiles();
    try {
      for (const path of before) await this.#goThrough(reader, path);
    } catch (error) {
      await this.stop().catch(() => undefined);
      throw error;
    }
    return reader;
  }

  async #goThrough(reader: Reader, path: string): Promise<void> {
    const { host } = reader;
    for (const step of this.#pages.get(path)?.steps ?? []) {
      await host.take(step).catch((error: unknown) => {
        const typed = 'text' in step ? step.text : '';
        throw new PageError(path, step.line, `${typed}\n${error instanceof Error ? error.message : String(error)}`);
      });
    }
    await expectNoKeyInLog(host);
    const network = await host.network();
    if (network === reader.network) return host.restoreFiles();
    reader.through.push(path);
    reader.network = network;
    await host.keepFiles();
  }
}

async function expectNoKeyInLog(host: NewcomerHost): Promise<void> {
  const log = await host.serviceLog();
  for (const key of await host.keys())
    if (log.includes(key)) throw new Error('the log of the service has a pre-shared key');
}
