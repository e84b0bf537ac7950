import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@landbridge/server/clock';
import { loadConsoleFiles } from '@landbridge/server/console-files';
import {
  startHarness,
  type ApiHarness,
  type HarnessOptions,
  type TestCredential,
} from '@landbridge/server/testing/api-harness';
import { patience } from '@landbridge/testbed/poll';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from './browser.ts';

/** Until what happens is on the screen, beside all other tests on a busy machine; by itself it takes half a second. */
const withinMs = 20_000 * patience;
/** A folder: what each test sees last is kept there. */
const pictures = process.env['LANDBRIDGE_CONSOLE_PICTURES'];

/** The built console before one server for all tests of a file, and a window of its own for each. */
export interface ShownConsole {
  readonly api: ApiHarness;
  readonly page: Page;
  /** `http://host:port`. */
  readonly origin: string;
  /** A complaint of the browser that is no failure of this test. */
  allow(complaint: RegExp): void;
  /** Another window in place of the one that is open. */
  openAs(options: BrowserContextOptions): Promise<Page>;
  readonly signIn: (path?: string, credential?: TestCredential) => Promise<void>;
  readonly heading: (name: string) => Locator;
  /** What axe-core has against the page as it is now. */
  readonly axeViolations: () => Promise<readonly string[]>;
}

/** To be called once in a file of tests. A test fails when the browser complains: console errors, the CSP, failed requests. */
export function useConsole(options: HarnessOptions = {}): ShownConsole {
  let browser: Browser;
  let api: ApiHarness;
  let origin = '';
  let window: WatchedPage;
  const stop = new AbortController();

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    window = await openPage(browser, origin, options);
    window.page.setDefaultTimeout(withinMs);
    // Who is signed in is asked first: nobody is.
    window.allow(/status of 401/);
    return window.page;
  };

  beforeAll(async () => {
    const consoleFiles = loadConsoleFiles();
    if (consoleFiles === null) throw new Error('the console is not built: run make setup');
    browser = await startBrowser();
    api = await startHarness({ ...options, consoleFiles, clock: systemClock });
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    origin = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
    void api.console.run(stop.signal);
  }, 60_000 * patience);

  afterAll(async () => {
    stop.abort();
    await browser.close();
    await api.close();
  }, 60_000);

  beforeEach(() => open().then(() => undefined));

  afterEach(async () => {
    const { complaints, page, context } = window;
    if (pictures !== undefined)
      await page.screenshot({ path: join(pictures, `${expect.getState().currentTestName}.png`) });
    await context.close();
    expect(complaints).toEqual([]);
  });

  return {
    get api() {
      return api;
    },
    get page() {
      return window.page;
    },
    get origin() {
      return origin;
    },
    allow: (complaint) => window.allow(complaint),
    openAs: async (options) => {
      await window.context.close();
      return open(options);
    },
    signIn: async (path = '/console', { secretId, secretKey } = api.admin) => {
      const { page } = window;
      await page.goto(path);
      await page.getByLabel('SecretId').fill(secretId);
      await page.getByLabel('SecretKey').fill(secretKey);
      // Whatever the language is.
      await page.locator('form button[type=submit]').click();
    },
    heading: (name) => window.page.getByRole('heading', { level: 1, name }),
    axeViolations: () => axeViolations(window.page),
  };
}

async function axeViolations(page: Page): Promise<readonly string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // By the debugger, as the page's CSP lets no script in.
  await page.evaluate(axe);
  return page.evaluate<readonly string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`,
  );
}
