const name = 'landbridge-console';
const tokenPattern = /^[0-9a-f]{64}$/;

/** The token of the request's session; empty: none. */
export function tokenIn(cookies: string | undefined): string {
  for (const part of (cookies ?? '').split(';')) {
    const [key = '', value = ''] = part.trim().split('=');
    if (key === name && tokenPattern.test(value)) return value;
  }
  return '';
}

/** For Set-Cookie: no script reads it, no other site's page sends it, and it ends with the browser or with the session. */
export function cookieOf(
  token: string,
  { isSecure, seconds }: { readonly isSecure: boolean; readonly seconds: number },
) {
  const secure = isSecure ? '; Secure' : '';
  return `${name}=${token}; Path=/console; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}

export function endedCookie(): string {
  return `${name}=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0`;
}
