export interface CookieJar {
  /** Keeps what a `Set-Cookie` header sets; only names and values matter for one server and one path. */
  take(setCookie: unknown): void;
  /** Value of the `Cookie` header; undefined when there is nothing to send. */
  header(): string | undefined;
  clear(): void;
}

/** More cookies than a session needs. */
const maxCookies = 20;

export function cookieJar(): CookieJar {
  const cookies = new Map<string, string>();
  return {
    take(setCookie) {
      if (!Array.isArray(setCookie)) return;
      for (const line of setCookie) {
        const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(String(line)) ?? [];
        if (name === undefined || value === undefined) continue;
        cookies.delete(name);
        const isGone = value.trim() === '' || /;\s*max-age\s*=\s*0/i.test(String(line));
        if (!isGone && cookies.size < maxCookies) cookies.set(name, value.trim());
      }
    },
    header() {
      if (cookies.size === 0) return undefined;
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    clear: () => cookies.clear(),
  };
}
