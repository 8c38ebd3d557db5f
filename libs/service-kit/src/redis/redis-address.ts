/** What `REDIS_URL` says, taken apart. */
export type RedisAddress = {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: boolean;
};

/** @param redisUrl as the settings have checked it */
export function redisAddress(redisUrl: string): RedisAddress {
  const { hostname, port, username, password, protocol, pathname } = new URL(redisUrl);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
    port: Number(port) || 6379,
    username: username === '' ? undefined : asWritten(username),
    password: password === '' ? undefined : asWritten(password),
    tls: protocol === 'rediss:',
    db: Number(pathname.slice(1)) || 0,
  };
}

/** A percent sign that begins no escape is one: `Secret100%safe` is a password, not a fault. */
function asWritten(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    return encoded;
  }
}
