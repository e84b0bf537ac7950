import type { Words } from '../domain/refusal.ts';

/** What the console's own doors refuse; what a call refuses stands in its answer, as everywhere (http/call-desk.ts). */
export class ConsoleRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly words: Words;
  /** Undefined: it does not get better by waiting. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, words: Words, retryAfterSeconds?: number) {
    super(words.en);
    this.name = 'ConsoleRefusal';
    this.status = status;
    this.code = code;
    this.words = words;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const signInFailed = () =>
  new ConsoleRefusal(401, 'AuthFailure.SignInFailed', {
    en: 'There is no access key with this SecretId and this SecretKey, or it has been deleted or has expired.',
    zh: '没有与该 SecretId 和 SecretKey 匹配的访问密钥，或该密钥已被删除或已过期。',
  });

export const signedOut = () =>
  new ConsoleRefusal(401, 'AuthFailure.SessionEnded', {
    en: 'You are not signed in, or the session has ended: sign in again.',
    zh: '尚未登录，或会话已结束，请重新登录。',
  });

export const notPrivate = () =>
  new ConsoleRefusal(403, 'AuthFailure.NotPrivate', {
    en: 'A secret key is taken over HTTPS, or on this very host, only: somebody may listen in between.',
    zh: '仅可通过 HTTPS 或在本机提交 SecretKey，否则可能被窃听。',
  });

export const foreignOrigin = () =>
  new ConsoleRefusal(403, 'AuthFailure.ForeignOrigin', {
    en: 'The request does not come from a page of this console.',
    zh: '该请求并非来自本控制台页面。',
  });

export const tooManySignIns = (seconds: number) =>
  new ConsoleRefusal(
    429,
    'RequestLimitExceeded.SignIn',
    {
      en: `Too many attempts to sign in failed: try again in ${seconds} s. Sessions and signed calls go on.`,
      zh: `登录失败次数过多，请在 ${seconds} 秒后重试。已有会话和签名调用不受影响。`,
    },
    seconds,
  );

export const tooManyStreams = () =>
  new ConsoleRefusal(
    429,
    'RequestLimitExceeded.Streams',
    {
      en: 'This session watches from as many windows as it may: close one.',
      zh: '该会话打开的实时窗口过多，请关闭其中一个。',
    },
    30,
  );
